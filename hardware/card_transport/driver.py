"""The motorised card reader: a slot that draws a card in, speaks to its chip, and gives it back."""

import contextlib
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum

from hardware.card_transport import commands
from hardware.card_transport.chip import MotorChip
from hardware.card_transport.position import EMPTY, INSIDE, Event, Position, after, media
from hardware.card_transport.profile import Profile, read_profile
from hardware.card_transport.reader import NAME, Interrupted, Reader, Refused, invalid, jammed
from hardware.chip import Chip, ChipGone, ChipMute
from hardware.device import Capabilities, Media, State, Status, Supply
from hardware.fault import Cure, DeviceFault

__all__ = ["CardFound", "MotorSlot", "Position", "Profile", "read_profile"]

POLL_S = 0.2
_SHORTEST_ATR = 2
_STATUS_WORD = 2
_NEVER = threading.Event()


class CardFound(StrEnum):
    """What `reset` does with a card that it finds (XFS4IoT's power-on option)."""

    EXIT = "exit"
    RETAIN = "retain"
    LEAVE = "leave"


_RESETS = {
    CardFound.EXIT: commands.INITIALISE_EXIT,
    CardFound.RETAIN: commands.INITIALISE_CAPTURE,
    CardFound.LEAVE: commands.INITIALISE_LEAVE,
}


