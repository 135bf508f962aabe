"""The fleet as tables: kiosks, contents, who was given which, what each answered, rollouts.

A *content* is a document without its kiosk and revision: many kiosks may be given the same. A
*document* is a content with both; revisions of a kiosk only rise.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base

RETIRED = "retired"
"""The group of kiosks that are no more: no rollout chooses or awaits them, nobody misses them."""
_CHUNK = 500
"""Of one statement's parameters."""


class Outcome(StrEnum):
    """What became of a document at its kiosk; `SUPERSEDED` when a newer one came before."""

    PENDING = "PENDING"
    COMMITTED = "COMMITTED"
    FAILED = "FAILED"
    SUPERSEDED = "SUPERSEDED"


class RolloutState(StrEnum):
    """Where a rollout stands: it waits for a second person, runs, is paused, or is over."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    DONE = "DONE"


class FleetKiosk(Base):
    """A kiosk: its group and site, and the revision it shall have (0: nothing was ever desired).

    `change` is a number that rises over the whole fleet with every new revision: who waits asks
    for what came after the last one they saw.
    """

    __tablename__ = "fleet_kiosk"
    __table_args__ = (Index("fleet_kiosk_change", "change"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    group: Mapped[str]
    site: Mapped[str]
    revision: Mapped[int]
    change: Mapped[int]


class Content(Base):
    """What kiosks shall be like, as canonical JSON, by whom, and who approved it.

    `seal` is a MAC over all of it by a key that is not in the store, made at the approval: who can
    write to the store alone cannot have a content of their own signed.
    """

    __tablename__ = "fleet_content"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]
    note: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[str]
    approved_by: Mapped[str | None]
    approved_at: Mapped[str | None]
    seal: Mapped[str | None]


class Document(Base):
    """A content a kiosk was given under a revision; `step` of the rollout, and what came of it."""

    __tablename__ = "fleet_document"
    __table_args__ = (Index("fleet_document_rollout", "rollout", "step", "outcome"),)

    kiosk: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[int]
    rollout: Mapped[int | None]
    step: Mapped[int | None]
    at: Mapped[str]
    outcome: Mapped[Outcome]
    outcome_at: Mapped[str | None]
    failed_step: Mapped[str | None]
    reason: Mapped[str | None]


class Report(Base):
    """What a kiosk said last. `told` is the whole of it; `revision` the highest it ever told of.

    `faulty`: a device of it has a fault; `overdue_at`: from then on it is out of reach.
    """

    __tablename__ = "fleet_report"

    kiosk: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    revision: Mapped[int]
    version: Mapped[str]
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    seen_at: Mapped[str] = mapped_column(index=True)
    next_s: Mapped[int]
    faulty: Mapped[bool | None]
    overdue_at: Mapped[str | None] = mapped_column(index=True)


class Repository(Base):
    """A kiosk's signed metadata as it stands: what is served to that kiosk alone."""

    __tablename__ = "fleet_repository"

    kiosk: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    root_version: Mapped[int]
    version: Mapped[int]
    timestamp_version: Mapped[int]
    targets: Mapped[str]
    snapshot: Mapped[str]
    timestamp: Mapped[str]
    fresh_until: Mapped[str]
    timestamp_fresh_until: Mapped[str]


class Rollout(Base):
    """A content on its way through groups, one after another.

    `groups` are selectors in their order (`rollouts.py`); `group` counts them from 0, -1 before
    the first. `success` and `error` are per cent of a group; `window` is "" or "01:00-05:00".
    `soaking_since` is when the group reached `success`. What who approved saw: no kiosk's `change`
    was `since` or above, and of the groups' kiosks these were `closed`: out of service.
    """

    __tablename__ = "fleet_rollout"

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[int]
    groups: Mapped[list[str]] = mapped_column(JSON)
    success: Mapped[int]
    error: Mapped[int]
    soak_minutes: Mapped[int]
    window: Mapped[str]
    state: Mapped[RolloutState]
    group: Mapped[int]
    soaking_since: Mapped[str | None]
    why: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[str]
    approved_by: Mapped[str | None]
    approved_at: Mapped[str | None]
    rolled_back_at: Mapped[str | None]
    since: Mapped[int] = mapped_column(default=0)
    closed: Mapped[list[str]] = mapped_column(JSON, default=list[str])


def kiosk(session: Session, number: str) -> FleetKiosk:
    """The row of a kiosk; made, and not yet anything desired, where there is none."""
    found = session.get(FleetKiosk, number)
    if found is None:
        found = FleetKiosk(id=number, group="", site="", revision=0, change=0)
        session.add(found)
        session.flush()
    return found


def every_kiosk(session: Session) -> list[FleetKiosk]:
    """All kiosks by their numbers."""
    return list(session.scalars(select(FleetKiosk).order_by(FleetKiosk.id)))


def changed_since(session: Session, change: int) -> list[tuple[str, int, int]]:
    """Kiosk, revision and change of all that changed after a change, in that order."""
    found = session.execute(
        select(FleetKiosk.id, FleetKiosk.revision, FleetKiosk.change)
        .where(FleetKiosk.change > change)
        .order_by(FleetKiosk.change)
    )
    return [(row.id, row.revision, row.change) for row in found]


