"""Modbus RTU frames of a relay and input board: `unit | function | data | CRC`, both ways.

Numbers are big-endian, the CRC alone is sent low byte first. A reply names no request: only its
unit, function and shape say what it can answer.
Source: MODBUS Application Protocol 1.1b3, chapter 6; MODBUS over Serial Line 1.02, 2.5.1.2.
"""

READ_COILS, READ_INPUTS, WRITE_COIL, WRITE_COILS = 0x01, 0x02, 0x05, 0x0F
REFUSED = 0x80
"""Set in the function of a reply that is an exception; its code follows."""
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 0x01, 0x02, 0x03
BROADCAST = 0
LONGEST = 256
MOST_READ, MOST_WRITTEN = 2000, 1968
"""How many coils one frame can read, and write."""

_CRC = 2
_SHORTEST = 5  # unit, function, code of an exception, CRC
_FIXED = 8  # unit, function, two numbers, CRC
_LONGEST_UNKNOWN = 16


def crc(data: bytes) -> bytes:
    """Give the CRC-16 (polynomial A001, begun with FFFF), low byte first."""
    register = 0xFFFF
    for byte in data:
        register = register >> 8 ^ _STEPS[(register ^ byte) & 0xFF]
    return register.to_bytes(_CRC, "little")


def _step(register: int) -> int:
    for _ in range(8):
        register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register


_STEPS = [_step(byte) for byte in range(256)]


def seal(body: bytes) -> bytes:
    """Give the frame of unit, function and data."""
    return body + crc(body)


def sealed(frame: bytes) -> bool:
    """Whether the CRC of a frame is right."""
    return len(frame) > _CRC and crc(frame[:-_CRC]) == frame[-_CRC:]


def pack(bits: tuple[bool, ...]) -> bytes:
    """Give bits as bytes, the first in the lowest bit of the first byte, padded with zeros."""
    number = sum(1 << at for at, bit in enumerate(bits) if bit)
    return number.to_bytes((len(bits) + 7) // 8, "little")


def unpack(data: bytes, count: int) -> tuple[bool, ...]:
    """Give so many bits of what `pack` made."""
    number = int.from_bytes(data, "little")
    return tuple(bool(number >> at & 1) for at in range(count))


def decode_reply(request: bytes, received: bytes) -> bytes | None:
    """Give the first frame in `received` that can answer `request`, None if there is none.

    Passed over are noise, broken frames, echoes, and replies of another unit, to another function
    or of another shape. `request` is a whole frame of one of the four functions.
    """
    unit, function = request[0], request[1]
    sizes = {function: _reply_size(request), function | REFUSED: _SHORTEST}
    for start in range(len(received) - _SHORTEST + 1):
        if received[start] != unit or received[start + 1] not in sizes:
            continue
        size = sizes[received[start + 1]]
        frame = received[start : start + size]
        if len(frame) == size and sealed(frame) and _answers(frame, request):
            return frame
    return None


def _reply_size(request: bytes) -> int:
    if request[1] in (READ_COILS, READ_INPUTS):
        return _SHORTEST + _bytes_read(request)
    return _FIXED


def _bytes_read(request: bytes) -> int:
    return (int.from_bytes(request[4:6], "big") + 7) // 8


def _answers(frame: bytes, request: bytes) -> bool:
    if frame[1] & REFUSED:
        return True
    if frame[1] in (READ_COILS, READ_INPUTS):
        return frame[2] == _bytes_read(request)
    return frame[2:6] == request[2:6]


def split_requests(pending: bytearray) -> list[bytes]:
    """Take the whole requests out of `pending` and give them; what cannot become one is dropped.

    The length of an unknown function is unknown: its frame, 8 to 16 bytes here, ends where the CRC
    is right.
    """
    requests: list[bytes] = []
    start = 0
    while start < len(pending):
        size = _request_size(bytes(pending[start : start + LONGEST]))
        if size:
            requests.append(bytes(pending[start : start + size]))
            del pending[: start + size]
            start = 0
        else:
            start += 1
    del pending[: -LONGEST + 1]
    return requests


def _request_size(data: bytes) -> int:
    """Give how long the request is that `data` begins with, 0 if it begins with none."""
    if len(data) < _FIXED:
        sizes: tuple[int, ...] = ()
    elif data[1] in (READ_COILS, READ_INPUTS, WRITE_COIL):
        sizes = (_FIXED,)
    elif data[1] == WRITE_COILS:
        sizes = (_FIXED + 1 + data[6],)
    else:
        sizes = tuple(range(_FIXED, min(len(data), _LONGEST_UNKNOWN) + 1))
    return next((size for size in sizes if size <= len(data) and sealed(data[:size])), 0)
