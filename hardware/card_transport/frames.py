"""The frames of a CRT-591: `F2 | ADDR | LEN | text | 03 | BCC`, the same both ways.

ADDR is the DIP switches' number, 00 to 0F. LEN is two bytes, big-endian, and counts the text; BCC
is the XOR of F2 to 03. A command's text is `C CM PM [data]`, a reply's `P CM PM st0 st1 st2 [data]`
or, where the device refuses, `N CM PM e1 e0 [data]` (some write E for N). A text may hold any byte,
03 and F2 too: so a frame is read by its LEN. Between the frames come single bytes: ACK, NAK, EOT.
Source: docs/devices/card_transport.md.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import reduce

STX, ETX = 0xF2, 0x03
LAST_ADDRESS = 0x0F
SHORTEST = 3  # C CM PM
LONGEST = 1024 - 6  # a frame has 1024 bytes at most
MOST_DATA = 512

_HEAD = 4  # F2 ADDR LEN
_TAIL = 2  # 03 BCC


class Control(IntEnum):
    """The bytes that stand alone."""

    EOT = 0x04
    """Clear the line: whatever came before it is over."""
    ACK = 0x06
    """The frame came whole."""
    NAK = 0x15
    """It did not: send it again."""


@dataclass(frozen=True)
class Frame:
    """A frame that came whole: the address, and the text (never shown, it may be a person's)."""

    address: int
    text: bytes = field(repr=False)


@dataclass(frozen=True)
class Reply:
    """What the device says to the command `code` (CM PM).

    `words` are st0 st1 st2 where it did it, e1 e0 where it `refused`.
    """

    code: bytes
    refused: bool
    words: str
    data: bytes = field(default=b"", repr=False)


def bcc(data: bytes) -> int:
    """Give the XOR of all bytes."""
    return reduce(int.__xor__, data, 0)


def build(address: int, text: bytes) -> bytes:
    """Give the frame around a text; ValueError for an address or a text that has none."""
    if not (0 <= address <= LAST_ADDRESS and SHORTEST <= len(text) <= LONGEST):
        raise ValueError(f"no frame for {len(text)} bytes to address {address}")
    body = bytes([STX, address]) + len(text).to_bytes(2, "big") + text + bytes([ETX])
    return body + bytes([bcc(body)])


def build_reply(address: int, reply: Reply, refusal: bytes = b"N") -> bytes:
    """Give the frame of a reply; `refusal` is the head of one that refuses, N or E."""
    head = refusal if reply.refused else b"P"
    return build(address, head + reply.code + reply.words.encode("ascii") + reply.data)


def decode_reply(text: bytes, refusals: bytes = b"NE") -> Reply | None:
    """Give the reply a text holds, None if it is none; `refusals` are the heads taken for no."""
    head, code, rest = text[:1], text[1:3], text[3:]
    refused = head != b"P"
    size = 2 if refused else 3
    words = rest[:size]
    if not head or (refused and head not in refusals):
        return None
    if (
        len(words) < size
        or len(rest) - size > MOST_DATA
        or not (words.isascii() and words.isalnum())
    ):
        return None
    return Reply(code, refused, words.decode("ascii"), rest[size:])


class Deframer:
    """Finds frames and control bytes in a stream that comes in pieces, with anything between.

    After a damaged frame no control byte is believed any more: it could be one of that frame's.
    """

    def __init__(self) -> None:
        self._pending = bytearray()
        self.damaged = False
        """Whether a frame has begun that was not whole."""

    @property
    def unfinished(self) -> bool:
        """Whether a frame has begun whose end has not come."""
        return bool(self._pending)

    def feed(self, data: bytes) -> list[Frame | Control]:
        """Give what `data` completes, in order."""
        self._pending += data
        found: list[Frame | Control] = []
        while self._pending and (item := self._next()) is not None:
            found.append(item)
        return found

    def rescue(self) -> list[Frame | Control]:
        """Give what stands behind a head whose own bytes will not come any more."""
        found: list[Frame | Control] = []
        while self._pending:
            self._drop_head()
            found += self.feed(b"")
        return found

    def _next(self) -> Frame | Control | None:
        """Give the next item, None when more bytes must come; drops what it can."""
        pending = self._pending
        while pending:
            if pending[0] != STX:
                byte = pending.pop(0)
                if byte in _CONTROLS and not self.damaged:
                    return Control(byte)
                continue
            if len(pending) < _HEAD:
                return None
            length = int.from_bytes(pending[2:_HEAD], "big")
            size = _HEAD + length + _TAIL
            possible = pending[1] <= LAST_ADDRESS and SHORTEST <= length <= LONGEST
            if possible and len(pending) < size:
                return None
            whole = bytes(pending[:size])
            if possible and whole[-_TAIL] == ETX and bcc(whole) == 0:
                del pending[:size]
                return Frame(whole[1], whole[_HEAD:-_TAIL])
            self._drop_head()
        return None

    def _drop_head(self) -> None:
        """Let go of an F2 that begins no frame; a whole frame may begin behind it."""
        del self._pending[0]
        self.damaged = True


_CONTROLS = frozenset(Control)