def next_change(session: Session) -> int:
    """The number of a change; right within the writer's turn only."""
    return (session.scalar(select(func.max(FleetKiosk.change))) or 0) + 1


def document(session: Session, number: str, revision: int) -> Document | None:
    """What a kiosk was given under a revision."""
    return session.get(Document, (number, revision))


def documents(session: Session, number: str, most: int = 20) -> list[Document]:
    """What a kiosk was given, the newest first."""
    return list(
        session.scalars(
            select(Document)
            .where(Document.kiosk == number)
            .order_by(Document.revision.desc())
            .limit(most)
        )
    )


def told_revisions(session: Session) -> dict[str, int]:
    """The highest revision every kiosk told of, by its number."""
    return dict(iter(session.execute(select(Report.kiosk, Report.revision))))


def revisions(session: Session, numbers: list[str]) -> dict[str, int]:
    """What kiosks shall have; who is not in the fleet yet is taken into it."""
    found = dict[str, int]()
    for some in _chunks(numbers):
        asked = select(FleetKiosk.id, FleetKiosk.revision).where(FleetKiosk.id.in_(some))
        found |= dict(iter(session.execute(asked)))
    for number in numbers:
        if number not in found:
            found[number] = kiosk(session, number).revision
    return found


def give(  # noqa: PLR0913, PLR0917 - the columns of a document
    session: Session,
    given: dict[str, int],
    content: int,
    rollout: int | None,
    step: int | None,
    at: str,
) -> None:
    """Write down new revisions of kiosks, all of one content; right within the writer's turn."""
    first = next_change(session)
    same = {"content": content, "rollout": rollout, "step": step, "at": at}
    rows = [
        same | {"kiosk": number, "revision": revision, "outcome": Outcome.PENDING}
        for number, revision in given.items()
    ]
    changes = [
        {"id": number, "revision": revision, "change": first + count}
        for count, (number, revision) in enumerate(given.items())
    ]
    session.flush()
    session.execute(insert(Document), rows)
    session.execute(update(FleetKiosk), changes)
    session.expire_all()


def supersede(session: Session, numbers: list[str], at: str) -> None:
    """What these kiosks were given and have not answered yet will be answered by nobody."""
    for some in _chunks(numbers):
        session.execute(
            update(Document)
            .where(Document.kiosk.in_(some), Document.outcome == Outcome.PENDING)
            .values(outcome=Outcome.SUPERSEDED, outcome_at=at)
        )


def _chunks(numbers: list[str]) -> Iterator[list[str]]:
    """Lists that one statement's parameters can hold."""
    for first in range(0, len(numbers), _CHUNK):
        yield numbers[first : first + _CHUNK]


def repository(session: Session, number: str) -> tuple[Repository | None, int]:
    """A kiosk's signed metadata, and the revision it shall have."""
    desired = select(FleetKiosk.revision).where(FleetKiosk.id == number)
    return session.get(Repository, number), session.scalar(desired) or 0


def signed(session: Session, number: str, name: str) -> bytes | None:
    """A kiosk's `snapshot.json` or `targets.json` as it stands."""
    columns = {"snapshot.json": Repository.snapshot, "targets.json": Repository.targets}
    if name not in columns:
        return None
    found = session.scalar(select(columns[name]).where(Repository.kiosk == number))
    return found.encode() if found is not None else None


def named(session: Session, number: str) -> tuple[int, int] | None:
    """The revision a kiosk's signed targets name, and its content; None where they name none."""
    found = session.execute(
        select(Document.revision, Document.content)
        .join(Repository, Repository.kiosk == Document.kiosk)
        .where(Document.kiosk == number, Document.revision == Repository.revision)
    ).first()
    return (found.revision, found.content) if found else None


def every_report(session: Session) -> dict[str, Report]:
    """What every kiosk said last, by its number."""
    return {row.kiosk: row for row in session.scalars(select(Report))}


def newest_documents(session: Session) -> dict[str, Document]:
    """What every kiosk was given last, by its number."""
    found = session.scalars(
        select(Document).join(
            FleetKiosk,
            (FleetKiosk.id == Document.kiosk) & (FleetKiosk.revision == Document.revision),
        )
    )
    return {row.kiosk: row for row in found}


def rollouts(session: Session, *states: RolloutState, most: int = 50) -> list[Rollout]:
    """Rollouts in these states, or all; the newest first."""
    wanted = select(Rollout).order_by(Rollout.id.desc()).limit(most)
    return list(session.scalars(wanted.where(Rollout.state.in_(states)) if states else wanted))


def tallies(session: Session, rollout: int, steps: int) -> list[dict[Outcome, int]]:
    """How many documents of a rollout's first groups had which outcome, group by group.

    A kiosk that is no more is not waited for; what it had answered before counts.
    """
    counted = session.execute(
        select(Document.step, Document.outcome, func.count())
        .join(FleetKiosk, FleetKiosk.id == Document.kiosk)
        .where(Document.rollout == rollout)
        .where(or_(Document.outcome != Outcome.PENDING, FleetKiosk.group != RETIRED))
        .group_by(Document.step, Document.outcome)
    )
    found = {(step, outcome): count for step, outcome, count in counted}
    return [
        {outcome: found[step, outcome] for outcome in Outcome if (step, outcome) in found}
        for step in range(steps)
    ]
