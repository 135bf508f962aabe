"""The smallest real pictures, one for each comment: what tests and benchmarks send."""

import struct
import zlib

_JPEG = bytes.fromhex(  # one grey pixel, baseline
    "ffe000104a46494600010100000100010000ffdb0043" + "00" + "ff" * 64 + "ffc0000b080001000101011100"
    "ffc40014000100000000000000000000000000000000ffc40014100100000000000000000000000000000000"
    "ffda0008010100003f003fffd9"
)


def jpeg(comment: bytes = b"") -> bytes:
    """A JPEG of one pixel with a comment of at most 65,533 bytes."""
    return b"\xff\xd8\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + _JPEG


def png(comment: bytes = b"") -> bytes:
    """A PNG of one grey pixel with a comment."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            (b"tEXt", b"Comment\0" + comment),
            (b"IDAT", zlib.compress(b"\0\x80")),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)
