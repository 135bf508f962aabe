"""The printer behind the simulator's wire: buffer, sensors, cutter, paper; no I/O.

It stops when it cannot print, goes on answering in real time, and keeps what it was sent: when
the cause is gone it prints that, as hardware does. DLE ENQ makes it forget, or not even that.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from hardware.printer.interpreter import Command, Interpreter
from hardware.printer.paper import Strip
from hardware.wire.faults import WireFault
from hardware.wire.wire import Passage, Wire

ROLL_M = 50.0
DOTS_PER_M = 8000
BUFFER, CHUNK = 65536, 4096
_NEAR_END_M = 3.0
_NEVER = 1 << 60

_REAL_TIME = re.compile(rb"\x10(?:\x04[\x01-\x04]|\x05[\x01\x02])")
_MAY_BEGIN_ONE = re.compile(rb"\x10[\x04\x05]?\Z")
_ECHO = b"\x1d\x72\x01"

PaperState = Literal["full", "low", "out"]
Mishap = Literal["paper_out", "media_jammed", "cover_open", "cutter_error"] | WireFault
Answer = Callable[[Passage, bytes, bytes], None]
"""Takes how an answer fares on the wire, the command as it came, and the answer."""


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

    def report(self) -> bytes:
        """The four bytes of ASB (`docs/devices/printer.md`, Reports)."""
        bits = (
            ((0x10, True), (0x08, self.stopped), (0x20, self.cover_open)),
            ((0x04, self.jammed), (0x08, self.cutter_error)),
            ((0x03, self.near_end), (0x0C, self.paper_end)),
            (),
        )
        return bytes(sum(bit for bit, on in row if on) for row in bits)


_MISHAPS = {
    "paper_out": "paper_end",
    "media_jammed": "jammed",
    "cover_open": "cover_open",
    "cutter_error": "cutter_error",
}
"""What the sensors feel of each."""


class Mechanism:
    """Bytes in, slips out. `wire` is asked how each command fares before it is done.

    `echoes`: it knows GS r. `forgets`: DLE ENQ empties its buffer at any time; of many printers
    it does so after an error of the cutter only. `reports` are the changes that it tells unasked
    (GS a n), `stubborn`: whatever GS a says.
    """

    def __init__(self, dots: int, wire: Wire, buffer: int = BUFFER) -> None:
        self.sensors = Sensors()
        self.slips: list[Image.Image] = []
        self.torn: list[Image.Image] = []
        self.due: Callable[[], None] | None = None
        """What is to happen to the plug; the one who holds it does it, and clears this."""
        self.used = 0
        """Bytes ever used up."""
        self.forgets = True
        self.reports = 0
        self.stubborn = False
        self._wire = wire
        self._most = buffer
        self._roll_m = ROLL_M
        self._strip = Strip(dots)
        self._interpreter = Interpreter(self._strip, self)
        self._buffer: bytearray = bytearray()
        self._held: bytes = b""  # may begin a real-time command
        self._told = b""  # the last report
        self._answer: Answer = lambda _passage, _sent, _reply: None
        self._mishap: Mishap = "paper_out"
        self._ends_at_line = self._ends_at_byte = _NEVER

    @property
    def echoes(self) -> bool:
        """Whether it knows GS r."""
        return self._interpreter.echoes

    @echoes.setter
    def echoes(self, on: bool) -> None:
        self._interpreter.echoes = on

    @property
    def metres_left(self) -> float:
        """Paper on the roll."""
        return max(self._roll_m - self._strip.moved / DOTS_PER_M, 0.0)

    @property
    def waiting(self) -> int:
        """Bytes in the buffer."""
        return len(self._buffer)

    @property
    def full(self) -> bool:
        """Whether a chunk more might be too much for it; bytes too many are lost."""
        return len(self._buffer) > self._most - CHUNK

    @property
    def can_work(self) -> bool:
        """Whether there is something to print and nothing against it."""
        return bool(self._buffer) and not self.sensors.stopped and self.due is None

    def power_on(self) -> None:
        """Begin with an empty buffer; what hangs out hangs out."""
        self._buffer.clear()
        self._held = b""
        self._interpreter.forget()

    def receive(self, data: bytes, answer: Answer) -> None:
        """Take bytes from a link: real-time commands are obeyed now, the rest is buffered."""
        self._answer = answer
        data = self._held + data
        at = 0
        for command in _REAL_TIME.finditer(data):
            self._keep(data[at : command.start()])
            self._obey(command[0])
            if self.due:  # the plug is pulled: nothing more gets here
                return
            at = command.end()
        tail = _MAY_BEGIN_ONE.search(data, at)
        end = tail.start() if tail else len(data)
        self._keep(data[at:end])
        self._held = data[end:]

    def _keep(self, data: bytes) -> None:
        self._buffer += data[: max(self._most - len(self._buffer), 0)]

    def _obey(self, command: bytes) -> None:
        asks = command[1] == 0x04  # noqa: PLR2004 - DLE EOT; the other is DLE ENQ
        passage = self._heard("status" if asks else "cancel")
        if passage is None:
            return
        if asks:
            self._answer(passage, command, bytes((self.sensors.byte(command[2]),)))
        elif self.forgets or self.sensors.cutter_error:
            self._buffer.clear()
            self._interpreter.forget()

    def _heard(self, command: str) -> Passage | None:
        """How a command fares, or None if it is not heard."""
        passage = self._wire.heard(command)
        if passage.cut:
            self.due = lambda: passage.deliver(_NOBODY, b"", b"")
        return None if passage.cut or passage.deaf else passage

    def obeys(self, command: Command) -> bool:
        """Whether a command that has no answer is heard."""
        return self._heard(command) is not None

    def cut(self) -> None:
        """Cut the slip off."""
        self._lay(self.slips)

    def echo(self) -> None:
        """Answer GS r."""
        if passage := self._heard("echo"):
            self._answer(passage, _ECHO, b"\x03" if self.sensors.near_end else b"\x00")

    def report(self, changes: int) -> None:
        """Take GS a n."""
        if not self.stubborn:
            self.reports = changes
            self._told = b""

    def news(self) -> bytes:
        """A report that is due, b"" if none is."""
        report = self.sensors.report() if self.reports else b""
        news = report if report != self._told else b""
        self._told = report
        return news

    def work(self, most: int) -> None:
        """Use up to `most` bytes of the buffer, as far as the sensors allow."""
        data = memoryview(bytes(self._buffer[:most]))
        count = 0
        moved = self._strip.moved
        while count < len(data) and self.can_work:
            until = count + max(self._ends_at_byte - self.used, 1)
            used = self._interpreter.feed(data[count:until])
            count += used
            self.used += used
            if self._strip.moved != moved or self.used >= self._ends_at_byte:
                moved = self._strip.moved
                self._look()
        del self._buffer[:count]

    def _look(self) -> None:
        if self.metres_left < _NEAR_END_M:
            self.sensors.near_end = True
        if self.metres_left <= 0:
            self.sensors.paper_end = True
        if self._strip.moved >= self._ends_at_line or self.used >= self._ends_at_byte:
            self._happen(self._mishap)

    def _happen(self, mishap: Mishap) -> None:
        self._ends_at_line = self._ends_at_byte = _NEVER
        if isinstance(mishap, WireFault):
            self.due = lambda: self._wire.go_wrong(mishap)
        else:
            setattr(self.sensors, _MISHAPS[mishap], True)

    def fail_after(self, mishap: Mishap, *, lines: int | None, bytes_: int | None) -> None:
        """Let it happen after so many more lines of dots, or bytes used up."""
        self._mishap = mishap
        self._ends_at_line = _NEVER if lines is None else self._strip.moved + lines
        self._ends_at_byte = _NEVER if bytes_ is None else self.used + bytes_

    def load(self, state: PaperState) -> None:
        """Put in a full or nearly used roll, or take it out; the stub is torn off."""
        if state != "low":
            self._lay(self.torn)
        self._ends_at_line = self._ends_at_byte = _NEVER
        left = {"full": ROLL_M, "low": _NEAR_END_M, "out": _NEAR_END_M}[state]
        self._roll_m = self._strip.moved / DOTS_PER_M + left
        self.sensors.near_end = state == "low"
        self.sensors.paper_end = state == "out"

    def _lay(self, pile: list[Image.Image]) -> None:
        if (paper := self._strip.take()) is not None:
            pile.append(paper)


class _Nobody:
    """The line of an answer that is not sent."""

    def send(self, data: bytes) -> None:
        """Lose it."""


_NOBODY = _Nobody()
