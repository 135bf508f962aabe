"""When the kiosk serves: by the hour, by the weekday, and on days that are not as their weekday."""

from datetime import datetime

import pytest

from kiosk.closing import Closing
from kiosk.hours import keep
from kiosk.settings import load
from regulation.timetable import opens, serves

HOURS = ("08:30-12:00", "13:30-17:30")
WEEK = ("mo-fr 08:30-12:00", "mo,we 13:30-17:30", "sa-su 09:00-11:00")
DAYS = {
    "2026-10-01/2026-10-07": "closed",
    "2026-10-03": "09:00-10:00 14:00-15:00",
    "2026-10-10": "as we",
}


def at(clock, day="2026-11-23"):
    return datetime.fromisoformat(f"{day}T{clock}:00+08:00")


@pytest.mark.parametrize(
    ("clock", "open_"),
    [
        ("00:00", False),
        ("08:29", False),
        ("08:30", True),
        ("11:59", True),
        ("12:00", False),
        ("13:30", True),
        ("17:29", True),
        ("17:30", False),
        ("23:59", False),
    ],
)
def test_by_the_hour(clock, open_):
    assert serves(HOURS, {}, at(clock)) is open_
    assert serves((), {}, at(clock))


@pytest.mark.parametrize(
    ("day", "clock", "open_"),
    [
        ("2026-09-28", "14:00", True),  # Monday
        ("2026-09-29", "14:00", False),  # Tuesday
        ("2026-09-29", "09:00", True),
        ("2026-09-26", "09:00", True),  # Saturday
        ("2026-09-26", "11:00", False),
        ("2026-10-02", "09:00", False),  # in the holiday
        ("2026-10-03", "14:30", True),  # a day of the holiday with hours of its own
        ("2026-10-03", "11:00", False),
        ("2026-10-08", "09:00", True),  # the day after it
        ("2026-10-10", "14:00", True),  # a Saturday worked as a Wednesday
    ],
)
def test_by_the_weekday_and_on_days_that_are_not_as_theirs(day, clock, open_):
    assert serves(WEEK, DAYS, at(clock, day)) is open_


def test_closed_on_a_holiday_also_where_it_always_serves():
    assert not serves((), DAYS, at("12:00", "2026-10-01"))
    assert serves((), DAYS, at("12:00", "2026-10-10"))


def test_a_span_of_weekdays_goes_over_sunday():
    assert serves(("su-mo 09:00-10:00",), {}, at("09:30", "2026-09-27"))
    assert not serves(("su-mo 09:00-10:00",), {}, at("09:30", "2026-09-26"))


def test_it_opens_after_the_holiday():
    assert opens(WEEK, DAYS, at("18:00", "2026-09-30")) == at("09:00", "2026-10-03")
    assert opens(WEEK, DAYS, at("15:00", "2026-10-03")) == at("08:30", "2026-10-08")
    assert opens(("mo 08:30-12:00",), {"2026-01-01/2028-12-31": "closed"}, at("12:00")) is None


class Log:
    def write(self, *_told, **_fields):
        """Nothing is asked of it here."""


def closed(tmp_path, now, **changes):
    """Why a kiosk with these settings is closed, in both languages; None while it serves."""
    settings = load(None)
    for name, value in changes.items():
        object.__setattr__(settings, name, value)
    closing = Closing(tmp_path, Log(), lambda: None)
    keep(settings, closing, now)
    return closing.why and (closing.why.reason, closing.why.english)


def test_it_says_when_it_opens_again(tmp_path):
    told = closed(tmp_path, at("12:10"), hours=HOURS)
    assert told == (
        "现在不在服务时间，今天 13:30 开始办理",
        "Closed at this hour; opens today at 13:30",
    )
    assert "明天 08:30" in closed(tmp_path, at("18:00"), hours=HOURS)[0]
    told = closed(tmp_path, at("12:00", "2026-10-04"), hours=WEEK, days=DAYS)
    assert told == (
        "现在不在服务时间，10月8日（星期四） 08:30 开始办理",
        "Closed at this hour; opens on Thu 8 Oct at 08:30",
    )
    assert closed(tmp_path, at("09:00"), hours=HOURS) is None
