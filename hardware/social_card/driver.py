"""The slot of a card reader that pcscd knows: cards in, powered chips out."""

import math
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from hardware.device import Capabilities, Media, State, Status
from hardware.fault import Cure, DeviceFault
from hardware.social_card.pcsc_codes import scard
from hardware.social_card.resource_manager import NOTIFICATION, Handle, ResourceManager
from hardware.t0 import BadAnswer, follow_up

NAME = "social_card"
_LOOK_UP_S = 0.2  # how soon a waiting command hears that it is cancelled
_PAUSE_S = 0.1  # between two looks for a reader that is away
_SETTLE_S = 1.0  # pcscd shows a slot that it has just found empty, until the card in it answers
_GRACE_S = 3.0  # how long a reader or pcscd may be away while somebody waits for a card
# device_not_ready: a pcscd that is just going or coming may refuse its clients for a moment.
_COMES_BACK = frozenset({"offline", "no_device", "device_not_ready"})


class PcscSlot:
    """A dip reader: the person puts the card in and pulls it out; for its worker's thread.

    `reader` is a part of the reader's name, "" for the first one. `apdu_s`: how long the card may
    take for one command. Nothing is opened before the first command; pcscd and the reader may go
    and come back at any time. Faults and their cures: docs/devices/social_card.md.
    """

    def __init__(self, reader: str = "", apdu_s: float = 5.0) -> None:
        self._reader = reader
        self._pcscd = ResourceManager(NAME, apdu_s)
        self._absence = _Absence()

    @property
    def name(self) -> str:
        """The name in faults."""
        return NAME

    def capabilities(self) -> Capabilities:
        """A dip reader with contacts for the chip; it keeps no card."""
        return Capabilities("CardReader", "dip", frozenset({"chip"}))

    def status(self) -> Status:
        """Tell that the reader is there, and whether a card is in it."""
        return Status(State.ONLINE, media=self._media())

    def reset(self) -> Media:
        """Begin anew with pcscd, and tell where the card is; no card moves."""
        self._pcscd.close()
        return self._media()

    def close(self) -> None:
        """Let go of pcscd; the next command finds it again."""
        self._pcscd.close()

    def accept(self, cancel: threading.Event, timeout_s: float) -> bool:
        """Wait for a card; a reader or a pcscd that is away for 3 s only is waited for too."""
        return self._wait_for(cancel, timeout_s, present=True)

    def give_back(self, cancel: threading.Event, timeout_s: float) -> Media:
        """Wait until the card was pulled; to ask for it is the screen's.

        A slot that was only just found, or found again, is empty once it was so for 1 s: for this
        the answer may come about so much after its time. One cancelled before is `PRESENT`.
        """
        gone = self._wait_for(cancel, timeout_s, present=False)
        return Media.NOT_PRESENT if gone else Media.PRESENT

    def retain(self) -> Media:
        """Tell where the card is: a dip reader has no bin."""
        return self._media()

    def card_present(self) -> bool:
        """Whether a card is in the slot, mute ones too."""
        return self._look(0)

    @contextmanager
    def session(self) -> Generator["PcscChip"]:
        """Power the chip for our own use alone; on leaving it loses its power and its PIN state.

        Raises `ChipMute`, `ChipGone`, and `device_not_ready` if another program holds the card.
        """
        handle = self._pcscd.connect(self._name_of_reader())
        try:
            yield PcscChip(self._pcscd, handle)
        finally:
            self._pcscd.disconnect(handle)

    def _media(self) -> Media:
        return Media.PRESENT if self.card_present() else Media.NOT_PRESENT

    def _wait_for(self, cancel: threading.Event, timeout_s: float, *, present: bool) -> bool:
        until = time.monotonic() + timeout_s
        latest = until + 2 * _SETTLE_S  # the first look itself may take a while
        away_since: float | None = None
        while True:
            left = max(0.0, until - time.monotonic())
            try:
                unless = present or not self._absence.believed  # then it may show a card yet
                found = self._look(min(left, _LOOK_UP_S), unless=unless)
                if found == present and (present or self._absence.believed):
                    return True
                away_since = None
                if found == present:  # to be looked at again, within its time or a little later
                    until = max(until, min(self._absence.settles_at, latest))
                    left = max(left, until - time.monotonic())
            except DeviceFault as fault:
                now = time.monotonic()
                away_since = away_since or now
                if fault.detail not in _COMES_BACK or min(left, away_since + _GRACE_S - now) <= 0:
                    raise
                cancel.wait(_PAUSE_S)
            if cancel.is_set() or not left:
                return False

    def _look(self, wait_s: float, *, unless: bool = True) -> bool:
        """Whether a card is in; waits so long for a change, unless it is already as wanted."""
        try:
            found = _has_card(self._state(wait_s, unless=unless))
        except DeviceFault:
            self._absence.doubt()
            raise
        self._absence.hear(self._pcscd.contexts, card=found)
        return found

    def _state(self, wait_s: float, *, unless: bool) -> int:
        reader = self._name_of_reader()
        (state,) = self._pcscd.states([(reader, scard.SCARD_STATE_UNAWARE)], 0)
        if wait_s and _has_card(state) != unless:
            rows = [(reader, state), (NOTIFICATION, scard.SCARD_STATE_UNAWARE)]
            state = self._pcscd.states(rows, wait_s)[0]
        if not state & (scard.SCARD_STATE_PRESENT | scard.SCARD_STATE_EMPTY):
            raise _no_device()  # unplugged while we waited: nothing is said of a card
        return state

    def _name_of_reader(self) -> str:
        names = self._pcscd.readers()
        found = next((name for name in names if self._reader in name), None)
        if found is None:
            raise _no_device()
        return found


class _Absence:
    """Whether an empty slot is believed to be empty.

    It is once a card was seen by the same context, or none for `_SETTLE_S`, until the next fault.
    """

    def __init__(self) -> None:
        self.believed = False
        self._context = 0
        self.settles_at = math.inf  # when a slot that was seen empty, and stays so, is believed

    def doubt(self) -> None:
        """The reader or pcscd was away."""
        self.believed, self.settles_at = False, math.inf

    def hear(self, context: int, *, card: bool) -> None:
        """Take in what pcscd says of the slot, and which context said it."""
        if context != self._context:
            self._context = context
            self.doubt()
        now = time.monotonic()
        self.settles_at = min(self.settles_at, now + _SETTLE_S)
        self.believed = self.believed or card or now >= self.settles_at


class PcscChip:
    """A chip behind pcscd, powered until the session ends."""

    def __init__(self, pcscd: ResourceManager, handle: Handle) -> None:
        self._pcscd = pcscd
        self._handle = handle

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return self._handle.atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Give the R-APDU, 61xx and 6Cxx followed up. `command` is the caller's, to be wiped."""
        try:
            return follow_up(self._exchange, command)
        except BadAnswer as error:
            raise DeviceFault(NAME, Cure.RETRY, "invalid_data") from error

    def _exchange(self, command: bytes | bytearray) -> bytes:
        return self._pcscd.transmit(self._handle, command)


def _no_device() -> DeviceFault:
    return DeviceFault(NAME, Cure.REPLUG, "no_device")


def _has_card(state: int) -> bool:
    return bool(state & scard.SCARD_STATE_PRESENT)
