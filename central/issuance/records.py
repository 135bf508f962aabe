"""Card writes, card numbers and hand-overs as tables, and the questions asked of them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base


class WriteState(StrEnum):
    """Where a card write stands: the station has it from STARTED on, until it is settled."""

    PREPARED = "PREPARED"
    STARTED = "STARTED"
    CONFIRMED = "CONFIRMED"
    REVERSED = "REVERSED"


OPEN = (WriteState.PREPARED, WriteState.STARTED)
_OPEN = text("state IN ({})".format(", ".join(f"'{state.name}'" for state in OPEN)))


class CardWrite(Base):
    """One try to make a case's card at a station.

    A reversal that came before its original is a row in REVERSED without a case: it blocks the
    original. `identifier` is the 卡识别码 of the blank it was started with. `personalisation` are
    the texts of the chip's records; they are removed once the write is settled. `replaces` is the
    card in whose place it is made. `reason` says why it was reversed.
    """

    __tablename__ = "card_write"
    __table_args__ = (
        Index(
            "one_write_a_case",
            "voucher_no",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "one_write_a_station",
            "station",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("writes_of_case", "voucher_no", "prepared_at"),
        Index("writes_due", "state", "expires_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[WriteState]
    voucher_no: Mapped[str | None] = mapped_column(ForeignKey("application.voucher_no"))
    station: Mapped[str | None]
    card_number: Mapped[str | None] = mapped_column(unique=True)
    replaces: Mapped[str | None]
    bank: Mapped[str | None]
    personalisation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    identifier: Mapped[str | None] = mapped_column(index=True)
    prepared_at: Mapped[str | None]
    prepared_by: Mapped[str | None]
    expires_at: Mapped[str | None]
    started_at: Mapped[str | None]
    settled_at: Mapped[str | None]
    reason: Mapped[str | None]


class CardNumberSeries(Base):
    """The last card number given in a region: letter and 8 digits, as one count from A00000000."""

    __tablename__ = "card_number_series"

    region: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class StationSeen(Base):
    """When a card station asked for work last, to the half minute."""

    __tablename__ = "station_seen"

    station: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[str]


class HandOver(Base):
    """A card given out: to whom, against which paper and signature, and what of the old card.

    `taker` is "holder" or "agent"; `paper` the id of the paper that was looked at; `signature` the
    SHA-256 of its image, or None where it was signed on paper.
    """

    __tablename__ = "hand_over"

    voucher_no: Mapped[str] = mapped_column(ForeignKey("application.voucher_no"), primary_key=True)
    card_number: Mapped[str] = mapped_column(unique=True)
    taker: Mapped[str]
    paper: Mapped[str]
    signature: Mapped[str | None]
    old_card: Mapped[str]
    at: Mapped[str]
    by: Mapped[str]


def find_write(session: Session, write_id: str) -> CardWrite | None:
    """The card write of this id."""
    return session.get(CardWrite, write_id)


def open_write_at(session: Session, station: str) -> CardWrite | None:
    """What a station is making, or is to make."""
    return session.scalar(
        select(CardWrite).where(CardWrite.station == station, CardWrite.state.in_(OPEN))
    )


def open_write_of(session: Session, voucher_no: str) -> CardWrite | None:
    """The open write of a case."""
    return session.scalar(
        select(CardWrite).where(CardWrite.voucher_no == voucher_no, CardWrite.state.in_(OPEN))
    )


def writes_of(session: Session, voucher_no: str) -> list[CardWrite]:
    """Every try to make a case's card, the last one last."""
    return list(
        session.scalars(
            select(CardWrite)
            .where(CardWrite.voucher_no == voucher_no)
            .order_by(CardWrite.prepared_at, CardWrite.card_number)
        )
    )


def never_started(session: Session, now: str) -> list[CardWrite]:
    """Writes that no station took up in their time."""
    return list(
        session.scalars(
            select(CardWrite)
            .where(CardWrite.state == WriteState.PREPARED, CardWrite.expires_at <= now)
            .order_by(CardWrite.expires_at)
        )
    )


def unknown(session: Session, now: str) -> list[CardWrite]:
    """Writes that were started and not settled in their time: a station or two persons end them."""
    return list(
        session.scalars(
            select(CardWrite)
            .where(CardWrite.state == WriteState.STARTED, CardWrite.expires_at <= now)
            .order_by(CardWrite.expires_at)
        )
    )
