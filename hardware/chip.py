"""The chip of a card and the slot it is in: one way for a dip reader and a motorised one."""

import threading
from contextlib import AbstractContextManager
from typing import Protocol

from hardware.device import Device, Media


class ChipGone(Exception):  # noqa: N818 - what happened to the card
    """The card was pulled, or its chip lost its power, while it was spoken to.

    Nobody knows whether the last command was carried out: see `docs/devices/social_card.md`.
    """


class ChipMute(Exception):  # noqa: N818 - what the card is
    """There is a card, and it gives no ATR: upside down, dirty, no chip or broken."""


class Chip(Protocol):
    """A powered chip. Never logs what passes."""

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        ...

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Send one short C-APDU and give the R-APDU with its two status bytes.

        61xx and 6Cxx are followed up here (T=0). Raises `ChipGone`, and `DeviceFault` when the
        reader is the cause. `command` stays the caller's, to be wiped.
        """
        ...


class CardSlot(Device, Protocol):
    """A slot for one card, whatever moves in it; for its worker's thread."""

    def accept(self, cancel: threading.Event, timeout_s: float) -> bool:
        """Let a card in and wait for it; True when one is in place, False when none came."""
        ...

    def session(self) -> AbstractContextManager[Chip]:
        """Power the chip for one's own use alone; on leaving it is reset, so its PIN state dies.

        Raises `ChipMute`, `ChipGone` and `DeviceFault`.
        """
        ...

    def give_back(self, cancel: threading.Event, timeout_s: float) -> Media:
        """Give the card back and wait until it was taken: NOT_PRESENT.

        PRESENT when it still sticks in the slot at the end of the time.
        """
        ...

    def retain(self) -> Media:
        """Capture the card to the bin: RETAINED; PRESENT where the slot has no bin."""
        ...

    def card_present(self) -> bool:
        """Whether a card is in the slot now, also one nobody asked for."""
        ...
