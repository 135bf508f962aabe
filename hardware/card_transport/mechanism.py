"""The inside of a motorised reader, simulated: path, gate, stacker, bin, contacts, and a hand."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from hardware.card_transport import commands
from hardware.card_transport.commands import Command
from hardware.card_transport.frames import Reply
from hardware.card_transport.profile import Profile

FIRMWARE = b"CRT-591-MR01"
SERIAL_NUMBER = b"SIM0000000591"
_FEW = 5  # cards at which a stacker is low
_NOWHERE, _GATE, _INSIDE = "0", "1", "2"  # st0


class CardChip(Protocol):
    """The chip of a card: anything that answers."""

    def power_on(self) -> bytes:
        """Give the ATR, b"" if it is mute."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Give the R-APDU, b"" if it is mute."""
        ...

    def power_off(self) -> None:
        """Forget what is lost without power."""
        ...


@dataclass(eq=False)
class Card:
    """A plastic card; without a chip it is mute."""

    chip: CardChip | None = None


class Refuses(Exception):  # noqa: N818 - what the device does
    """The device answers e1 e0."""


class Mechanism:
    """Cards move in it, `motion_s` a move. Commands come on the line's thread, hands on any.

    `stacker` holds the blank cards. While `trouble` is an e1 e0, every move is refused with it.
    A hand that `takes` takes each card at the gate; one that `holds` lets none be drawn in.
    """

    def __init__(
        self,
        profile: Profile | None = None,
        *,
        motion_s: float = 0.05,
        stacker: Iterable[Card] = (),
        bin_size: int = 10,
    ) -> None:
        self.profile = profile or Profile()
        self.stacker = list(stacker)
        self.bin: list[Card] = []
        self.trouble = ""
        self.takes = self.holds = False
        self.wait: Callable[[float], None] = time.sleep
        self._motion_s = motion_s
        self._bin_size = bin_size
        self._lock = threading.RLock()  # guards all below
        self._card: Card | None = None
        self._place = _NOWHERE
        self._drawn_in = 0.0  # when the card that is being drawn in will be inside
        self._offered: Card | None = None
        self._torn = False  # whether a hand moved the card since the last move
        self._count = 0
        self._initialised = self._gate_open = self._contact = self._powered = False

    # What a person does.

    def insert(self, card: Card) -> bool:
        """Push a card in; False if the gate is shut, or one is in the way."""
        with self._lock:
            if not self._gate_open or self._card is not None:
                return False
            self._card, self._place = card, _GATE
            self._draw_in()
            return True

    def offer(self, card: Card) -> None:
        """Hold a card before the gate, and push it in as soon as that opens."""
        with self._lock:
            self._offered = None if self.insert(card) else card

    def take(self) -> Card | None:
        """Take the card that stands at the gate, None if none does."""
        with self._lock:
            self._settle()
            if self._place != _GATE:
                return None
            card, self._card, self._place = self._card, None, _NOWHERE
            return card

    def tear(self) -> Card | None:
        """Pull the card out by force, also from inside."""
        with self._lock:
            self._power_down()
            card, self._card, self._place = self._card, None, _NOWHERE
            self._torn = card is not None
            return card

    def left_inside(self, card: Card) -> None:
        """Let a card be inside already, from before the power came on."""
        with self._lock:
            self._card, self._place = card, _INSIDE

    def empty_bin(self) -> None:
        """Take the cards out of the bin."""
        with self._lock:
            self.bin.clear()

    @property
    def place(self) -> str:
        """The true st0, whatever the device says."""
        with self._lock:
            self._settle()
            return self._place

    @property
    def powered(self) -> bool:
        """Whether the chip has power."""
        return self._powered

    # What the device does.

    def power_on(self) -> None:
        """Forget what is lost without power; the card is where it was."""
        with self._lock:
            self._power_down()
            self._initialised = self._gate_open = self._contact = False

    def obey(self, command: Command, data: bytes) -> Reply:
        """Carry a command out and give its reply."""
        try:
            self._refuse_before_initialised(command)
            answer = self._deeds()[command](data)
        except Refuses as refuses:
            return Reply(command.code, refused=True, words=str(refuses))
        return Reply(command.code, refused=False, words=self._words(), data=answer)

    def _deeds(self) -> dict[Command, Callable[[bytes], bytes]]:
        return {
            commands.INITIALISE_EXIT: lambda _: self._initialise(_GATE),
            commands.INITIALISE_CAPTURE: lambda _: self._initialise(_NOWHERE),
            commands.INITIALISE_LEAVE: lambda _: self._initialise(self._place),
            commands.STATUS: lambda _: b"",
            commands.SENSORS: lambda _: self._sensors(),
            commands.TO_GATE: lambda _: self._move(_GATE),
            commands.TO_CONTACT: lambda _: self._move(_INSIDE, contact=True),
            commands.FEED: lambda _: self._move(_INSIDE),
            commands.CAPTURE: lambda _: self._move(_NOWHERE),
            commands.ALLOW: lambda _: self._gate(opens=True),
            commands.FORBID: lambda _: self._gate(opens=False),
            commands.COLD_RESET: lambda _: self._power_up(),
            commands.POWER_OFF: lambda _: self._power_down(),
            commands.APDU: self._transmit,
            commands.SERIAL_NUMBER: lambda _: bytes([len(SERIAL_NUMBER)]) + SERIAL_NUMBER,
            commands.FIRMWARE: lambda _: FIRMWARE,
            commands.BIN_COUNT: lambda _: b"%03d" % self._count,
            commands.SET_BIN_COUNT: self._set_count,
        }

    def _refuse_before_initialised(self, command: Command) -> None:
        if not self._initialised and command not in _INITIALISES:
            raise Refuses(commands.NOT_RESET)

    def _initialise(self, target: str) -> bytes:
        with self._lock:
            self._gate_open = self._torn = False
            self._settle()
            moves = self._card is not None and target != self._place
        if moves:
            self._move(target)
        self._initialised = True
        return FIRMWARE

    def _move(self, target: str, *, contact: bool = False) -> bytes:
        with self._lock:
            self._settle()
            self._refuse_to_move(target)
            self._power_down()
            self._contact = False
            if self._card is None:
                if not self.stacker:
                    raise Refuses("A0")
                self._card = self.stacker.pop(0)
        self.wait(self._motion_s)
        with self._lock:
            self._arrive(target, contact=contact)
        return b""

    def _refuse_to_move(self, target: str) -> None:
        if self.trouble:
            raise Refuses(self.trouble)
        if self._torn:
            self._torn = False
            raise Refuses("45")
        if self.holds and self._place == _GATE and target != _GATE:
            raise Refuses("10")
        if target == _NOWHERE and len(self.bin) >= self._bin_size:
            raise Refuses("A1")

    def _arrive(self, target: str, *, contact: bool) -> None:
        if self._card is None:  # torn out on the way
            raise Refuses("45")
        self._place, self._contact = target, contact
        if target == _NOWHERE:
            self.bin.append(self._card)
            self._card = None
            self._count += 1
        if target == _GATE and self.takes:
            self.take()

    def _gate(self, *, opens: bool) -> bytes:
        with self._lock:
            self._gate_open = opens
            if opens and self._place == _GATE:
                self._draw_in()
            elif opens and self._offered is not None and self.insert(self._offered):
                self._offered = None
        return b""

    def _draw_in(self) -> None:
        self._drawn_in = time.monotonic() + self._motion_s

    def _settle(self) -> None:
        """Let a card that is being drawn in arrive when its time has come."""
        moving = self._drawn_in and not self.holds and not self.trouble
        if moving and time.monotonic() >= self._drawn_in and self._place == _GATE:
            self._place, self._drawn_in = _INSIDE, 0.0

    def _power_up(self) -> bytes:
        with self._lock:
            chip = self._chip()
            atr = chip.power_on() if chip and self._contact else b""
            if not atr:
                raise Refuses("61")
            self._powered = True
            return b"0" + atr

    def _power_down(self) -> bytes:
        chip = self._chip()
        if chip and self._powered:
            chip.power_off()
        self._powered = False
        return b""

    def _transmit(self, command: bytes) -> bytes:
        with self._lock:
            if self._torn:
                raise Refuses("45")
            chip = self._chip()
            if chip is None or not self._powered:
                raise Refuses("65")
            answer = chip.transmit(command)
            if not answer:
                self._power_down()
                raise Refuses("63")
            return answer

    def _chip(self) -> CardChip | None:
        return self._card.chip if self._card is not None else None

    def _set_count(self, data: bytes) -> bytes:
        if not (data.isdigit() and len(data) == commands.BIN_COUNT.largest):
            raise Refuses("04")
        self._count = int(data)
        return b""

    def _sensors(self) -> bytes:
        barriers = {_NOWHERE: b"00000000", _GATE: b"11000000", _INSIDE: b"00011100"}
        return barriers[self.place]

    def _words(self) -> str:
        full = len(self.bin) >= self._bin_size
        sense = self.profile.bin_full
        levels = "0" if not self.stacker else "1" if len(self.stacker) <= _FEW else "2"
        return self.place + levels + (sense if full else str(1 - int(sense)))


_INITIALISES = (
    commands.INITIALISE_EXIT,
    commands.INITIALISE_CAPTURE,
    commands.INITIALISE_LEAVE,
)
