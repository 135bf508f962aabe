"""The wire of a simulated device: every answer passes here, and here it goes wrong."""

import threading
from collections.abc import Callable
from typing import Protocol

from hardware.wire.faults import SOUND, Kind, WireFault


class Line(Protocol):
    """What carries an answer to the host."""

    def send(self, data: bytes) -> None:
        """Send at the line's own pace; nothing if the host is gone."""
        ...


class Wire:
    """The faults of one simulated device; may be told anything from any thread.

    `unplug` and `power_cycle` carry out what their kinds say; they may be called on the line's own
    thread, and then must not wait for it. A fault without `only` and `after` that pulls the plug
    does so at once.
    """

    def __init__(self, unplug: Callable[[], None], power_cycle: Callable[[], None]) -> None:
        self._deeds = {Kind.UNPLUG: unplug, Kind.POWER_CYCLE: power_cycle}
        self._changed = threading.Condition()  # guards all below
        self._fault = SOUND
        self._skip = 0
        self._left: int | None = None
        self._last = b""
        self._changes = 0
        self._listeners: list[Callable[[], None]] = []

    @property
    def fault(self) -> WireFault:
        """What is wrong now."""
        return self._fault

    @property
    def half_open(self) -> bool:
        """Whether the line takes nothing from the host."""
        return self._fault.kind is Kind.HALF_OPEN

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change of the fault."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Call `listener` no more."""
        self._listeners.remove(listener)

    def go_wrong(self, fault: WireFault) -> None:
        """Let commands from now on go wrong in this way; an answer that waits comes now."""
        with self._changed:
            self._fault, self._skip, self._left = fault, fault.after, fault.times
        self.interrupt()
        for listener in list(self._listeners):
            listener()
        deed = self._deeds.get(fault.kind)
        if deed and not fault.only and not fault.after:
            deed()

    def interrupt(self) -> None:
        """End every `wait` now: the plug is pulled, or the fault has changed."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def go_right(self) -> None:
        """End every fault; a plug that was pulled stays pulled until the simulator's `plug`."""
        self.go_wrong(SOUND)

    def heard(self, command: str) -> "Passage":
        """Give how this command and its answer fare; to be asked once a command."""
        with self._changed:
            return Passage(self, self._due(command))

    def _due(self, command: str) -> WireFault:
        fault = self._fault
        if fault.only and fault.only != command:
            return SOUND
        if self._skip:
            self._skip -= 1
            return SOUND
        if self._left == 0:
            return SOUND
        if self._left is not None:
            self._left -= 1
        return fault

    def wait(self, seconds: float) -> None:
        """Let time pass, until `interrupt` at the longest."""
        with self._changed:
            changes = self._changes
            self._changed.wait_for(lambda: self._changes != changes, seconds)

    def swap(self, reply: bytes) -> bytes:
        """Remember this answer and give the one before it (the same at first)."""
        before, self._last = self._last or reply, reply
        return before

    def do(self, kind: Kind) -> None:
        """Pull the plug, or let the power go."""
        self._deeds[kind]()


class Passage:
    """The way of one command and its answer."""

    def __init__(self, wire: Wire, fault: WireFault) -> None:
        self._wire, self._fault = wire, fault

    @property
    def deaf(self) -> bool:
        """Whether the device never hears the command: then it must neither obey nor answer."""
        return self._fault.kind in (Kind.SILENCE, Kind.HALF_OPEN)

    @property
    def cut(self) -> bool:
        """Whether the plug is pulled now: then the device must not obey; `deliver` pulls it."""
        return self._fault.kind in (Kind.UNPLUG, Kind.POWER_CYCLE)

    def deliver(self, line: Line, sent: bytes, reply: bytes) -> None:
        """Send what becomes of `reply`, the answer to the bytes `sent`."""
        fault, wire = self._fault, self._wire
        if self.cut:
            wire.do(fault.kind)
            return
        before = wire.swap(reply)
        if self.deaf or fault.kind is Kind.DID_IT:
            return
        bend = _BENDS.get(fault.kind)
        pieces = bend(fault, sent, before, reply) if bend else [reply]
        for index, piece in enumerate(pieces):
            if index or fault.kind is Kind.DELAY:
                wire.wait(fault.seconds)
            line.send(piece)


Bend = Callable[[WireFault, bytes, bytes, bytes], list[bytes]]
"""Of the fault, what was sent, the answer before and the answer, the pieces that come out."""


def _halves(_fault: WireFault, _sent: bytes, _before: bytes, reply: bytes) -> list[bytes]:
    half = (len(reply) + 1) // 2
    return [reply[:half], reply[half:]]


def _flipped(reply: bytes, bit: int) -> bytes:
    """Give the answer with one bit wrong; beyond its end nothing is."""
    bent = bytearray(reply)
    if bit < 8 * len(bent):
        bent[bit // 8] ^= 0x80 >> bit % 8
    return bytes(bent)


_BENDS: dict[Kind, Bend] = {
    Kind.DROP_LAST: lambda fault, _s, _b, reply: [reply[: max(0, len(reply) - fault.count)]],
    Kind.FLIP_BIT: lambda fault, _s, _b, reply: [_flipped(reply, fault.count)],
    Kind.GARBAGE: lambda fault, _s, _b, reply: [fault.bytes + reply],
    Kind.NOISE: lambda fault, _s, _b, reply: [reply + fault.bytes],
    Kind.ECHO: lambda _f, sent, _b, reply: [sent + reply],
    Kind.TWICE: lambda _f, _s, _b, reply: [reply + reply],
    Kind.HALVES: _halves,
    Kind.OTHER: lambda _f, _s, before, _r: [before],
    Kind.DRIP: lambda _f, _s, _b, reply: [reply[at : at + 1] for at in range(len(reply))],
}
"""What comes out of the wire; a kind that is not here leaves the answer as it is."""
