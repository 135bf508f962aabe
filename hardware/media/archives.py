"""Archives: looked through before anything is unpacked, and unpacked within bounds.

A .zip is read strictly, from its directory at the end: what two programs could read as two
different archives is none. Source: PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.media.contents import MIB, Limits, Member, Reason
from hardware.media.names import allowed

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
ZIP = b"PK\x03\x04"
_NESTED = (ZIP, b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh",
           b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"MSCF")  # fmt: skip
_TAR_AT, _TAR = 257, b"ustar"
_MACRO_NAMES = ("vbaproject.bin", "vbadata.xml", ".xlsm", ".xltm", ".xlam", ".xlsb", ".docm",
                ".dotm", ".pptm", ".xls", ".doc")  # fmt: skip
_MACRO_FOLDERS = ("xl/macrosheets/", "xl/dialogsheets/", "xl/activex/")
CONTENT_TYPES = "[Content_Types].xml"
_MACRO_TYPES = (b"macroenabled", b"vbaproject", b"macrosheet")

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s4B4HL2L5H2L")
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_COMMENT_MAX = 0xFFFF
_ZIP64 = 0xFFFFFFFF
_STORED, _DEFLATED, _AES = 0, 8, 99
_ENCRYPTED, _STRONG, _UTF8 = 0x0001, 0x0040, 0x0800
_UNIX = 3
_HEAD = 512
"""Bytes of each member that are looked at."""


class _No(Exception):  # noqa: N818 - an answer, not an error
    """The archive is refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Entry:
    """A row of the directory."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def inspect(data: bytes, limits: Limits) -> tuple[Member, ...] | Reason:
    """Give the files of a .zip or .xlsx without unpacking them, or why it is refused."""
    try:
        entries = list(_entries(data, limits))
        _check_sizes(entries, limits)
        members = tuple(_located(data, entries))
        _check_contents(data, members, limits)
    except _No as no:
        return no.reason
    return members


def unpack(data: bytes, member: Member) -> bytes | Reason:
    """Give a member's bytes: as many as its archive said, with their checksum, or DAMAGED."""
    try:
        unpacked = _unpacked(data, member, member.size + 1)
    except _No as no:
        return no.reason
    if len(unpacked) != member.size or zlib.crc32(unpacked) != member.crc:
        return Reason.DAMAGED
    return unpacked


def _entries(data: bytes, limits: Limits) -> Iterator[_Entry]:
    count, at, end = _directory(data)
    if count > limits.members:
        raise _No(Reason.TOO_MANY_MEMBERS)
    seen = set[str]()
    for _ in range(count):
        if at + _ENTRY.size > end or data[at : at + 4] != b"PK\x01\x02":
            raise _No(Reason.DAMAGED)
        entry, at = _entry(data, at, end)
        if entry.name.casefold() in seen:
            raise _No(Reason.NAME_NOT_ALLOWED)
        seen.add(entry.name.casefold())
        yield entry
    if at != end:
        raise _No(Reason.DAMAGED)


def _directory(data: bytes) -> tuple[int, int, int]:
    """Give how many entries there are, and where they begin and end."""
    at = len(data)
    lowest = max(0, len(data) - _END.size - _COMMENT_MAX)
    while (at := data.rfind(b"PK\x05\x06", lowest, at)) >= 0:
        if at + _END.size > len(data):
            continue
        _, disk, first, here, count, size, start, comment = _END.unpack_from(data, at)
        if at + _END.size + comment != len(data):
            continue
        if _ZIP64 in (size, start) or count == 0xFFFF:  # noqa: PLR2004 - the mark of ZIP64
            raise _No(Reason.NOT_SUPPORTED)
        if disk or first or here != count or start + size != at:
            raise _No(Reason.DAMAGED)
        return count, start, at
    raise _No(Reason.DAMAGED)


