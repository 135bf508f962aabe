"""Every use of a card key, written down: no PIN, no key, no challenge, no holder."""

import hashlib
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base
from central.problems import Kind

CARD_BYTES = 8
DONE = "done"
BEGUN = "begun"


class Function(StrEnum):
    """What a key was used for."""

    INTERNAL = "internal"
    EXTERNAL_HOLDER = "external_holder"
    EXTERNAL_PIN_RESET = "external_pin_reset"
    EXTERNAL_PERSONALISE = "external_personalise"
    RELOAD = "reload"
    INITIAL_PIN = "initial_pin"
    UNBLOCK = "unblock"


class KeyUse(Base):
    """One use: when (ISO 8601 with offset), for which kiosk and card, and how it ended.

    `outcome` is `done` or the problem's name, and `begun` until then: a row left so is of a step
    whose end nobody knows, its keys may have been used. `key` is the key's name; of a RELOAD, also
    that of the key its PIN block was under. `card` is the first 8 bytes of the SHA-256 of the
    卡识别码, in hexadecimal: it finds a card whose 卡识别码 one has.
    """

    __tablename__ = "key_use"
    __table_args__ = (Index("key_use_kiosk", "kiosk_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    kiosk_id: Mapped[str]
    function: Mapped[str]
    outcome: Mapped[str]
    card: Mapped[str] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(default="", server_default="")


def key_use(  # noqa: PLR0913, PLR0917 - who, what, with which, how it ended
    at: datetime,
    kiosk_id: str,
    card_id: bytes,
    function: Function,
    refused: Kind | None = None,
    key: str = "",
) -> KeyUse:
    """A row to add to the transaction of what the key did."""
    return KeyUse(
        at=at.isoformat(),
        kiosk_id=kiosk_id,
        function=function.value,
        outcome=ended(refused),
        card=hashlib.sha256(card_id).digest()[:CARD_BYTES].hex(),
        key=key,
    )


def ended(refused: Kind | None) -> str:
    """How a use ended, as its row says it."""
    return refused.urn.rpartition(":")[2] if refused else DONE


def every(session: Session) -> list[KeyUse]:
    """All uses, in the order they happened."""
    return list(session.scalars(select(KeyUse).order_by(KeyUse.id)))


def export(row: KeyUse) -> dict[str, str]:
    """A use as `python -m central keys` prints it."""
    names = ("at", "kiosk_id", "function", "outcome", "card", "key")
    return {name: getattr(row, name) for name in names}
