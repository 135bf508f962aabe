"""What was printed is counted: paper, head, cutter; forecasts hold in a month of ordinary days."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.attendant.supplies import FILE, PrinterSupplies, days_left, rated
from kiosk.services.attendant_answers import Exchange, Worn
from kiosk.settings import load

FIRST = date(2026, 11, 2)
WEEK = (9_000, 11_000, 10_000, 12_000, 8_000, 3_000, 0)
"""Millimetres from Monday to Sunday: 60 slips a day of 16 cm, few on Saturday, none on Sunday."""
SLIP_MM = 160
RATED = {Exchange.HEAD: 1_000, Exchange.CUTTER: 5_000}
"""A head for 1 km and a cutter for 5000 cuts, so that a simulated season wears them out."""


class Today:
    day = FIRST

    def __call__(self):
        return self.day


@pytest.fixture
def today():
    return Today()


def test_nobody_knows_what_is_left_until_a_roll_is_entered(tmp_path, today):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.fed(160)
    assert (supplies.left_mm, supplies.days()) == (None, None)


def test_what_is_printed_is_gone(tmp_path, today):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.exchanged(50)
    supplies.fed(160)
    supplies.fed(480)
    assert supplies.left_mm == 50_000 - 480


def test_it_is_known_over_a_restart_and_the_printers_count_begins_anew(tmp_path, today):
    before = PrinterSupplies(tmp_path, today)
    before.exchanged(50)
    before.fed(1_000)
    after = PrinterSupplies(tmp_path, today)
    after.fed(200)
    assert after.left_mm == 48_800


@pytest.mark.parametrize(
    "rubbish",
    [
        *(b"", b"[]", b'{"left_mm": "x"}', b'{"used": {"x": 1}}', b"\xff"),
        b'{"used": {}, "parts": {"wheel": {"since": "2026-11-02", "done": 1}}}',
        b'{"used": {}, "parts": {"cutter": {"done": 1}}}',
        b'{"used": {}, "cuts": []}',
    ],
)
def test_a_file_that_is_rubbish_says_nothing(tmp_path, today, rubbish):
    (tmp_path / FILE).write_bytes(rubbish)
    supplies = PrinterSupplies(tmp_path, today)
    assert supplies.left_mm is None
    supplies.exchanged(30)
    assert PrinterSupplies(tmp_path, today).left_mm == 30_000


def test_the_forecast_of_a_simulated_month_is_less_than_a_tenth_off(tmp_path, today):
    """From the second week on, at the end of each Sunday, against the day it really runs out."""
    supplies, total = PrinterSupplies(tmp_path, today), 0.0
    supplies.exchanged(400)
    told = {}
    while supplies.left_mm:
        total += WEEK[today.day.weekday()]
        supplies.fed(total)
        if today.day.weekday() == 6:
            told[today.day] = supplies.days()
        today.day += timedelta(days=1)
    over = today.day - timedelta(days=1)
    first = FIRST + timedelta(days=6)
    real = (over - first).days
    assert abs(told[first] - real) / real < 0.1


def test_the_parts_wear_from_the_first_slip_on(tmp_path, today):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.fed(1_600, 10)
    supplies.fed(3_200, 20)
    head, cutter = supplies.worn(RATED)
    assert head == Worn(Exchange.HEAD, 3, "2026-11-02", 1_000, pytest.approx(996.8 / 3.2))
    assert cutter == Worn(Exchange.CUTTER, 20, "2026-11-02", 5_000, pytest.approx(4_980 / 20))
    assert (head.percent, cutter.percent) == (0, 0)


def test_they_are_known_over_a_restart_also_to_the_day(tmp_path, today):
    before = PrinterSupplies(tmp_path, today)
    before.fed(1_600, 10)
    today.day += timedelta(days=3)
    after = PrinterSupplies(tmp_path, today)
    assert after.worn(RATED)[1].done == 10
    after.fed(800, 5)
    assert [(each.done, each.since) for each in after.worn(RATED)] == [
        (2, "2026-11-02"),
        (15, "2026-11-02"),
    ]


def test_a_cut_without_paper_counts_too(tmp_path, today):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.fed(0.5, 1)
    assert PrinterSupplies(tmp_path, today).worn(RATED)[1].done == 1


def test_a_new_part_begins_at_nothing_and_the_other_goes_on(tmp_path, today):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.fed(9_600, 60)
    today.day += timedelta(days=1)
    supplies.renewed(Exchange.CUTTER)
    supplies.fed(11_200, 70)
    head, cutter = PrinterSupplies(tmp_path, today).worn(RATED)
    assert (head.done, head.since) == (11, "2026-11-02")
    assert (cutter.done, cutter.since) == (10, "2026-11-03")


def test_a_new_part_is_forecast_by_the_pace_of_the_old_one(tmp_path, today):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.fed(9_600, 60)
    supplies.renewed(Exchange.CUTTER)
    assert supplies.worn(RATED)[1].days == pytest.approx(5_000 / 60)


def test_a_file_from_before_the_parts_were_counted_is_read(tmp_path, today):
    (tmp_path / FILE).write_text(json.dumps({"left_mm": 30_000.0, "used": {"2026-11-01": 160.0}}))
    supplies = PrinterSupplies(tmp_path, today)
    assert supplies.left_mm == 30_000
    assert [(each.done, each.since, each.percent) for each in supplies.worn(RATED)] == [
        (0, "2026-11-02", 0),
        (0, "2026-11-02", 0),
    ]
    supplies.fed(160, 1)
    assert (PrinterSupplies(tmp_path, today).left_mm, supplies.worn(RATED)[1].done) == (29_840, 1)


def test_of_a_part_of_no_known_life_only_what_it_did_is_told(tmp_path, today):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.fed(9_600, 60)
    head, cutter = supplies.worn({Exchange.HEAD: 0, Exchange.CUTTER: 0})
    assert (head.done, head.days, head.percent, head.soon, head.over) == (
        9,
        None,
        None,
        False,
        False,
    )
    assert (cutter.done, cutter.days, cutter.percent) == (60, None, None)


@pytest.mark.parametrize(
    ("done", "percent", "soon", "over"),
    [
        *((4_499, 89, False, False), (4_500, 90, True, False), (4_999, 99, True, False)),
        *((5_000, 100, True, True), (6_000, 120, True, True)),
    ],
)
def test_nine_tenths_of_its_life_are_warned_of(tmp_path, today, done, percent, soon, over):
    supplies = PrinterSupplies(tmp_path, today)
    supplies.fed(1, done)
    cutter = supplies.worn(RATED)[1]
    assert (cutter.percent, cutter.soon, cutter.over) == (percent, soon, over)
    assert (cutter.days == 0) == over


def test_a_head_is_rated_in_km_of_paper(tmp_path):
    own = replace(load(None), printer_head_km=150, printer_cutter_cuts=2_000_000)
    assert rated(own) == {Exchange.HEAD: 150_000, Exchange.CUTTER: 2_000_000}


@pytest.mark.parametrize("part", [0, 1])
def test_the_life_of_a_part_is_forecast_less_than_a_tenth_off_all_along(tmp_path, today, part):
    """At the end of each Sunday from the first on, until a month before its end."""
    supplies, total, told = PrinterSupplies(tmp_path, today), 0, {}
    while not supplies.worn(RATED)[part].over:
        total += WEEK[today.day.weekday()]
        supplies.fed(total, total // SLIP_MM)
        if today.day.weekday() == 6:
            told[today.day] = supplies.worn(RATED)[part].days
        today.day += timedelta(days=1)
    over = today.day - timedelta(days=1)
    checked = {day: (over - day).days for day in told if (over - day).days >= 30}
    assert len(checked) > 8
    assert all(abs(told[day] - real) / real < 0.1 for day, real in checked.items())


@given(
    st.floats(0, 1e6),
    st.dictionaries(st.integers(0, 20).map(lambda n: (FIRST - timedelta(days=n)).isoformat()),
                    st.floats(1, 1e5), max_size=10),
)  # fmt: skip
def test_a_forecast_is_a_number_of_days_or_nothing(left, used):
    days = days_left(left, used, FIRST)
    lately = [day for day in used if day > (FIRST - timedelta(days=7)).isoformat()]
    assert (days is None) == (not lately)
    assert days is None or days >= 0
