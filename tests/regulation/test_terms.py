"""Working days and the 24 hours of the window."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.tables import RulesError
from regulation.terms import Due, add_working_days, latest_issue, load_calendar

CHINA = timezone(timedelta(hours=8))
SHIPPED = Path(__file__).parents[2] / "config" / "workdays.toml"
CALENDAR = load_calendar(SHIPPED)
YEAR = "[[year]]\nyear = 2026\n"


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # a Monday, over one week-end
        (date(2026, 9, 24), 1, date(2026, 9, 28)),  # over 中秋节
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over 国庆节
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday made up
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday made up before 春节
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # handed in on a Saturday
    ],
)
def test_counting_begins_on_the_day_after_1_1_3_2(start, count, last):
    assert add_working_days(start, count, CALENDAR) == Due(last, sure=True)


def test_ten_working_days_of_a_batch_1_2_3():
    assert add_working_days(date(2026, 11, 23), 10, CALENDAR).day == date(2026, 12, 7)


def test_a_year_without_a_calendar_is_counted_and_marked_1_2_3():
    assert add_working_days(date(2026, 12, 28), 10, CALENDAR) == Due(date(2027, 1, 11), sure=False)
    assert add_working_days(date(2026, 12, 28), 3, CALENDAR) == Due(date(2026, 12, 31), sure=True)


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 30))
def test_a_term_ends_on_a_working_day_and_grows_1_1_3_2(start, count):
    due = add_working_days(start, count, CALENDAR)
    assert due.day > start
    assert CALENDAR.is_working_day(due.day)
    assert add_working_days(start, count + 1, CALENDAR).day > due.day


def test_a_term_of_no_days_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 1, 5), 0, CALENDAR)


def test_the_shipped_year_has_the_official_number_of_days_off_and_on():
    assert CALENDAR.years == {2026}
    assert len(CALENDAR.off) == 33
    assert len(CALENDAR.work) == 6
    assert all(day.weekday() >= 5 for day in CALENDAR.work)


def test_a_card_is_ready_within_24_hours_1_1_3_1():
    assert latest_issue(datetime(2026, 11, 23, 9, 41, tzinfo=CHINA)) == datetime(
        2026, 11, 24, 9, 41, tzinfo=CHINA
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"\[\[year\]\]"),
        ("year = 2026", r"\[\[year\]\]"),
        ("year = [1]", "no list of tables"),
        ("[[year]]\nyear = true\noff = [{}]\nwork = []", "year = 2026"),
        (YEAR + "work = []", "off"),
        (YEAR + "off = [{ first = 2026-01-01, last = 2026-01-01 }]", "work"),
        (
            YEAR + "off = [{ first = 2025-01-01, last = 2026-01-01 }]\nwork = []",
            "date of that year",
        ),
        (YEAR + "off = [{ first = 2026-01-02, last = 2026-01-01 }]\nwork = []", "swap"),
        (YEAR + 'off = [{ first = "1", last = 2026-01-01 }]\nwork = []', "date of that year"),
        (
            YEAR + "off = [{ first = 2026-01-01, last = 2026-01-01 }]\nwork = [2026-01-01]",
            "both off and work",
        ),
        (SHIPPED.read_text(encoding="utf-8") * 2, "twice"),
        ("[[year]]\nyaer = 2026", "yaer"),
        ("[[year", "TOML"),
    ],
)
def test_a_bad_calendar_is_refused_with_the_cure(text, said):
    with pytest.raises(RulesError, match=said):
        load_calendar(text)
