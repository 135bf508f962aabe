"""Paper: what was printed is counted, and the forecast holds in a month of ordinary days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.attendant.supplies import FILE, Paper, days_left

FIRST = date(2026, 11, 2)
WEEK = (9_000, 11_000, 10_000, 12_000, 8_000, 3_000, 0)
"""Millimetres from Monday to Sunday: 60 slips a day of 16 cm, few on Saturday, none on Sunday."""


class Today:
    day = FIRST

    def __call__(self):
        return self.day


@pytest.fixture
def today():
    return Today()


def test_nobody_knows_what_is_left_until_a_roll_is_entered(tmp_path, today):
    paper = Paper(tmp_path, today)
    paper.fed(160)
    assert (paper.left_mm, paper.days()) == (None, None)


def test_what_is_printed_is_gone(tmp_path, today):
    paper = Paper(tmp_path, today)
    paper.exchanged(50)
    paper.fed(160)
    paper.fed(480)
    assert paper.left_mm == 50_000 - 480


def test_it_is_known_over_a_restart_and_the_printers_count_begins_anew(tmp_path, today):
    before = Paper(tmp_path, today)
    before.exchanged(50)
    before.fed(1_000)
    after = Paper(tmp_path, today)
    after.fed(200)
    assert after.left_mm == 48_800


@pytest.mark.parametrize(
    "rubbish", [b"", b"[]", b'{"left_mm": "x"}', b'{"used": {"x": 1}}', b"\xff"]
)
def test_a_file_that_is_rubbish_says_nothing(tmp_path, today, rubbish):
    (tmp_path / FILE).write_bytes(rubbish)
    paper = Paper(tmp_path, today)
    assert paper.left_mm is None
    paper.exchanged(30)
    assert Paper(tmp_path, today).left_mm == 30_000


def test_the_forecast_of_a_simulated_month_is_less_than_a_tenth_off(tmp_path, today):
    """From the second week on, at the end of each Sunday, against the day it really runs out."""
    paper, total = Paper(tmp_path, today), 0.0
    paper.exchanged(400)
    told = {}
    while paper.left_mm:
        total += WEEK[today.day.weekday()]
        paper.fed(total)
        if today.day.weekday() == 6:
            told[today.day] = paper.days()
        today.day += timedelta(days=1)
    over = today.day - timedelta(days=1)
    first = FIRST + timedelta(days=6)
    real = (over - first).days
    assert abs(told[first] - real) / real < 0.1


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
