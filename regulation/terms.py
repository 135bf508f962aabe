"""Working days (工作日) by the State Council's calendar, for the dates printed on slips."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from regulation.tables import RulesError, Table, read_table, refuse_unknown, tables

LATEST_ISSUE = timedelta(hours=24)
"""A card not made on the spot is made within this (规程 1.1.3(1))."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and make-up days of the years that have been announced."""

    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether windows work that day; Monday to Friday in a year not announced yet."""
        return day in self.work or (day.weekday() < 5 and day not in self.off)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term. `sure` is False where a year was counted without its calendar."""

    day: date
    sure: bool


def load_calendar(source: str | Path) -> Calendar:
    """The calendar of `config/workdays.toml`, as a path or as its text.

    A bad table raises `RulesError`, which names the key and the cure.
    """
    table = read_table(source)
    refuse_unknown(table, frozenset({"year"}), "workdays")
    years: set[int] = set()
    off: set[date] = set()
    work: set[date] = set()
    for row in tables(table, "year"):
        year, row_off, row_work = _year(row)
        if year in years:
            raise RulesError(f"year {year}: twice in the calendar; keep one")
        years.add(year)
        off |= row_off
        work |= row_work
    return Calendar(frozenset(years), frozenset(off), frozenset(work))


def add_working_days(start: date, count: int, calendar: Calendar) -> Due:
    """The last of `count` working days; counting begins on the day after `start`.

    A year without a calendar is counted by weekdays and marked: a citizen is not sent away for a
    list that was announced late, and the slip can say 预计. Source: 规程 1.1.3(2), 1.2.3, 3.2.3;
    民法典 201 for the first day.
    """
    if count < 1:
        raise ValueError("a term has at least one working day")
    day, sure = start, True
    while count:
        day += DAY
        sure = sure and day.year in calendar.years
        count -= calendar.is_working_day(day)
    return Due(day, sure)


def latest_issue(accepted: datetime) -> datetime:
    """When a card applied for at a kiosk or window is ready at the latest (规程 1.1.3(1))."""
    return accepted + LATEST_ISSUE


def _year(row: Table) -> tuple[int, set[date], set[date]]:
    refuse_unknown(row, frozenset({"year", "source", "off", "work"}), "year")
    year = row.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise RulesError("year: missing or no number; write year = 2026")
    off: set[date] = set()
    for holiday in tables(row, "off"):
        off |= _span(holiday, year)
    listed = row.get("work")
    if not isinstance(listed, list):
        raise RulesError(f"year {year}: work is missing; write work = [] or its dates")
    work = {_day(value, year) for value in cast("list[object]", listed)}
    if both := off & work:
        raise RulesError(f"{min(both)}: both off and work; keep one")
    return year, off, work


def _span(holiday: Table, year: int) -> set[date]:
    refuse_unknown(holiday, frozenset({"name", "first", "last"}), f"year {year}: off")
    first, last = _day(holiday.get("first"), year), _day(holiday.get("last"), year)
    if last < first:
        raise RulesError(f"year {year}: a holiday ends on {last}, before {first}; swap them")
    return {first + DAY * i for i in range((last - first).days + 1)}


def _day(value: object, year: int) -> date:
    if not isinstance(value, date) or isinstance(value, datetime) or value.year != year:
        raise RulesError(f"year {year}: {value!r} is no date of that year; write {year}-01-01")
    return value
