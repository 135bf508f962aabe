"""The reader's frames (SDT / SAM-V): `AA AA AA 96 69 | LEN | body | CHK`, the same both ways.

LEN is two bytes, big-endian, and counts body and CHK; CHK is the XOR of LEN and body. The body of a
command is `CMD PARA [data]`, that of a reply `00 00 SW3 [data]`. Source: docs/devices/id_reader.md.
"""

from dataclasses import dataclass, field
from functools import reduce

PREAMBLE = bytes.fromhex("AA AA AA 96 69")
SHORTEST = 3  # LEN of a command without data
LONGEST = 0x0A00  # the longest reply known has LEN 090A (text, photo and finger)

_HEAD = len(PREAMBLE) + 2
_REPLY = b"\x00\x00"  # SW1 SW2


@dataclass(frozen=True)
class Frame:
    """A frame as it came; `intact` is False, and the body empty, when LEN or CHK is wrong."""

    body: bytes = field(repr=False)
    intact: bool = True


@dataclass(frozen=True)
class Reply:
    """What the reader says: SW3, and the data behind it (never shown, it may be a person's)."""

    code: int
    data: bytes = field(default=b"", repr=False)


def checksum(data: bytes) -> int:
    """Give the XOR of all bytes."""
    return reduce(int.__xor__, data, 0)


def build(body: bytes) -> bytes:
    """Give the frame around a body of 2 to 2559 bytes."""
    if not SHORTEST <= len(body) + 1 <= LONGEST:
        raise ValueError(f"a body of {len(body)} bytes has no frame")
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([checksum(counted)])


def build_reply(code: int, data: bytes = b"") -> bytes:
    """Give the frame of a reply with this SW3."""
    return build(_REPLY + bytes([code]) + data)


class Deframer:
    """Finds the frames in a stream that comes in pieces, with anything before and between them."""

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def unfinished(self) -> bool:
        """Whether a preamble has come whose frame has not."""
        return self._pending.startswith(PREAMBLE)

    def feed(self, data: bytes) -> list[Frame]:
        """Give the frames that `data` completes, in order."""
        self._add(data)
        frames: list[Frame] = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _add(self, data: bytes) -> None:
        """Append; where it was is wiped, for it may be a person's and what grows in place moves."""
        before, self._pending = self._pending, self._pending + data
        before[:] = bytes(len(before))

    def rescue(self) -> list[Frame]:
        """Give the frames behind a head whose own bytes will not come any more."""
        frames: list[Frame] = []
        while self.unfinished:
            del self._pending[0]
            frames += [Frame(b"", intact=False), *self.feed(b"")]
        return frames

    def _next(self) -> Frame | None:
        pending = self._pending
        start = pending.find(PREAMBLE)
        if start < 0:
            del pending[: 1 - len(PREAMBLE)]  # its first bytes may have come already
            return None
        del pending[:start]
        if len(pending) < _HEAD:
            return None
        length = int.from_bytes(pending[len(PREAMBLE) : _HEAD], "big")
        if SHORTEST <= length <= LONGEST:
            if len(pending) < _HEAD + length:
                return None
            whole = bytes(pending[: _HEAD + length])
            if checksum(whole[len(PREAMBLE) :]) == 0:
                del pending[: _HEAD + length]
                return Frame(whole[_HEAD:-1])
        del pending[0]  # a whole frame may begin inside the damaged one
        return Frame(b"", intact=False)


class Decoder:
    """Finds the replies; an echo of the command and other frames that are no reply are dropped."""

    def __init__(self) -> None:
        self._deframer = Deframer()
        self._heard = self._understood = False
        self.damaged = False
        """Whether a frame has begun that was not whole."""

    @property
    def noisy(self) -> bool:
        """Whether what came was no reply, or not only replies that were whole."""
        return self.damaged or (self._heard and not self._understood)

    def feed(self, data: bytes) -> list[Reply]:
        """Give the replies that `data` completes, in order."""
        self._heard = self._heard or bool(data)
        return self._replies(self._deframer.feed(data))

    def rescue(self) -> list[Reply]:
        """Give the replies behind an unfinished frame; call it when nothing more will come."""
        return self._replies(self._deframer.rescue())

    def _replies(self, frames: list[Frame]) -> list[Reply]:
        self.damaged = self.damaged or not all(frame.intact for frame in frames)
        replies = [
            Reply(frame.body[2], frame.body[3:])
            for frame in frames
            if len(frame.body) > len(_REPLY) and frame.body.startswith(_REPLY)
        ]
        self._understood = self._understood or bool(replies)
        return replies


def decode(stream: bytes) -> list[Reply]:
    """Give the replies in a stream that has ended; any bytes are one."""
    decoder = Decoder()
    return decoder.feed(stream) + decoder.rescue()
