"""The printer behind the simulator's wire: buffer, sensors, cutter, paper; no I/O.

It stops when it cannot print, goes on answering in real time, and keeps what it was sent: when
the cause is gone it prints that, as hardware does. DLE ENQ makes it forget.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from hardware.printer.interpreter import Interpreter
from hardware.printer.paper import Strip

ROLL_M = 50.0
DOTS_PER_M = 8000
_NEAR_END_M = 3.0
_NEVER = 1 << 60

_REAL_TIME = re.compile(rb"\x10(?:\x04[\x01-\x04]|\x05[\x01\x02])")
_MAY_BEGIN_ONE = re.compile(rb"\x10[\x04\x05]?\Z")

PaperState = Literal["full", "low", "out"]
Mishap = Literal["paper_out", "media_jammed", "unplug", "silent", "stall"]
Answer = Callable[[bytes], None]


@dataclass(slots=True)
class Sensors:
    """What the printer feels."""

    near_end: bool = False
    paper_end: bool = False
    cover_open: bool = False
    cutter_error: bool = False
    jammed: bool = False

    @property
    def stopped(self) -> bool:
        """Whether it cannot print."""
        return self.paper_end or self.cover_open or self.cutter_error or self.jammed

    def byte(self, n: int) -> int:
        """The answer to DLE EOT n, 1-4 (`docs/devices/printer.md`, Status)."""
        bits = {
            1: ((0x08, self.stopped),),
            2: (
                (0x04, self.cover_open),
                (0x20, self.paper_end),
                (0x40, self.cutter_error or self.jammed),
            ),
            3: ((0x04, self.jammed), (0x08, self.cutter_error)),
            4: ((0x0C, self.near_end), (0x60, self.paper_end)),
        }
        return 0x12 + sum(bit for bit, on in bits[n] if on)


class Mechanism:
    """Bytes in, slips out."""

    def __init__(self, dots: int) -> None:
        self.sensors = Sensors()
        self.slips: list[Image.Image] = []
        self.torn: list[Image.Image] = []
        self.wire: Mishap | None = None
        """What is to happen to the wire; the one who holds it does it, and clears this."""
        self._roll_m = ROLL_M
        self._strip = Strip(dots)
        self._interpreter = Interpreter(self._strip, self._cut, self._reply)
        self._buffer: bytearray = bytearray()
        self._held: bytes = b""  # may begin a real-time command
        self._answer: Answer = lambda _: None
        self._mishap: Mishap = "paper_out"
        self._ends_at_line = self._ends_at_byte = _NEVER
        self._used = 0  # bytes ever used up

    @property
    def metres_left(self) -> float:
        """Paper on the roll."""
        return max(self._roll_m - self._strip.moved / DOTS_PER_M, 0.0)

    @property
    def waiting(self) -> int:
        """Bytes in the buffer."""
        return len(self._buffer)

    @property
    def can_work(self) -> bool:
        """Whether there is something to print and nothing against it."""
        return bool(self._buffer) and not self.sensors.stopped and not self.wire

    def receive(self, data: bytes, answer: Answer) -> None:
        """Take bytes from a link: real-time commands are obeyed now, the rest is buffered."""
        self._answer = answer
        data = self._held + data
        at = 0
        for command in _REAL_TIME.finditer(data):
            self._buffer += data[at : command.start()]
            self._obey(command[0], answer)
            at = command.end()
        tail = _MAY_BEGIN_ONE.search(data, at)
        end = tail.start() if tail else len(data)
        self._buffer += data[at:end]
        self._held = data[end:]

    def _obey(self, command: bytes, answer: Answer) -> None:
        if command[1] == 0x04:  # noqa: PLR2004 - DLE EOT; the other is DLE ENQ
            answer(bytes((self.sensors.byte(command[2]),)))
        else:
            self._buffer.clear()
            self._interpreter.forget()

    def work(self, most: int) -> None:
        """Use up to `most` bytes of the buffer, as far as the sensors allow."""
        count = 0
        moved = self._strip.moved
        while count < min(most, len(self._buffer)) and self.can_work:
            self._interpreter.feed(self._buffer[count])
            count += 1
            self._used += 1
            if self._strip.moved != moved or self._used >= self._ends_at_byte:
                moved = self._strip.moved
                self._look()
        del self._buffer[:count]

    def _look(self) -> None:
        if self.metres_left < _NEAR_END_M:
            self.sensors.near_end = self._interpreter.near_end = True
        if self.metres_left <= 0:
            self.sensors.paper_end = True
        if self._strip.moved >= self._ends_at_line or self._used >= self._ends_at_byte:
            self._happen()

    def _happen(self) -> None:
        mishap = self._mishap
        self._ends_at_line = self._ends_at_byte = _NEVER
        if mishap == "paper_out":
            self.sensors.paper_end = True
        elif mishap == "media_jammed":
            self.sensors.jammed = True
        else:
            self.wire = mishap

    def fail_after(self, mishap: Mishap, *, lines: int | None, bytes_: int | None) -> None:
        """Let it happen after so many more lines of dots, or bytes used up."""
        self._mishap = mishap
        self._ends_at_line = _NEVER if lines is None else self._strip.moved + lines
        self._ends_at_byte = _NEVER if bytes_ is None else self._used + bytes_

    def load(self, state: PaperState) -> None:
        """Put in a full or nearly used roll, or take it out; the stub is torn off."""
        if state != "low":
            self._keep(self.torn)
        self._ends_at_line = self._ends_at_byte = _NEVER
        left = {"full": ROLL_M, "low": _NEAR_END_M, "out": _NEAR_END_M}[state]
        self._roll_m = self._strip.moved / DOTS_PER_M + left
        self.sensors.near_end = self._interpreter.near_end = state == "low"
        self.sensors.paper_end = state == "out"

    def _cut(self) -> None:
        self._keep(self.slips)

    def _keep(self, pile: list[Image.Image]) -> None:
        if (paper := self._strip.take()) is not None:
            pile.append(paper)

    def _reply(self, data: bytes) -> None:
        self._answer(data)