def _entry(data: bytes, at: int, end: int) -> tuple[_Entry, int]:
    row = _ENTRY.unpack_from(data, at)
    system, flags, method, crc, packed, size = row[2], row[5], row[6], row[9], row[10], row[11]
    name_size, extra_size, comment_size, external, offset = *row[12:15], row[17], row[18]
    begin = at + _ENTRY.size
    after = begin + name_size + extra_size + comment_size
    if after > end:
        raise _No(Reason.DAMAGED)
    if flags & (_ENCRYPTED | _STRONG) or method == _AES:
        raise _No(Reason.ENCRYPTED)
    if method not in (_STORED, _DEFLATED) or _ZIP64 in (packed, size, offset):
        raise _No(Reason.NOT_SUPPORTED)
    mode = external >> 16
    if system == _UNIX and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _No(Reason.NAME_NOT_ALLOWED)
    raw = data[begin : begin + name_size]
    name = _name(raw, utf8=bool(flags & _UTF8))
    return _Entry(raw, name, flags, method, crc, packed, size, offset), after


def _name(raw: bytes, *, utf8: bool) -> str:
    """Give a name, checked; Chinese Windows writes GBK and does not say so."""
    for encoding in ("utf-8",) if utf8 else ("utf-8", "gb18030"):
        try:
            name = raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
        parts = name.removesuffix("/").split("/")
        if all(allowed(part) for part in parts) and ":" not in name:
            return name
    raise _No(Reason.NAME_NOT_ALLOWED)


def _check_sizes(entries: list[_Entry], limits: Limits) -> None:
    for entry in entries:
        if entry.size > limits.member_bytes:
            raise _No(Reason.BOMB)
        if entry.size > MIB and entry.size > limits.ratio * entry.packed:
            raise _No(Reason.BOMB)
        if entry.method == _STORED and entry.size != entry.packed:
            raise _No(Reason.DAMAGED)
    if sum(entry.size for entry in entries) > limits.unpacked_bytes:
        raise _No(Reason.BOMB)


def _located(data: bytes, entries: list[_Entry]) -> Iterator[Member]:
    """Give the files with where their bytes lie; none may lie where another does."""
    free = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset < free:
            raise _No(Reason.BOMB)
        if entry.offset + _LOCAL.size > len(data):
            raise _No(Reason.DAMAGED)
        row = _LOCAL.unpack_from(data, entry.offset)
        name_size, extra_size = row[-2], row[-1]
        name_at = entry.offset + _LOCAL.size
        start = name_at + name_size + extra_size
        free = start + entry.packed
        same = data[name_at : name_at + name_size] == entry.raw_name and row[4] == entry.method
        if row[0] != ZIP or not same or free > len(data):
            raise _No(Reason.DAMAGED)
        if not entry.name.endswith("/"):
            deflated = entry.method == _DEFLATED
            yield Member(entry.name, entry.size, start, entry.packed, deflated, entry.crc)


def _check_contents(data: bytes, members: tuple[Member, ...], limits: Limits) -> None:
    for member in members:
        name = member.name.casefold()
        if name.endswith(_MACRO_NAMES) or name.startswith(_MACRO_FOLDERS):
            raise _No(Reason.MACRO)
        head = _unpacked(data, member, _HEAD)
        if head.startswith(OLE):
            raise _No(Reason.MACRO)
        if head.startswith(_NESTED) or head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
            raise _No(Reason.NESTED)
        if member.name == CONTENT_TYPES:
            types = _unpacked(data, member, min(MIB, limits.member_bytes)).lower()
            if any(word in types for word in _MACRO_TYPES):
                raise _No(Reason.MACRO)


def _unpacked(data: bytes, member: Member, at_most: int) -> bytes:
    packed = memoryview(data)[member.start : member.start + member.packed]
    if not member.deflated:
        return bytes(packed[:at_most])
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, at_most)
    except zlib.error:
        raise _No(Reason.DAMAGED) from None
