"""The fleet's kiosks a page at a time, by number: found by group, site, fault or silence.

Pages follow the key, not a count of rows: the hundredth costs what the first does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar, cast

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from central.fleet.records import RETIRED, Document, FleetKiosk, Outcome, Report
from central.fleet.service import Standing, standing_of

Wish = TypeVar("Wish", bound=Select[*tuple[Any, ...]])

PAGE = 100
"""Kiosks of one page."""

Only = Literal["", "silent", "faulty", "pending", "failed"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which kiosks: `q` is in the number or the site, or is the group; and in what state."""

    q: str = ""
    only: Only = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Kiosks by number; `before` and `after` name the page's ends where there are more, else ""."""

    kiosks: list[Standing]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many kiosks there are that are wanted, and in which states."""

    count: int
    silent: int
    faulty: int
    pending: int
    failed: int


def page(
    session: Session, wanted: Wanted, now: datetime, *, after: str = "", before: str = ""
) -> Page:
    """The page that follows a number, or comes before one; the first without either."""
    rows = _rows().where(*_conditions(wanted, now))
    if before:
        rows = rows.where(FleetKiosk.id < before).order_by(FleetKiosk.id.desc())
    else:
        rows = rows.where(FleetKiosk.id > after).order_by(FleetKiosk.id)
    found = _standings(session, rows.limit(PAGE + 1), now)
    more, kiosks = len(found) > PAGE, found[:PAGE]
    if before:
        kiosks.reverse()
    first, last = (kiosks[0].kiosk, kiosks[-1].kiosk) if kiosks else ("", "")
    return Page(
        kiosks,
        before=first if (more if before else after) else "",
        after=last if (bool(before) or more) else "",
    )


def some(session: Session, numbers: Iterable[str], now: datetime) -> list[Standing]:
    """These kiosks, by number."""
    rows = _rows().where(FleetKiosk.id.in_(list(numbers))).order_by(FleetKiosk.id)
    return _standings(session, rows, now)


def counts(session: Session, wanted: Wanted, now: datetime) -> Counts:
    """How many there are, of all pages together."""
    states = [_is(only, now) for only in _STATES]
    sums = [func.coalesce(func.sum(case((state, 1), else_=0)), 0) for state in states]
    asked = _joined(select(func.count(FleetKiosk.id), *sums)).where(*_conditions(wanted, now))
    return Counts(*session.execute(asked).one())


def marks(session: Session, numbers: Iterable[str], now: datetime) -> dict[str, Any]:
    """Something of each kiosk that is another when what is shown of it is."""
    columns = (FleetKiosk.id, FleetKiosk.revision, FleetKiosk.group, FleetKiosk.site)
    said = (Report.seen_at, silent(now), Document.outcome)
    asked = _joined(select(*columns, *said)).where(FleetKiosk.id.in_(list(numbers)))
    return {row[0]: tuple(row) for row in session.execute(asked)}


_STATES: tuple[Only, ...] = ("silent", "faulty", "pending", "failed")


def _rows() -> Select[FleetKiosk, Report, Document]:
    return _joined(select(FleetKiosk, Report, Document))


def _standings(
    session: Session, rows: Select[FleetKiosk, Report, Document], now: datetime
) -> list[Standing]:
    found = cast("list[tuple[FleetKiosk, Report | None, Document | None]]", session.execute(rows))
    return [standing_of(kiosk, told, given, now) for kiosk, told, given in found]


def _joined(wanted: Wish) -> Wish:
    """With what each kiosk said last, and was given last."""
    newest = and_(Document.kiosk == FleetKiosk.id, Document.revision == FleetKiosk.revision)
    reported = wanted.select_from(FleetKiosk).outerjoin(Report, Report.kiosk == FleetKiosk.id)
    return reported.outerjoin(Document, newest)


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found = list[ColumnElement[bool]]()
    if q := wanted.q:
        parts = (each.contains(q, autoescape=True) for each in (FleetKiosk.id, FleetKiosk.site))
        found.append(or_(*parts, FleetKiosk.group == q))
    if wanted.only:
        found.append(_is(wanted.only, now))
    return found


def silent(now: datetime) -> ColumnElement[bool]:
    """It never reported, or should have by now."""
    return func.coalesce(Report.overdue_at, "") < now.isoformat()


def _is(only: Only, now: datetime) -> ColumnElement[bool]:
    """A kiosk that is in use is in this state."""
    match only:
        case "silent":
            state = silent(now)
        case "faulty":
            state = Report.faulty.is_(True)
        case _:
            state = Document.outcome == Outcome[only.upper()]
    return and_(FleetKiosk.group != RETIRED, state)
