"""Receipts of what was removed: what, by which rule, how much, never whose."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from central.database import Base


class ShredReceipt(Base):
    """One removal; `removed` has a row a kind: kind, count, and the digest of the names.

    The digest is SHA-256 over the names, sorted, one a line: who has the names can prove that they
    are meant. `digest` is of the receipt itself and stands in the audit.
    """

    __tablename__ = "shred_receipt"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[str]
    actor: Mapped[str]
    rule: Mapped[str]
    removed: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    digest: Mapped[str]


def export(row: ShredReceipt) -> dict[str, Any]:
    """A receipt as it is printed."""
    names = ("id", "at", "actor", "rule", "removed", "digest")
    return {name: getattr(row, name) for name in names}
