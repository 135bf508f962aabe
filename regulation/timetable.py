"""A timetable: when the kiosk serves, by weekday and on special days. Pure.

Hours are texts: "08:30-12:00" on every day, "mo-fr 08:30-12:00" or "sa,su 09:00-11:00" on some;
none at all is always. Special days come before them: "2026-10-01" or "2026-10-01/2026-10-07" is
"closed", has hours of its own ("09:00-12:00 13:00-15:00"), or those of a weekday ("as mo", for a
day worked in another's stead, 调休). A single day comes before a span it lies in.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

WEEK = ("mo", "tu", "we", "th", "fr", "sa", "su")
CLOSED = "closed"
AS = "as "
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
DAYS = rf"({'|'.join(WEEK)})(-({'|'.join(WEEK)}))?"
AHEAD = 400
"""So many days it is looked ahead for the next opening."""

Days = Mapping[str, str]


def some_hours(value: str) -> bool:
    """Whether a text is hours: a part of a day that begins before it ends, weekdays before it."""
    days, _, part = value.rpartition(" ")
    return _is_part(part) and (
        not days or all(re.fullmatch(DAYS, each) for each in days.split(","))
    )


def some_days(value: Mapping[str, object]) -> bool:
    """Whether a table is special days, each by its date or span."""
    return all(_span(day) and _is_special(hours) for day, hours in value.items())


def serves(hours: Sequence[str], days: Days, now: datetime) -> bool:
    """Whether a kiosk with this timetable serves now; without hours every day is whole."""
    clock = f"{now:%H:%M}"
    return any(first <= clock < last for first, last in _parts(hours, days, now.date()))


def opens(hours: Sequence[str], days: Days, now: datetime) -> datetime | None:
    """When it serves next, counted from a moment it does not; None within `AHEAD` days."""
    for ahead in range(AHEAD):
        day = now.date() + timedelta(ahead)
        for first, _ in sorted(_parts(hours, days, day)):
            at = datetime.combine(day, time.fromisoformat(first), now.tzinfo)
            if at > now:
                return at
    return None


def _parts(hours: Sequence[str], days: Days, day: date) -> Iterator[tuple[str, str]]:
    """The parts of a day it serves in: from and until."""
    special = _special(days, day)
    if special == CLOSED:
        return
    if special and not special.startswith(AS):
        yield from map(_part, special.split())
        return
    weekday = WEEK.index(special.removeprefix(AS)) if special else day.weekday()
    if not hours:
        yield "00:00", "24:00"
    for each in hours:
        named, _, part = each.rpartition(" ")
        if not named or weekday in _weekdays(named):
            yield _part(part)


def _special(days: Days, day: date) -> str:
    """What a day is, beside the week; "" for nothing special."""
    if single := days.get(day.isoformat()):
        return single
    spans = ((_span(each), what) for each, what in days.items())
    return next((what for span, what in spans if span and span[0] <= day <= span[1]), "")


def _weekdays(named: str) -> set[int]:
    found = set[int]()
    for each in named.split(","):
        first, _, last = each.partition("-")
        begin, end = WEEK.index(first), WEEK.index(last or first)
        found |= {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}
    return found


def _is_special(value: object) -> bool:
    if not isinstance(value, str):
        return False
    as_weekday = value.startswith(AS) and value.removeprefix(AS) in WEEK
    return value == CLOSED or as_weekday or (bool(value) and all(map(_is_part, value.split(" "))))


def _is_part(value: str) -> bool:
    first, last = _part(value)
    return all(re.fullmatch(CLOCK, each) for each in (first, last)) and first < last


def _part(value: str) -> tuple[str, str]:
    first, _, last = value.partition("-")
    return first, last


def _span(value: str) -> tuple[date, date] | None:
    """The first and the last day; None for what is no date and no span."""
    first, _, last = value.partition("/")
    try:
        span = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None
    return span if span[0] <= span[1] and len(first) == len("2026-10-01") else None
