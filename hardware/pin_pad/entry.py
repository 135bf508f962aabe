"""What a PIN pad is asked and what it gives, in the words of XFS4IoT (Keyboard, PinPad)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from hardware.device import Device
from hardware.pin_pad.pin_block import ACCOUNT_DIGITS, LONGEST, SHORTEST, PinBlock
from hardware.secret import Secret

NAME = "pin_pad"


class Want(StrEnum):
    """For whom a PIN is entered."""

    DIGITS = "digits"
    """For the chip of a card: it takes them in clear."""
    BLOCK = "block"
    """For the centre (PinPad.GetPinBlock)."""


@dataclass(frozen=True)
class Entry:
    """One entry of a PIN: for whom, and of how many digits (Keyboard.PinEntry).

    `minimum` and `maximum` lie within 4 and 12; `account` is the 12 digits a block is for.
    """

    want: Want
    minimum: int = 6
    maximum: int = 6
    account: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not SHORTEST <= self.minimum <= self.maximum <= LONGEST:
            raise ValueError("a PIN has 4 to 12 digits")
        digits = self.account.isascii() and self.account.isdigit()
        if self.want is Want.BLOCK and not (digits and len(self.account) == ACCOUNT_DIGITS):
            raise ValueError("a block is for an account of 12 digits")


@dataclass(frozen=True)
class Digits:
    """The digits, ASCII; whoever takes them wipes them."""

    secret: Secret


@dataclass(frozen=True)
class Block:
    """The PIN as only the centre can read it."""

    pin_block: PinBlock


@dataclass(frozen=True)
class EntryCancelled:
    """The person pressed cancel, or nobody waits for the PIN any more."""


@dataclass(frozen=True)
class EntryTimedOut:
    """The PIN was not confirmed in time (EntryTimeout)."""


Outcome = Digits | Block | EntryCancelled | EntryTimedOut

Heard = Callable[[int], None]
"""Told how many digits are in, for the dots and the tone; 0 when the entry begins."""


class PinPad(Device, Protocol):
    """A pad, on the screen or of steel; two pads look the same to who asks for a PIN."""

    def enter(
        self, cancel: threading.Event, timeout_s: float, entry: Entry, heard: Heard
    ) -> Outcome:
        """Let a person enter a PIN within so many seconds; `heard` is called on this thread.

        The digits leave the pad only in `Digits`; on every other way out they are wiped.
        """
        ...
