"""What waits at an outlet: its cases of one state, the oldest first, page by page.

Each place that takes cases has its own stretch of the index `case_queue`; a page reads as many rows
of each as it shows, however many there are.
"""

import heapq
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from central.applications.records import Application
from central.applications.states import CaseState

SHOWN = 25
COUNTED = 999
"""Beyond it a queue is just long."""

TABS = (
    CaseState.SUBMITTED,
    CaseState.REVIEW,
    CaseState.ACCEPTED,
    CaseState.IN_PRODUCTION,
    CaseState.FAILED,
    CaseState.READY,
    CaseState.ISSUED,
    CaseState.REJECTED,
)
"""The states a clerk works through."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    voucher_no: str
    service: str
    channel: str
    name: str
    marks: int
    submitted_at: str
    due_at: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the next page begins; None at the end."""

    rows: list[Row]
    after: str | None


def queue(session: Session, places: list[str], state: CaseState, after: str | None) -> Page:
    """A page of the cases of these places; `after` is what the page before gave."""
    since = tuple(after.split("~")) if after and after.count("~") == 1 else None
    found = list(heapq.merge(*(_of(session, place, state, since) for place in places), key=_key))
    rows = found[:SHOWN]
    more = len(found) > SHOWN
    return Page(rows, "~".join(_key(rows[-1])) if more else None)


def counts(session: Session, places: list[str]) -> dict[CaseState, int]:
    """How many wait in each state, counted up to `COUNTED`."""
    return {state: _count(session, places, state) for state in TABS}


def _of(session: Session, place: str, state: CaseState, since: tuple[str, ...] | None) -> list[Row]:
    asked = (
        select(
            Application.voucher_no,
            Application.service,
            Application.channel,
            Application.applicant,
            Application.marks,
            Application.submitted_at,
            Application.due_at,
        )
        .where(Application.kiosk_id == place, Application.state == state.value)
        .order_by(Application.submitted_at, Application.voucher_no)
        .limit(SHOWN + 1)
    )
    if since is not None:
        asked = asked.where(tuple_(Application.submitted_at, Application.voucher_no) > since)
    return [
        Row(
            case.voucher_no,
            case.service,
            case.channel,
            case.applicant["name"],
            len(case.marks),
            case.submitted_at,
            case.due_at,
        )
        for case in session.execute(asked)
    ]


def _count(session: Session, places: list[str], state: CaseState) -> int:
    some = (
        select(Application.voucher_no)
        .where(Application.kiosk_id.in_(places), Application.state == state.value)
        .limit(COUNTED + 1)
        .subquery()
    )
    return session.scalars(select(func.count()).select_from(some)).one()


def _key(row: Row) -> tuple[str, str]:
    return row.submitted_at, row.voucher_no
