"""ESC/POS bytes, pure: what is sent, and what a status byte says.

Source of every row: the ESC/POS command reference as summed up, with golden bytes, in
`docs/devices/printer.md`. Numbers of two bytes are little-endian (xL xH).
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from hardware.printer.raster import THRESHOLD

INIT = bytes.fromhex("1B40")
"""ESC @: styles back to default, line buffer empty."""
NO_REPORTS = bytes.fromhex("1D6100")
"""GS a 0: no status bytes that were not asked for."""
CHINESE = bytes.fromhex("1C26")
"""FS &: bytes from 81 on are GB18030."""
ECHO = bytes.fromhex("1D7201")
"""GS r 1: answered when everything sent before it has been used up."""
CANCEL = bytes.fromhex("100502")
"""DLE ENQ 2, in real time: recover, and forget what is buffered."""
CUT = bytes.fromhex("1D564200")
"""GS V 66 0: feed to the cutter and cut."""
REPORT = 4
"""Bytes of a report of ASB."""
BAND = 256
"""Lines of a raster band."""


def spacing(dots: int) -> bytes:
    """ESC 3 n: line spacing in dots, 0-255."""
    return bytes((0x1B, 0x33, dots))


def align(*, centred: bool) -> bytes:
    """ESC a n: to the left or in the middle."""
    return bytes((0x1B, 0x61, centred))


def bold(*, on: bool) -> bytes:
    """ESC E n: heavy type."""
    return bytes((0x1B, 0x45, on))


def scale(size: int) -> bytes:
    """GS ! n: width and height times `size`, 1-8."""
    return bytes((0x1D, 0x21, (size - 1) * 0x11))


def feed(lines: int) -> bytes:
    """ESC d n: print the line and feed so many, 0-255."""
    return bytes((0x1B, 0x64, lines))


def characters(text: str) -> bytes:
    """GB18030, with its four-byte forms."""
    return text.encode("gb18030", errors="replace")


def qr(data: str, module_dots: int) -> bytes:
    """A QR code by the printer itself: model 2, module size 1-16 dots, level M, store, print."""
    content = data.encode()
    return b"".join((
        _symbol(0x41, b"\x32\x00"),
        _symbol(0x43, bytes((module_dots,))),
        _symbol(0x45, b"\x31"),
        _symbol(0x50, b"\x30" + content),
        _symbol(0x51, b"\x30"),
    ))  # fmt: skip


def _symbol(function: int, parameters: bytes) -> bytes:
    body = bytes((0x31, function)) + parameters
    return b"\x1d\x28\x6b" + len(body).to_bytes(2, "little") + body


def bands(picture: Image.Image) -> list[bytes]:
    """GS v 0: the picture in bands of at most 256 lines, 1 = black, 8 dots a byte.

    A picture must not hold the beginning of a real-time command (10 04, 10 05, 10 14), which a
    printer obeys even there; where chance makes one, one dot beside a black one is blackened.
    """
    black = np.asarray(picture.convert("L")) < THRESHOLD
    tops = range(0, len(black), BAND)
    return [_band(np.packbits(black[top : top + BAND], axis=1)) for top in tops]


def _band(packed: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    lines, across = packed.shape
    head = b"\x1d\x76\x30\x00" + across.to_bytes(2, "little") + lines.to_bytes(2, "little")
    return head + _REAL_TIME_BEGINS.sub(lambda found: b"\x10" + _BESIDE[found[1]], packed.tobytes())


_REAL_TIME_BEGINS = re.compile(rb"\x10([\x04\x05\x14])")
_BESIDE = {b"\x04": b"\x06", b"\x05": b"\x07", b"\x14": b"\x1c"}


def request(n: int) -> bytes:
    """DLE EOT n, 1-4: one status byte, answered at once whatever is buffered."""
    return bytes((0x10, 0x04, n))


def is_status(byte: int) -> bool:
    """Whether the byte can answer DLE EOT."""
    return byte & 0x93 == 0x12  # noqa: PLR2004 - fixed bits: 0 and 7 clear, 1 and 4 set


def is_echo(byte: int) -> bool:
    """Whether the byte can answer GS r, or be the second to fourth of a report."""
    return byte & 0x90 == 0x00


def begins_report(byte: int) -> bool:
    """Whether the byte is the first of the four that ASB (GS a) sends unasked."""
    return byte & 0x93 == 0x10  # noqa: PLR2004 - fixed bits: 0, 1 and 7 clear, 4 set


Paper = Literal["full", "low", "out", "unknown"]
Trouble = Literal[
    "", "cover_open", "paper_out", "cutter_error", "media_jammed", "hardware_error", "offline"
]


@dataclass(frozen=True, slots=True)
class Status:
    """What the printer says of itself. `paper` is "unknown" when its near-end sensors disagree."""

    paper: Paper
    cover: Literal["closed", "open"]
    cutter_ok: bool
    online: bool
    jammed: bool
    broken: bool

    @property
    def trouble(self) -> Trouble:
        """What keeps it from printing, the most telling first; "" when it can print."""
        rows: tuple[tuple[bool, Trouble], ...] = (
            (self.broken, "hardware_error"),
            (self.cover == "open", "cover_open"),
            (self.paper == "out", "paper_out"),
            (not self.cutter_ok, "cutter_error"),
            (self.jammed, "media_jammed"),
            (not self.online, "offline"),
        )
        for true, word in rows:
            if true:
                return word
        return ""


def decode(printer: int, offline: int, error: int, paper: int) -> Status:
    """The answers to DLE EOT 1, 2, 3 and 4 as a status; `ValueError` if one cannot be an answer."""
    if not all(map(is_status, (printer, offline, error, paper))):
        raise ValueError("not a status byte")
    return Status(
        paper=_paper(offline, paper),
        cover="open" if offline & 0x04 else "closed",
        cutter_ok=not error & 0x08,
        # an error of which byte 3 says nothing (or one that mends itself, bit 6) is offline
        online=not printer & 0x28 and not offline & 0x48 and not error & 0x40,
        jammed=bool(error & 0x04),
        broken=bool(error & 0x20),
    )


def _paper(offline: int, paper: int) -> Paper:
    if paper & 0x60 or offline & 0x20:
        return "out"
    near_end: dict[int, Paper] = {0x00: "full", 0x0C: "low"}
    return near_end.get(paper & 0x0C, "unknown")


def decode_report(data: bytes) -> Status:
    """A report of ASB as a status; `ValueError` if the four bytes cannot be one."""
    head, *rest = data or b"\0"
    if len(rest) != REPORT - 1 or not begins_report(head) or not all(map(is_echo, rest)):
        raise ValueError("not a report")
    error, paper, _ = rest
    near_end: dict[int, Paper] = {0x00: "full", 0x03: "low"}
    return Status(
        paper="out" if paper & 0x0C else near_end.get(paper & 0x03, "unknown"),
        cover="open" if head & 0x20 else "closed",
        cutter_ok=not error & 0x08,
        online=not head & 0x48 and not error & 0x41,  # 40: key held, 01: waits for recovery
        jammed=bool(error & 0x04),
        broken=bool(error & 0x20),
    )
