"""PIN resets as a table. Nothing of the PIN, and of the card no more than a digest."""

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from central.database import Base


class ResetState(StrEnum):
    """Where it stands: USED once its RELOAD was made, UNKNOWN when the kiosk cannot tell."""

    PREPARED = "PREPARED"
    USED = "USED"
    UNKNOWN = "UNKNOWN"
    CONFIRMED = "CONFIRMED"
    REVERSED = "REVERSED"


class PinReset(Base):
    """One authorisation, for one RELOAD of one card in one kiosk.

    A reversal that came before its original is a row in REVERSED without a card: it blocks it.
    `card` is the digest of the 卡识别码, `nonce` what the kiosk chose for this time,
    `voucher_no` the application it was for.
    """

    __tablename__ = "pin_reset"

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[ResetState]
    card: Mapped[str | None] = mapped_column(index=True)
    kiosk_id: Mapped[str | None]
    nonce: Mapped[str | None] = mapped_column(unique=True)
    by_agent: Mapped[bool]
    prepared_at: Mapped[str | None]
    expires_at: Mapped[str | None]
    settled_at: Mapped[str | None]
    outcome: Mapped[str | None]
    voucher_no: Mapped[str | None]
