"""What is found on a stick and what is refused, as values; and how much is looked at."""

from dataclasses import dataclass, field
from enum import StrEnum

NAME = "media"
MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """How much of a stick is looked at, read and unpacked (bytes, seconds).

    `depth` 1 is the stick's own folder alone. `stall_s`: how long not a byte may come before the
    stick is taken for dead; `whole_s`: how long one listing or reading may take altogether.
    `ratio`: unpacked to packed, of members over 1 MiB.
    """

    depth: int = 4
    files: int = 2000
    single_bytes: int = 64 * MIB
    total_bytes: int = 512 * MIB
    stall_s: float = 5.0
    whole_s: float = 60.0
    members: int = 4000
    member_bytes: int = 64 * MIB
    unpacked_bytes: int = 512 * MIB
    ratio: int = 200


class Reason(StrEnum):
    """Why a file is not taken; each has words on the screen."""

    NOT_FOUND = "not_found"
    NOT_A_FILE = "not_a_file"
    """A folder, a link, a pipe, a device."""
    NAME_NOT_ALLOWED = "name_not_allowed"
    """It leads out of its folder, is given twice, or hides what it is."""
    NOT_READABLE = "not_readable"
    TOO_LARGE = "too_large"
    TOTAL_TOO_LARGE = "total_too_large"
    """Of this stick no more is read."""
    CANCELLED = "cancelled"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    MACRO = "macro"
    OLD_OFFICE = "old_office"
    """.xls, .doc: they may hold macros; .xlsx is to be saved instead."""
    NESTED = "nested"
    """An archive within an archive."""
    BOMB = "bomb"
    """It would unpack to far more than it is, or its members overlap."""
    TOO_MANY_MEMBERS = "too_many_members"
    NOT_SUPPORTED = "not_supported"
    """A kind of archive nobody needs for a list or pictures."""


class Kind(StrEnum):
    """What a file is by its content; its name says nothing."""

    XLSX = "xlsx"
    ZIP = "zip"
    CSV = "csv"
    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Refused:
    """A file that is not taken."""

    reason: Reason


@dataclass(frozen=True)
class File:
    """A regular file on the stick: `path` to read it by, `name` to show and compare (NFC)."""

    path: str = field(repr=False)
    name: str = field(repr=False)
    size: int


@dataclass(frozen=True)
class Files:
    """The files of a stick, folder by folder, each by name; `cut` if there are more."""

    files: tuple[File, ...]
    cut: bool = False


@dataclass(frozen=True)
class Member:
    """A file in an archive; `start` and `packed` are where its bytes lie."""

    name: str = field(repr=False)
    size: int
    start: int
    packed: int
    deflated: bool
    crc: int


@dataclass(frozen=True)
class Content:
    """A file that was read whole; `members` of an archive that was inspected."""

    kind: Kind
    data: bytes = field(repr=False)
    members: tuple[Member, ...] = field(default=(), repr=False)
