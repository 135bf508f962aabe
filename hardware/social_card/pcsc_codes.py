"""PC/SC's codes: what they mean for the card and its reader, a row a fault.

Source: pcsclite.h; which of them come when was seen with pcscd 1.9.9, docs/devices/social_card.md.
"""

from dataclasses import dataclass
from typing import Any

from smartcard import scard as _scard  # pyright: ignore[reportMissingTypeStubs]

from hardware.fault import Cure

scard: Any = _scard  # it has no types

CODE = 0xFFFFFFFF
"""pyscard gives codes with a sign."""
OK: int = scard.SCARD_S_SUCCESS
PROTOCOLS: int = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
PCI: dict[int, Any] = {
    scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0,
    scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1,
}


@dataclass(frozen=True)
class Fault:
    """What codes of PC/SC mean: who can mend it, and how it is called."""

    codes: tuple[int, ...]
    cure: Cure
    detail: str


SERVICE = Fault(
    (
        scard.SCARD_E_NO_SERVICE,
        scard.SCARD_E_SERVICE_STOPPED,
        scard.SCARD_E_INVALID_HANDLE,
        scard.SCARD_F_COMM_ERROR,
    ),
    Cure.RETRY,
    "offline",
)
"""pcscd is not there, or is another one than the context was made with."""
FAULTS = (
    SERVICE,
    Fault(
        (
            scard.SCARD_E_READER_UNAVAILABLE,
            scard.SCARD_E_UNKNOWN_READER,
            scard.SCARD_E_NO_READERS_AVAILABLE,
        ),
        Cure.REPLUG,
        "no_device",
    ),
    Fault(
        (scard.SCARD_E_SHARING_VIOLATION, scard.SCARD_W_SECURITY_VIOLATION),
        Cure.ATTENDANT,
        "device_not_ready",
    ),
)
_OTHER = Fault((), Cure.ATTENDANT, "hardware_error")
GONE: tuple[int, ...] = (
    scard.SCARD_W_REMOVED_CARD,
    scard.SCARD_W_RESET_CARD,
    scard.SCARD_E_NO_SMARTCARD,
    scard.SCARD_E_NOT_TRANSACTED,
)
"""The card was pulled, or lost its power."""
MUTE: tuple[int, ...] = (
    scard.SCARD_W_UNRESPONSIVE_CARD,
    scard.SCARD_W_UNPOWERED_CARD,
    scard.SCARD_W_UNSUPPORTED_CARD,
    scard.SCARD_E_PROTO_MISMATCH,
)
"""Something is in the slot, and its answer to reset is none or nonsense."""


def fault_of(code: int) -> Fault:
    """Give the row of a code; what is not in the table is a broken reader."""
    return next((row for row in FAULTS if code in row.codes), _OTHER)
