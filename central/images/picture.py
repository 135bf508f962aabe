"""What a JPEG or PNG says of itself, read to its very end without decoding a single pixel.

A body that only begins like a picture, that breaks off, that has something behind its end, or that
would unfold to more than `MAX_PIXELS` is none. No decoder runs in the centre, so none can be
attacked in it; whether the pixels make sense is not looked at.
"""

import re
import struct
import zlib
from dataclasses import dataclass

MAX_PIXELS = 40_000_000

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAMES = {0xC0, 0xC1, 0xC2}
"""SOF of Huffman-coded pictures (ITU-T T.81 table B.1): baseline, extended, progressive."""
_OTHER_FRAMES = set(range(0xC0, 0xD0)) - _FRAMES - {0xC4, 0xC8, 0xCC}
"""Lossless, hierarchical and arithmetic-coded: no camera makes them; C4, C8, CC are no frames."""
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""The end of entropy-coded data: not a stuffed FF, not a restart (T.81 B.1.1.5)."""
_COMPONENTS = {1, 3, 4}

_PNG = b"\x89PNG\r\n\x1a\n"
_BITS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
"""Bit depths by colour type (PNG specification 11.2.2)."""
_IHDR_BYTES = 13
_CHUNK_FRAME = 12  # length, type, CRC
_MOST_CHUNKS = 10_000
_LAST_METHOD = 1


class NoPicture(ValueError):  # noqa: N818 - an answer
    """The bytes are no such picture; the text says why, in words for an engineer."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels, 1 to 65,535 each."""

    width: int
    height: int


def jpeg_size(data: bytes) -> Size:
    """The size of a JPEG (ITU-T T.81 annex B). Raises `NoPicture`."""
    if data[:2] != bytes((0xFF, _SOI)):
        raise NoPicture("it does not begin as a JPEG")
    size, scanned, at = None, False, 2
    while True:
        marker, at = _marker(data, at)
        if marker == _EOI:
            if size is None or not scanned:
                raise NoPicture("it ends before any picture")
            if at != len(data):
                raise NoPicture("something stands behind its end")
            return size
        body, at = _segment(data, at)
        if marker in _OTHER_FRAMES:
            raise NoPicture("it is coded in a way that is not taken")
        if marker in _FRAMES:
            size = _frame(body)
        if marker == _SOS:
            found = _NEXT_MARKER.search(data, at)
            if found is None:
                raise NoPicture("it breaks off")
            scanned, at = size is not None, found.start()


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, and where it ends; any number of FF may stand before it."""
    start = at
    while data[at : at + 1] == b"\xff":
        at += 1
    if at == len(data):
        raise NoPicture("it breaks off")
    if at == start:
        raise NoPicture("a marker is missing")
    return data[at], at + 1


def _segment(data: bytes, at: int) -> tuple[bytes, int]:
    length = int.from_bytes(data[at : at + 2], "big")
    end = at + length
    if length < 2 or end > len(data):  # noqa: PLR2004 - it counts itself
        raise NoPicture("it breaks off")
    return data[at + 2 : end], end


def _frame(body: bytes) -> Size:
    """Precision, lines, samples a line, components (T.81 B.2.2)."""
    if len(body) < 6 or body[5] not in _COMPONENTS or len(body) != 6 + 3 * body[5]:  # noqa: PLR2004
        raise NoPicture("its frame is malformed")
    height, width = struct.unpack(">HH", body[1:5])
    return _bounded(width, height)


def png_size(data: bytes) -> Size:
    """The size of a PNG whose chunks are whole and in order. Raises `NoPicture`."""
    if not data.startswith(_PNG):
        raise NoPicture("it does not begin as a PNG")
    at, size, seen = len(_PNG), None, False
    for _ in range(_MOST_CHUNKS):
        kind, body, at = _chunk(data, at)
        if size is None:
            size = _header(kind, body)
        seen = seen or kind == b"IDAT"
        if kind == b"IEND":
            if not seen:
                raise NoPicture("it ends before any picture")
            if at != len(data):
                raise NoPicture("something stands behind its end")
            return size
    raise NoPicture("it has too many chunks")


def _chunk(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    """A chunk's type and data, and where it ends (PNG specification 5.3)."""
    length = int.from_bytes(data[at : at + 4], "big")
    end = at + length + _CHUNK_FRAME
    if at + _CHUNK_FRAME > len(data) or end > len(data):
        raise NoPicture("it breaks off")
    kind, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
    if zlib.crc32(kind + body).to_bytes(4, "big") != data[end - 4 : end]:
        raise NoPicture("a chunk is damaged")
    return kind, body, end


def _header(kind: bytes, body: bytes) -> Size:
    """IHDR, which is the first chunk (PNG specification 11.2.2)."""
    if kind != b"IHDR" or len(body) != _IHDR_BYTES:
        raise NoPicture("its header is malformed")
    width, height, bits, colour, compression, filter_, interlace = struct.unpack(">IIBBBBB", body)
    if bits not in _BITS.get(colour, ()) or compression or filter_ or interlace > _LAST_METHOD:
        raise NoPicture("its header is malformed")
    return _bounded(width, height)


def _bounded(width: int, height: int) -> Size:
    if not width or not height:
        raise NoPicture("it has no size")
    if width * height > MAX_PIXELS:
        raise NoPicture(f"it is larger than {MAX_PIXELS // 1_000_000} megapixels")
    return Size(width, height)
