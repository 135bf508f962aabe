"""Fees as a table: one a case, and none for a case that is free."""

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base
from central.fees.states import FeeState


class How(StrEnum):
    """How a fee is paid at the window; the last takes it from the 社保卡's own account."""

    CASH = "cash"
    BANK_CARD = "bank_card"
    ACCOUNT = "account"


class Fee(Base):
    """What a case costs, in fen, and what became of it.

    `receipt_no` is that of the payment, or of the deduction; `refund_no` that of paying it back.
    `ground` is the id of a waiver's ground, or its reason where the table has none. `approved_by`
    is the second person of such a waiver. Times are ISO 8601 with their offset.
    """

    __tablename__ = "fee"

    voucher_no: Mapped[str] = mapped_column(ForeignKey("application.voucher_no"), primary_key=True)
    fen: Mapped[int]
    state: Mapped[FeeState] = mapped_column(index=True)
    due_at: Mapped[str]
    state_at: Mapped[str]
    by: Mapped[str]
    how: Mapped[How | None]
    receipt_no: Mapped[str | None] = mapped_column(unique=True)
    ground: Mapped[str | None]
    approved_by: Mapped[str | None]
    refund_no: Mapped[str | None] = mapped_column(unique=True)


def fee_of(session: Session, voucher_no: str) -> Fee | None:
    """What a case costs; None for one that is free."""
    return session.get(Fee, voucher_no)
