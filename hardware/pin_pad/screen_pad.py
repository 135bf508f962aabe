"""The keypad on the screen: where the digits lie, and what was pressed; it draws nothing."""

import queue
import random
import threading
import time
from enum import StrEnum

from hardware.device import Capabilities, Media, State, Status
from hardware.fault import Cure, DeviceFault
from hardware.pin_pad.entry import (
    NAME,
    Block,
    Digits,
    Entry,
    EntryTimedOut,
    Heard,
    Outcome,
    Want,
)
from hardware.pin_pad.keys import Key, NextKey, collect, handed_over
from hardware.pin_pad.pin_block import CentreKey, PinBlockError, public_key, seal
from hardware.secret import Secret

_LOOK_UP_S = 0.05  # how soon a waiting entry hears that it is cancelled
_TELEPHONE = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)


class Layout(StrEnum):
    """Where the digits lie; a fixed layout is for who cannot see them."""

    SHUFFLED = "shuffled"
    FIXED = "fixed"


class Keypad:
    """The keypad of one entry, for the UI thread; pressed after its entry it does nothing.

    `layout` is the digit at each of ten positions: three rows of three, and the one below.
    """

    def __init__(self, layout: tuple[int, ...]) -> None:
        self.layout = layout
        self.pressed: queue.SimpleQueue[int | Key] = queue.SimpleQueue()

    def press(self, position: int) -> None:
        """Press the digit at a position, 0 to 9."""
        self.pressed.put(self.layout[position])

    def backspace(self) -> None:
        """Take the last digit back."""
        self.pressed.put(Key.BACKSPACE)

    def clear(self) -> None:
        """Take all digits back."""
        self.pressed.put(Key.CLEAR)

    def enter(self) -> None:
        """Say that this is the PIN; nothing if it is too short."""
        self.pressed.put(Key.ENTER)

    def cancel(self) -> None:
        """Give the entry up."""
        self.pressed.put(Key.CANCEL)


class ScreenPad:
    """The on-screen PIN pad. `keypad` is the one to show now, None while no PIN is asked for.

    `centre` is the key for PIN blocks and may be replaced from any thread; without one there are
    only digits. The digits are kept in memory that is wiped. `DeviceFault`: `key_not_found`
    (attendant) if the centre's key is missing or is none. Source: docs/devices/pin_pad.md.
    """

    name = NAME

    def __init__(self, layout: Layout = Layout.SHUFFLED, centre: CentreKey | None = None) -> None:
        self.centre = centre
        self.keypad: Keypad | None = None
        self._layout = layout
        self._random = random.SystemRandom()

    def capabilities(self) -> Capabilities:
        """Give what it can do."""
        block = [Want.BLOCK] if self.centre else []
        return Capabilities("PinPad", "screen", frozenset({Want.DIGITS, self._layout, *block}))

    def status(self) -> Status:
        """Say that it is there: the screen that shows it is another device."""
        return Status(State.ONLINE)

    def reset(self) -> Media:
        """Take the keypad away; a pad holds nothing."""
        self.keypad = None
        return Media.UNKNOWN

    def close(self) -> None:
        """Take the keypad away."""
        self.keypad = None

    def enter(
        self, cancel: threading.Event, timeout_s: float, entry: Entry, heard: Heard
    ) -> Outcome:
        """Show a keypad until a PIN is entered; see `PinPad.enter`."""
        centre = self._centre() if entry.want is Want.BLOCK else None
        keypad = Keypad(self._laid_out())
        next_key = _keys_of(keypad, cancel, time.monotonic() + timeout_s)
        with Secret() as pin:
            self.keypad = keypad
            try:
                given_up = collect(pin, next_key, entry.minimum, entry.maximum, heard)
            finally:
                self._take_away(keypad)
            if given_up is not None:
                return given_up
            if centre is not None:
                return Block(seal(pin, entry.account, centre))
            return Digits(handed_over(pin))

    def _take_away(self, keypad: Keypad) -> None:
        """Take this keypad away, unless another entry shows its own already."""
        if self.keypad is keypad:
            self.keypad = None

    def _centre(self) -> CentreKey:
        """Give the key for blocks, before anybody has typed anything for nothing."""
        centre = self.centre
        if centre is None:
            raise DeviceFault(NAME, Cure.ATTENDANT, "key_not_found")
        try:
            public_key(centre)
        except PinBlockError as error:
            raise DeviceFault(NAME, Cure.ATTENDANT, "key_not_found") from error
        return centre

    def _laid_out(self) -> tuple[int, ...]:
        if self._layout is Layout.FIXED:
            return _TELEPHONE
        return tuple(self._random.sample(_TELEPHONE, len(_TELEPHONE)))


def _keys_of(keypad: Keypad, cancel: threading.Event, until: float) -> NextKey:
    def next_key() -> int | Key | EntryTimedOut:
        while not cancel.is_set():
            left = until - time.monotonic()
            if left <= 0:
                return EntryTimedOut()
            try:
                return keypad.pressed.get(timeout=min(left, _LOOK_UP_S))
            except queue.Empty:
                continue
        return Key.CANCEL

    return next_key