class MotorSlot:
    """A CRT-591 on a serial port: a `CardSlot`; for one thread at a time (its `Worker`).

    Nothing is opened before the first command. No fault is final: the next command opens the port
    again if need be, clears the line, asks for the status, initialises a device that lost its
    power (moving no card), shuts the gate and takes the power off the chip. Source:
    docs/devices/card_transport.md.

    No move is ever sent while nothing is in the way: the device would take a card from the
    stacker. A card at the gate may be gone the next moment: so it is drawn in first, as one that is
    inserted, and moved only then.
    """

    def __init__(
        self,
        port: str,
        baudrate: int = 9600,
        profile: Profile | None = None,
        card_found: CardFound = CardFound.EXIT,
    ) -> None:
        self._profile = profile or Profile()
        self._card_found = card_found
        self._reader = Reader(port, baudrate, self._profile)

    @property
    def name(self) -> str:
        """Its folder's name."""
        return NAME

    @property
    def position(self) -> Position:
        """Where the card is, as the device said last; asks nothing."""
        return self._reader.position

    def capabilities(self) -> Capabilities:
        """Give what it can do; asks nothing of the device."""
        features = ["chip", "retain", "sensors"] + ["dispense"] * self._profile.stacker
        return Capabilities("CardReader", "motor", frozenset(features))

    def status(self) -> Status:
        """Ask where the card is and how full stacker and bin are; moves nothing."""
        reply = self._reader.ask(commands.STATUS)
        place, levels = media(self.position), commands.supplies(reply, self._profile)
        if self.position is Position.JAMMED:
            return Status(State.HARDWARE_ERROR, place, levels, "media_jam", Cure.ATTENDANT)
        if levels.get("retain_bin") is Supply.FULL:
            return Status(State.ONLINE, place, levels, "retain_bin_full", Cure.REFILL)
        return Status(State.ONLINE, place, levels)

    def reset(self) -> Media:
        """Initialise it; a card inside goes where `card_found` says. Gives where it is now."""
        if self._reader.look() is Position.AT_GATE and self._card_found is CardFound.RETAIN:
            self._draw_in(_NEVER, self._profile.path_s)
        self._reader.twice(lambda: self._reader.ask(_RESETS[self._card_found]))
        return media(self.position)

    def close(self) -> None:
        """Let go of the port; the next command takes it again."""
        self._reader.close()

    def accept(self, cancel: threading.Event, timeout_s: float) -> bool:
        """Open the gate and wait until a card was drawn in; the gate is shut again in any case.

        True also when a card was inside already, or came in the moment nobody waited any more.
        """
        if self._reader.look() in INSIDE:
            return True
        if self.position is Position.JAMMED:
            raise jammed()
        self._reader.note(Event.EXPECT)
        return self._draw_in(cancel, timeout_s)

    def card_present(self) -> bool:
        """Whether a card is in the slot now, at its gate too."""
        return self._reader.look() not in EMPTY

    @contextmanager
    def session(self) -> Generator[Chip]:
        """Bring the card to the contacts and power its chip; on leaving its power is taken off."""
        try:
            chip = MotorChip(self._reader.twice(self._power_up), self._transmit)
            try:
                yield chip
            finally:
                chip.end()
        finally:
            # A device that is gone is told by the next command, which takes the power off first:
            # whoever leaves with a result must get it.
            with contextlib.suppress(DeviceFault):
                self._power_off()

    def give_back(self, cancel: threading.Event, timeout_s: float) -> Media:
        """Bring the card to the gate and wait until a hand took it: NOT_PRESENT.

        PRESENT when it still sticks there at the end of the time. A card that cannot be moved is
        `media_jam`.
        """
        self._reader.look()
        self._reader.twice(self._to_gate)
        taken = _await(lambda: self._reader.look() in EMPTY, cancel, timeout_s)
        return Media.NOT_PRESENT if taken else Media.PRESENT

    def retain(self) -> Media:
        """Capture the card to the bin: RETAINED; NOT_PRESENT when none was there, or was taken."""
        before = self._reader.look()
        if before is Position.AT_GATE:
            self._draw_in(_NEVER, self._profile.path_s)
            before = self.position
        if before in EMPTY:
            return Media.NOT_PRESENT
        self._reader.twice(lambda: self._capture(before))
        return media(self.position)

    def feed(self) -> Media:
        """Take a blank card from the stacker in: PRESENT. An empty stacker is `no_media`."""
        if self._reader.look() not in EMPTY:
            raise DeviceFault(NAME, Cure.RETRY, "occupied")
        self._reader.note(Event.EXPECT)
        self._reader.twice(self._feed)
        return media(self.position)

    def sensors(self) -> tuple[bool, ...]:
        """Give the light barriers in the device's own order, True where a card interrupts one."""
        return tuple(byte == ord("1") for byte in self._reader.ask(commands.SENSORS).data)

    def bin_count(self) -> int:
        """Give how many cards were captured since the count was set to 0."""
        data = self._reader.ask(commands.BIN_COUNT).data
        if not (data.isdigit() and len(data) <= commands.BIN_COUNT.largest):
            raise invalid()
        return int(data)

    def bin_emptied(self) -> None:
        """Set the count of captured cards to 0: somebody has emptied the bin."""
        self._reader.ask(commands.SET_BIN_COUNT, b"000")

    def serial_number(self) -> str:
        """Give the device's serial number, "" if it has none."""
        data = self._reader.ask(commands.SERIAL_NUMBER).data
        counted = bool(data) and data[0] == len(data) - 1  # its first byte is its length
        return _printable(data[1:] if counted else data)

    def firmware(self) -> str:
        """Give the name of the device's software."""
        return _printable(self._reader.ask(commands.FIRMWARE).data)

    def _draw_in(self, cancel: threading.Event, timeout_s: float) -> bool:
        """Open the gate until a card is inside; also one that stands at the gate."""
        try:
            _await(self._entered, cancel, timeout_s)
        finally:
            if self._reader.in_step:  # or else it is shut before the next command
                self._reader.ask(commands.FORBID)
                self._reader.gate_open = False
        return self._reader.look() in INSIDE

    def _entered(self) -> bool:
        """Look for a card, with the gate open; it is shut whenever the device was lost."""
        if not self._reader.gate_open:
            self._reader.ask(commands.ALLOW)
            self._reader.gate_open = True
        return self._reader.look() in INSIDE

    def _to_gate(self) -> None:
        if self.position in INSIDE:
            self._reader.ask(commands.TO_GATE)
        elif self.position is Position.JAMMED:
            self._reader.ask(commands.INITIALISE_EXIT)

    def _capture(self, before: Position) -> None:
        if self.position in INSIDE:
            self._reader.ask(commands.CAPTURE)
        elif self.position not in EMPTY:
            self._reader.ask(commands.INITIALISE_CAPTURE)
        elif before in INSIDE:  # its answer was lost; and no hand can take a card from there
            self._reader.position = after(before, Event.CAPTURED)

    def _feed(self) -> None:
        if self.position in EMPTY:
            self._reader.ask(commands.FEED)

    def _power_up(self) -> bytes:
        """Give the ATR."""
        if self._reader.look() is Position.JAMMED:
            raise jammed()
        if self.position not in INSIDE:
            raise ChipGone
        if self.position is not Position.IN_CONTACT:
            self._reader.ask(commands.TO_CONTACT)
        try:
            voltage = self._profile.voltage.encode("ascii")
            data = self._reader.ask(commands.COLD_RESET, voltage).data
        except Refused as no:
            raise (no.row.chip or no) from None
        if len(data) <= _SHORTEST_ATR:  # type byte, ATR
            raise ChipMute
        return data[1:]

    def _power_off(self) -> None:
        if self._reader.powered and self._reader.in_step:
            self._reader.ask(commands.POWER_OFF)
            self._reader.powered = False

    def _transmit(self, command: bytes) -> bytes:
        """Give the R-APDU; a command whose answer was lost is never sent again: `ChipGone`."""
        if not self._reader.powered:
            raise ChipGone
        try:
            answer = self._reader.ask(commands.APDU, command).data
        except Interrupted:
            raise ChipGone from None
        except Refused as no:
            raise (no.row.chip or no) from None
        if len(answer) < _STATUS_WORD:
            raise invalid()
        return answer


def _await(done: Callable[[], bool], cancel: threading.Event, timeout_s: float) -> bool:
    """Ask again and again until it is so; one look at least."""
    until = time.monotonic() + timeout_s
    while not done():
        left = until - time.monotonic()
        if left <= 0 or cancel.wait(min(POLL_S, left)):
            return False
    return True


def _printable(data: bytes) -> str:
    """Give the letters of a device's own text."""
    return "".join(chr(byte) for byte in data if chr(byte).isascii() and chr(byte).isprintable())
