"""Units, their clerks and their batches as tables, and the questions asked of them."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.batches.states import LIVE, BatchState, Material, MemberState
from central.database import Base
from regulation.vouchers import is_voucher_number

_LIVE = text("state IN ({})".format(", ".join(f"'{state.name}'" for state in sorted(LIVE))))


class Unit(Base):
    """An employer or school that applies for its people; `code` is in the form of `unit_code`."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Clerk(Base):
    """Who may act for a unit (failure F43)."""

    __tablename__ = "clerk"

    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    id_number: Mapped[str] = mapped_column(primary_key=True)


class Batch(Base):
    """What a unit asked for at once, and where it stands. `batch_no` is the voucher's number.

    `outlet` is where it was submitted and is picked up (规程 1.2.3); `taken_by` the kiosk or outlet
    that gave the number, with `day` and `seq`. `letter` is the picture of the unit's introduction
    letter, `material` how the members' pictures came.
    `due_on` is the last of 10 working days; None for a batch from a file. `enable_at` is 96 hours
    after the pick-up. `fee_fen` is what a replacement costs in all, `fee_receipt` the receipt's
    number. `export_by` is the second person who let the list for the maker out, until it is.
    `version` counts changes (ETag). Times are ISO 8601 with their offset.
    """

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("taken_by", "day", "seq"),
        Index("batch_by_state", "state", "submitted_at", "batch_no"),
        Index("batch_by_outlet", "outlet", "submitted_at", "batch_no"),
        Index("batch_to_enable", "enable_at"),
    )

    batch_no: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    service: Mapped[str]
    channel: Mapped[str]
    state: Mapped[BatchState]
    state_at: Mapped[str]
    version: Mapped[int]
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    clerk_number: Mapped[str | None]
    clerk_name: Mapped[str | None]
    outlet: Mapped[str]
    taken_by: Mapped[str]
    day: Mapped[str]
    seq: Mapped[int]
    signature: Mapped[str | None]
    submitted_at: Mapped[str]
    due_on: Mapped[str | None]
    material: Mapped[Material]
    letter: Mapped[str | None] = mapped_column(ForeignKey("image.sha256"))
    reason: Mapped[str | None]
    fee_fen: Mapped[int]
    fee_receipt: Mapped[str | None] = mapped_column(unique=True)
    refund_receipt: Mapped[str | None] = mapped_column(unique=True)
    export_by: Mapped[str | None]
    picked_up_at: Mapped[str | None]
    picked_up_by: Mapped[str | None]
    pick_up_letter: Mapped[str | None] = mapped_column(ForeignKey("image.sha256"))
    enable_at: Mapped[str | None]


class BatchMember(Base):
    """A person of a batch; `line` is the row of the list, from 1.

    `data` are the row's fields as they were sent; `since` the time of the state. `problem` is the
    maker's code of a failure, or why a card was not enabled. `replaces` is the card that dies when
    this one is enabled.
    """

    __tablename__ = "batch_member"
    __table_args__ = (
        Index(  # one live batch a person, whatever the program believes
            "one_batch", "id_number", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
    )

    batch_no: Mapped[str] = mapped_column(ForeignKey("batch.batch_no"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id_number: Mapped[str] = mapped_column(ForeignKey("person.id_number"))
    name: Mapped[str]
    state: Mapped[MemberState]
    since: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    problem: Mapped[str | None]
    card_number: Mapped[str | None] = mapped_column(unique=True)
    identifier: Mapped[str | None] = mapped_column(unique=True)
    replaces: Mapped[str | None]


class BatchImage(Base):
    """A picture of a batch (`line` 0) or of one of its members, and what it shows."""

    __tablename__ = "batch_image"

    batch_no: Mapped[str] = mapped_column(ForeignKey("batch.batch_no"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("image.sha256"), index=True)


def find_batch(session: Session, batch_no: str) -> Batch | None:
    """The batch with this number; no other text is asked for: PostgreSQL does not take all."""
    return session.get(Batch, batch_no) if is_voucher_number(batch_no) else None


def members_of(
    session: Session, batch_no: str, after: int = 0, most: int | None = None
) -> list[BatchMember]:
    """The people of a batch, in the order of its list; `after` a line, `most` of them."""
    rows = select(BatchMember).where(BatchMember.batch_no == batch_no, BatchMember.line > after)
    return list(session.scalars(rows.order_by(BatchMember.line).limit(most)))


def live_membership(session: Session, id_number: str) -> tuple[Batch, BatchMember] | None:
    """The batch that has this person's card, and their row in it."""
    found = session.execute(
        select(Batch, BatchMember)
        .join(BatchMember, BatchMember.batch_no == Batch.batch_no)
        .where(BatchMember.id_number == id_number, BatchMember.state.in_(LIVE))
    ).first()
    return None if found is None else (found[0], found[1])


def count_members(session: Session, batch_no: str) -> dict[MemberState, int]:
    """How many people of a batch stand where; states without any are missing."""
    rows = session.execute(
        select(BatchMember.state, func.count())
        .where(BatchMember.batch_no == batch_no)
        .group_by(BatchMember.state)
    )
    return dict(rows.all())


def find_unit(session: Session, code: str) -> Unit | None:
    """The unit with this code."""
    return session.get(Unit, code)
