"""What the window keeps of others, as a table: spoiled blanks, old cards, papers left behind.

Nothing personal: a card is known by its digest, a paper by its kind and where it was found.
"""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base


class Thing(StrEnum):
    """What is kept."""

    SPOILED_BLANK = "spoiled_blank"
    OLD_CARD = "old_card"
    LEFT_PAPER = "left_paper"


class CustodyState(StrEnum):
    """Where it is: in the window's safe, with whom it belongs to, with the police, or no more."""

    HELD = "HELD"
    RETURNED = "RETURNED"
    HANDED_ON = "HANDED_ON"
    DESTROYED = "DESTROYED"


class CustodyItem(Base):
    """One thing; `what` is the kind of a left paper, `card` a digest, `place` outlet or device.

    `second_by` is who witnessed that it was destroyed; the digest is of an old card's 卡号, of a
    blank's 卡识别码. Times are ISO 8601 with their offset.
    """

    __tablename__ = "custody_item"

    id: Mapped[str] = mapped_column(primary_key=True)
    thing: Mapped[Thing]
    what: Mapped[str | None]
    card: Mapped[str | None] = mapped_column(index=True)
    voucher_no: Mapped[str | None] = mapped_column(index=True)
    place: Mapped[str]
    at: Mapped[str]
    by: Mapped[str]
    state: Mapped[CustodyState] = mapped_column(index=True)
    ended_at: Mapped[str | None]
    ended_by: Mapped[str | None]
    second_by: Mapped[str | None]


def held(session: Session, place: str | None = None) -> list[CustodyItem]:
    """What is in custody, at one place or at all, the longest kept first."""
    found = select(CustodyItem).where(CustodyItem.state == CustodyState.HELD)
    if place is not None:
        found = found.where(CustodyItem.place == place)
    return list(session.scalars(found.order_by(CustodyItem.at, CustodyItem.id)))


def was_spoiled(session: Session, card: str) -> bool:
    """Whether a blank of this digest was spoiled, wherever it is now."""
    found = select(CustodyItem.id).where(
        CustodyItem.card == card, CustodyItem.thing == Thing.SPOILED_BLANK
    )
    return session.scalar(found.limit(1)) is not None
