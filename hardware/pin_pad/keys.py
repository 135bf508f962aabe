"""The keys of a pad, and a PIN that is typed with them."""

from collections.abc import Callable
from enum import StrEnum

from hardware.pin_pad.entry import EntryCancelled, EntryTimedOut, Heard
from hardware.secret import Secret

_ZERO = ord("0")


class Key(StrEnum):
    """The keys that are no digits (entry completion of XFS4IoT)."""

    BACKSPACE = "backspace"
    CLEAR = "clear"
    ENTER = "enter"
    CANCEL = "cancel"


NextKey = Callable[[], int | Key | EntryTimedOut]
"""Waits for a key and gives it: a digit 0 to 9, another key, or that none came in time."""


def collect(
    pin: Secret, next_key: NextKey, minimum: int, maximum: int, heard: Heard
) -> EntryCancelled | EntryTimedOut | None:
    """Fill `pin` with ASCII digits; None when it is entered, else why it is not.

    `heard` is told whenever their number changes. Enter does nothing before the minimum, a digit
    nothing beyond the maximum.
    """
    heard(0)
    while True:
        key = next_key()
        if isinstance(key, EntryTimedOut):
            return key
        if key is Key.CANCEL:
            return EntryCancelled()
        if key is Key.ENTER:
            if len(pin) >= minimum:
                return None
        elif _press(pin, key, maximum):
            heard(len(pin))


def _press(pin: Secret, key: int | Key, maximum: int) -> bool:
    """Add or take back; whether the number of digits changed."""
    before = len(pin)
    if key is Key.CLEAR:
        pin.wipe()
    elif key is Key.BACKSPACE:
        _drop_last(pin)
    elif isinstance(key, int) and before < maximum:
        pin.append(_ZERO + key)
    return len(pin) != before


def _drop_last(pin: Secret) -> None:
    """Take the last digit back; nothing of it, or of a moved buffer, is left."""
    with memoryview(pin.data) as digits:
        shorter = bytearray(digits[: max(0, len(digits) - 1)])
    pin.wipe()
    pin.data = shorter


def handed_over(pin: Secret) -> Secret:
    """Give the digits to another owner; `pin` has none any more."""
    given, pin.data = Secret(pin.data), bytearray()
    return given
