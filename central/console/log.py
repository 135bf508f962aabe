"""The audit as an auditor reads it: the newest first, by who, what, whom and when."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from central.audit.chain import START, broken_at
from central.audit.records import AuditEntry

SHOWN = 50
EXPORTED = 50_000
"""Rows of one export; narrow the days down for the rest."""
STRETCH = 5_000

COLUMNS = ("seq", "at", "actor", "action", "target", "details", "prev", "hash")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an auditor asks for; "" for anything. `before` is the row to go on from."""

    actor: str = ""
    action: str = ""
    target: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


def entries(session: Session, wanted: Wanted) -> list[AuditEntry]:
    """A page of rows, and one more when there are further ones."""
    rows = _rows(wanted).order_by(AuditEntry.seq.desc()).limit(SHOWN + 1)
    return list(session.scalars(rows))


def export(session: Session, wanted: Wanted) -> Iterator[str]:
    """The rows as lines of CSV, the oldest first, with their hashes; at most `EXPORTED`."""
    yield _line(COLUMNS)
    rows = _rows(wanted).order_by(AuditEntry.seq).limit(EXPORTED)
    for entry in session.scalars(rows.execution_options(yield_per=500)):
        yield _line(tuple(_harmless(str(getattr(entry, name))) for name in COLUMNS))


def checked(session: Session) -> tuple[int, int | None]:
    """How many rows there are, and the first that does not fit the one before; None if all do."""
    seq, prev = 0, START
    while True:
        stretch = list(
            session.scalars(
                select(AuditEntry)
                .where(AuditEntry.seq > seq)
                .order_by(AuditEntry.seq)
                .limit(STRETCH)
            )
        )
        if not stretch:
            return seq, None
        broken = broken_at(stretch, prev, seq + 1)
        if broken is not None:
            return seq + len(stretch), broken
        seq, prev = stretch[-1].seq, stretch[-1].hash
        session.expunge_all()


def _rows(wanted: Wanted) -> Select[AuditEntry]:
    rows = select(AuditEntry)
    if wanted.actor:
        actor = wanted.actor if ":" in wanted.actor else f"user:{wanted.actor}"
        rows = rows.where(AuditEntry.actor == actor)
    if wanted.action:
        rows = rows.where(AuditEntry.action == wanted.action)
    if wanted.target:
        rows = rows.where(AuditEntry.target == wanted.target)
    if wanted.since:
        rows = rows.where(AuditEntry.at >= wanted.since.isoformat())
    if wanted.until:
        rows = rows.where(AuditEntry.at < (wanted.until + timedelta(days=1)).isoformat())
    if wanted.before:
        rows = rows.where(AuditEntry.seq < wanted.before)
    return rows


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _harmless(cell: str) -> str:
    """No spreadsheet takes a cell for a formula (OWASP CSV injection)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
