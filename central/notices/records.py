"""The outbox: what is to be told to whom, until the gateway has acknowledged it."""

from enum import StrEnum

from sqlalchemy import JSON, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from central.database import Base


class NoticeState(StrEnum):
    """Where a notice stands."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    GIVEN_UP = "GIVEN_UP"
    NO_PHONE = "NO_PHONE"


_WAITING = text(f"state = '{NoticeState.WAITING.name}'")


class Notice(Base):
    """A notice; `id` is its message's id, the same in every try.

    `recipient` (a phone number) and `parameters` are removed when it is over. `next_at` is the next
    try, in seconds since 1970. `voucher_no` is the case it is about.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "notice_due",
            "next_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str | None]
    parameters: Mapped[dict[str, str]] = mapped_column(JSON)
    voucher_no: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[NoticeState]
    attempts: Mapped[int]
    next_at: Mapped[int]
    queued_at: Mapped[str] = mapped_column(index=True)
