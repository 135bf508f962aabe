"""ESC/POS from the printer's side: bytes in, dots on paper, for the simulator.

Knows ESC @ a d J E ! M 2 3 t R, FS & and ., GS ! a r V v0 (k, and GB18030 text; of what it does
not know it skips the command and goes on, as printers do.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import segno

from hardware.printer.paper import Dots, Strip, glyph

Number = Generator[None, int, int]
"""Wants one byte after the other; its value is the number they make."""
Steps = Generator[int | None, Any, None]
"""Wants a byte where it yields None, and so many together where it yields a number."""

Command = Literal["line", "picture", "symbol", "cut", "echo"]
"""What is printed, cut or answered, by its name in the language of wire faults."""

_SPACING = 30
_CELL, _SMALL_CELL = 24, 18
_LEAD = range(0x81, 0xFF)
_FOUR_BYTE = range(0x30, 0x3A)


@dataclass(slots=True)
class Style:
    """How characters and lines are set; ESC @ makes a new one."""

    across: int = 1
    down: int = 1
    bold: bool = False
    small: bool = False
    centred: int = 0
    spacing: int = _SPACING
    chinese: bool = True


class Works(Protocol):
    """What the interpreter moves, besides the paper."""

    def obeys(self, command: Command) -> bool:
        """Whether the printer hears this command, and does it."""
        ...

    def cut(self) -> None:
        """Cut the slip off."""
        ...

    def echo(self) -> None:
        """Answer GS r."""
        ...

    def report(self, changes: int) -> None:
        """Send a report now, and at changes of this kind (GS a); none for 0."""
        ...


class Interpreter:
    """Takes bytes as they come. `echoes`: it knows GS r."""

    def __init__(self, strip: Strip, works: Works) -> None:
        self.strip = strip
        self.echoes = True
        self._works = works
        self._style = Style()
        self._line: list[Dots] = []
        self._symbol_size = 3
        self._symbol_data = b""
        self._wanted: int | None = None
        self.forget()

    def feed(self, data: memoryview) -> int:
        """Take what is wanted next of `data`, at least a byte; do what is due; give how many."""
        if self._wanted is None:
            self._wanted = self._program.send(data[0])
            return 1
        part = data[: self._wanted - len(self._got)]
        self._got += part
        if len(self._got) == self._wanted:
            got, self._got = bytes(self._got), bytearray()
            self._wanted = self._program.send(got)
        return len(part)

    def forget(self) -> None:
        """Begin anew in the middle of anything: the line and the command begun are gone."""
        self._line = []
        self._style = Style()
        self._got = bytearray()
        self._program = self._run()
        self._wanted = next(self._program)

    def _run(self) -> Steps:
        commands = {0x1B: self._esc, 0x1C: self._fs, 0x1D: self._gs}
        while True:
            byte = yield
            if byte in commands:
                yield from commands[byte]()
            elif byte == ord("\n"):
                self._end_line()
            elif byte >= ord(" "):
                yield from self._character(byte)

    def _character(self, first: int) -> Steps:
        code = bytes((first,))
        if self._style.chinese and first in _LEAD:
            code += bytes(((yield),))
            if code[1] in _FOUR_BYTE:
                code += bytes(((yield), (yield)))
        text = code.decode("gb18030", errors="replace")[:1]
        cell = _SMALL_CELL if self._style.small else _CELL
        dots = glyph(text, cell, bold=self._style.bold)
        dots = dots.repeat(self._style.down, axis=0).repeat(self._style.across, axis=1)
        if sum(each.shape[1] for each in self._line) + dots.shape[1] > self.strip.dots:
            self._end_line()
        self._line.append(dots)

    def _end_line(self, more: int = 0) -> None:
        if not self._works.obeys("line"):
            self._line = []
            return
        if self._line:
            self._print_line()
        else:
            self.strip.feed(self._style.spacing)
        self.strip.feed(more * self._style.spacing)

    def _print_line(self) -> None:
        down = max(len(each) for each in self._line)
        line = [np.pad(each, ((down - len(each), 0), (0, 0))) for each in self._line]
        self._line = []
        self._place(np.concatenate(line, axis=1))
        self.strip.feed(max(self._style.spacing - _CELL, 0))

    def _place(self, rows: Dots) -> None:
        room = max(self.strip.dots - rows.shape[1], 0)
        self.strip.print(rows, (0, room // 2, room)[self._style.centred])

    def _esc(self) -> Steps:
        command = chr((yield))
        if command == "@":
            self._line, self._style = [], Style()
        elif command == "2":
            self._style.spacing = _SPACING
        elif command in "3adJEM!tR":
            self._set(command, (yield))

    def _set(self, command: str, n: int) -> None:
        match command:
            case "3":
                self._style.spacing = n
            case "a":
                self._style.centred = n % 48 % 3
            case "d":
                self._end_line(max(n - 1, 0))
            case "J":
                self.strip.feed(n)
            case "E":
                self._style.bold = bool(n & 1)
            case "M":
                self._style.small = bool(n & 1)
            case "!":
                self._mode(n)
            case _:  # code pages, of which Chinese text has no need
                pass

    def _mode(self, bits: int) -> None:
        self._style.small, self._style.bold = bool(bits & 0x01), bool(bits & 0x08)
        self._style.down, self._style.across = 1 + bool(bits & 0x10), 1 + bool(bits & 0x20)

    def _fs(self) -> Steps:
        match chr((yield)):
            case "&":
                self._style.chinese = True
            case ".":
                self._style.chinese = False
            case _:
                pass

    def _gs(self) -> Steps:
        match chr((yield)):
            case "!":
                size = yield
                self._style.across, self._style.down = (size >> 4 & 7) + 1, (size & 7) + 1
            case "V":
                mode = yield
                feed = (yield) if mode in (65, 66) else 0
                if self._works.obeys("cut"):
                    self.strip.feed(feed)
                    self._works.cut()
            case "a":
                self._works.report((yield))
            case "r" if self.echoes:
                yield
                self._works.echo()
            case "v":
                yield from self._picture()
            case "(":
                yield from self._function((yield))
            case _:
                pass

    def _picture(self) -> Steps:
        yield  # "0"
        scale = yield
        across = yield from _number()
        lines = yield from _number()
        heard = self._works.obeys("picture")
        for _ in range(lines if across else 0):
            row = np.frombuffer((yield across), np.uint8)
            if heard:
                dots = np.unpackbits(row).astype(np.bool_)[np.newaxis]
                self._place(dots.repeat(1 + (scale & 1), axis=1).repeat(1 + (scale >> 1 & 1), 0))

    def _function(self, group: int) -> Steps:
        length = yield from _number()
        body = (yield length) if length else b""
        if group == ord("k"):
            self._symbol(body)

    def _symbol(self, body: bytes) -> None:
        match body[:2]:
            case b"1C" if body[2:]:
                self._symbol_size = min(max(body[2], 1), 16)
            case b"1P":
                self._symbol_data = body[3:]
            case b"1Q" if self._symbol_data and self._works.obeys("symbol"):
                self._print_symbol()
            case _:
                pass

    def _print_symbol(self) -> None:
        try:
            symbol = segno.make_qr(self._symbol_data, error="m", boost_error=False)
        except segno.DataOverflowError:  # a printer prints nothing then
            return
        rows = np.array([list(row) for row in symbol.matrix], np.bool_)
        size = self._symbol_size
        self._place(rows.repeat(size, axis=0).repeat(size, axis=1))


def _number() -> Number:
    low = yield
    return low + 256 * (yield)
