"""The frames of a ZT598 pad, and what comes between them: `02 | LLL | body | 03 | LRC`.

LLL is the length of the body as three decimal digits; "000" and four more for 1000 and over. LRC is
the XOR of LLL to 03, as two hex digits, written in upper case and read in either. The body of a
command is `CMD [data]`, that of a reply `RTN [data]`. Keys that are pressed come as single bytes,
outside of any frame: a keypad that is on and a reply share one line.
Source: docs/devices/pin_pad.md.
"""

from dataclasses import dataclass, field
from functools import reduce

START, END = 0x02, 0x03
LONGEST = 4096
"""Bytes of a body; the longest reply known has 147."""

_SHORT_LENGTH, _LONG_LENGTH = 3, 7
_LONG_FORM = b"000"
_TAIL = 3  # END and LRC


@dataclass(frozen=True)
class Frame:
    """A frame as it came; `intact` is False, and the body empty, when it was not whole."""

    body: bytes = field(repr=False)
    intact: bool = True


Item = Frame | int
"""A frame, or a byte outside of every frame."""


def lrc(data: bytes) -> bytes:
    """Give the XOR of all bytes as two upper-case hex digits."""
    return b"%02X" % reduce(int.__xor__, data, 0)


def build(body: bytes) -> bytes:
    """Give the frame around a body of 1 to 4096 bytes."""
    if not 1 <= len(body) <= LONGEST:
        raise ValueError(f"a body of {len(body)} bytes has no frame")
    length = b"%03d" % len(body) if len(body) <= 999 else _LONG_FORM + b"%04d" % len(body)  # noqa: PLR2004
    counted = length + body + bytes([END])
    return bytes([START]) + counted + lrc(counted)


class Deframer:
    """Finds frames and keys in a stream that comes in pieces."""

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def unfinished(self) -> bool:
        """Whether a frame has begun that is not whole yet."""
        return bool(self._pending)

    def feed(self, data: bytes) -> list[Item]:
        """Give what `data` completes, in order; a byte that begins no frame is given at once."""
        self._pending += data
        items: list[Item] = []
        while (item := self._next()) is not None:
            items.append(item)
        return items

    def rescue(self) -> list[Item]:
        """Give what is behind a beginning whose frame will not come any more."""
        items: list[Item] = []
        while self._pending:
            del self._pending[0]
            items += [Frame(b"", intact=False), *self.feed(b"")]
        return items

    def _next(self) -> Item | None:
        pending = self._pending
        if not pending:
            return None
        if pending[0] != START:
            return pending.pop(0)
        whole = _whole(pending)
        if whole is None:
            return None
        head, size = whole
        frame = bytes(pending[:size])
        if size and frame[-_TAIL] == END and lrc(frame[1:-2]) == frame[-2:].upper():
            del pending[:size]
            return Frame(frame[head:-_TAIL])
        del pending[0]  # a whole frame may begin inside the damaged one
        return Frame(b"", intact=False)


def items_of(stream: bytes) -> list[Item]:
    """Give everything that a stream holds when nothing more will come."""
    deframer = Deframer()
    return deframer.feed(stream) + deframer.rescue()


def _whole(pending: bytearray) -> tuple[int, int] | None:
    """Give the sizes of the head and of the frame that begins here: 0 if it is none, None if part.

    A head that cannot be one is found at its first wrong byte, so a key is never held up by it.
    """
    digits = bytes(pending[1 : 1 + _SHORT_LENGTH])
    if digits == _LONG_FORM:
        digits = bytes(pending[1 + _SHORT_LENGTH : 1 + _LONG_LENGTH])
        head, expected = 1 + _LONG_LENGTH, _LONG_LENGTH - _SHORT_LENGTH
    else:
        head, expected = 1 + _SHORT_LENGTH, _SHORT_LENGTH
    if digits and not digits.isdigit():
        return 0, 0
    if len(digits) < expected:
        return None
    length = int(digits)
    if not 1 <= length <= LONGEST:
        return 0, 0
    size = head + length + _TAIL
    return None if len(pending) < size else (head, size)
