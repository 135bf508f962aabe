"""A relay and input board without hardware: the same bytes, at the same pace, from a pty."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from hardware.auxiliaries import frames
from hardware.auxiliaries.profile import WORDS, Inputs, Profile, Word
from hardware.wire.serial_device import Order, SerialDevice

_NAMES = {
    frames.READ_COILS: "read_coils",
    frames.READ_INPUTS: "read_inputs",
    frames.WRITE_COIL: "write_coil",
    frames.WRITE_COILS: "write_coils",
}
_COIL = {0x0000: False, 0xFF00: True}
_HISTORY = 1000


class Refusal(Exception):  # noqa: N818 - an answer of the board
    """The board answers with this exception code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class BoardFirmware:
    """What is inside the board: coils that are off at power-on, inputs, four functions."""

    def __init__(self, unit: int, coils: int, inputs: int) -> None:
        self.unit = unit
        self.coils = [False] * coils
        self.inputs = [False] * inputs
        self.history: deque[tuple[float, tuple[bool, ...]]] = deque(maxlen=_HISTORY)
        """Every change of the coils, with its monotonic time."""
        self._pending = bytearray()
        self._functions: dict[int, Callable[[bytes], bytes]] = {
            frames.READ_COILS: lambda frame: self._read(self.coils, frame),
            frames.READ_INPUTS: lambda frame: self._read(self.inputs, frame),
            frames.WRITE_COIL: self._write_coil,
            frames.WRITE_COILS: self._write_coils,
        }

    def power_on(self) -> None:
        """Switch every coil off and forget half a request."""
        self._pending.clear()
        self._switch(0, [False] * len(self.coils))

    def hear(self, data: bytes) -> Iterable[Order]:
        """Give the requests that are for this unit, or for all."""
        self._pending += data
        for frame in frames.split_requests(self._pending):
            if frame[0] in (self.unit, frames.BROADCAST):
                yield Order(_NAMES.get(frame[1], "unknown"), frame)

    def obey(self, order: Order) -> bytes:
        """Carry a request out and give its answer, an exception's too; none to a broadcast."""
        function = order.frame[1]
        try:
            body = bytes([function]) + self._functions.get(function, _unknown)(order.frame)
        except Refusal as refusal:
            body = bytes([function | frames.REFUSED, refusal.code])
        if order.frame[0] == frames.BROADCAST:
            return b""
        return frames.seal(bytes([self.unit]) + body)

    def _read(self, bits: list[bool], frame: bytes) -> bytes:
        first, count = _span(frame, frames.MOST_READ, len(bits))
        data = frames.pack(tuple(bits[first : first + count]))
        return bytes([len(data)]) + data

    def _write_coil(self, frame: bytes) -> bytes:
        value = int.from_bytes(frame[4:6], "big")
        if value not in _COIL:
            raise Refusal(frames.ILLEGAL_VALUE)
        first = int.from_bytes(frame[2:4], "big")
        if first >= len(self.coils):
            raise Refusal(frames.ILLEGAL_ADDRESS)
        self._switch(first, [_COIL[value]])
        return frame[2:6]

    def _write_coils(self, frame: bytes) -> bytes:
        first, count = _span(frame, frames.MOST_WRITTEN, len(self.coils))
        if frame[6] != (count + 7) // 8:
            raise Refusal(frames.ILLEGAL_VALUE)
        self._switch(first, list(frames.unpack(frame[7:-2], count)))
        return frame[2:6]

    def _switch(self, first: int, values: list[bool]) -> None:
        before = tuple(self.coils)
        self.coils[first : first + len(values)] = values
        if tuple(self.coils) != before:
            self.history.append((time.monotonic(), tuple(self.coils)))


def _unknown(_frame: bytes) -> bytes:
    raise Refusal(frames.ILLEGAL_FUNCTION)


def _span(frame: bytes, most: int, there: int) -> tuple[int, int]:
    """Give the first bit asked for and how many; refused if there are not so many."""
    first, count = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
    if not 1 <= count <= most:
        raise Refusal(frames.ILLEGAL_VALUE)
    if first + count > there:
        raise Refusal(frames.ILLEGAL_ADDRESS)
    return first, count


class AuxiliariesSimulator(SerialDevice):
    """A board plugged in at `link`, with the lamps and contacts of `profile` on it.

    Orders for the language of faults: read_coils, read_inputs, write_coil, write_coils.
    """

    def __init__(
        self,
        link: Path | str,
        profile: Profile,
        unit: int = 1,
        baudrate: int = 9600,
        firmware: BoardFirmware | None = None,
    ) -> None:
        self.board = firmware or BoardFirmware(unit, profile.coils, profile.contacts)
        super().__init__(link, baudrate, self.board)
        self._profile = profile
        for name in profile.inputs:
            self.set(name, WORDS[name][0])

    def lit(self, name: str) -> bool:
        """Whether a lamp, or the alarm, is on this moment."""
        return self.board.coils[self._profile.outputs[name]]

    def lights(self) -> dict[str, bool]:
        """Give which lamps are on this moment, the alarm among them."""
        return {name: self.lit(name) for name in self._profile.outputs}

    def set(self, name: str, word: str) -> None:
        """Press, open, plug in: let a contact say this word; ValueError if it cannot."""
        contact, words = self._profile.inputs[name], WORDS[name]
        active = words.index(Word(word)) == 1
        self.board.inputs[contact.number] = active is contact.active

    def inputs(self) -> Inputs:
        """Give what the contacts say."""
        return self._profile.understand(tuple(self.board.inputs))
