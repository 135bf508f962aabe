"""The audit as a table: one row an act, each with the hash of the one before."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from central.database import Base


class Kind(StrEnum):
    """What an actor is."""

    KIOSK = "kiosk"
    STATION = "station"
    APP = "app"
    PHONE = "phone"
    USER = "user"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a device by its number, a person at the console by the user's name."""

    kind: Kind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SYSTEM = Actor(Kind.SYSTEM, "central")
"""The centre itself, by a rule or a clock."""


class AuditEntry(Base):
    """One act. `details` is canonical JSON; `hash` is SHA-256 over `prev` and the row's record.

    Nothing personal: targets are voucher numbers, digests, user names and codes.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("audit_target", "target", "seq"),
        Index("audit_actor", "actor", "seq"),
        Index("audit_action", "action", "seq"),
        Index("audit_at", "at"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    target: Mapped[str]
    details: Mapped[str]
    prev: Mapped[str]
    hash: Mapped[str]
