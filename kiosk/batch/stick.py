"""A unit's files on a stick: the stick's own, and the members of its archives of pictures."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from hardware.media.archives import unpack
from hardware.media.contents import Content, File, Files, Kind, Member, Reason, Refused
from kiosk.batch.source import Cancelled, Entry, FileFault, NotTaken

_ARCHIVE = ".zip"

_FAULTS = {
    Reason.NOT_FOUND: FileFault.GONE,
    Reason.NOT_A_FILE: FileFault.GONE,
    Reason.NAME_NOT_ALLOWED: FileFault.NAME,
    Reason.NOT_READABLE: FileFault.NOT_READABLE,
    Reason.TOO_LARGE: FileFault.TOO_LARGE,
    Reason.TOTAL_TOO_LARGE: FileFault.TOO_LARGE,
    Reason.DAMAGED: FileFault.DAMAGED,
    Reason.ENCRYPTED: FileFault.ENCRYPTED,
    Reason.MACRO: FileFault.MACRO,
    Reason.OLD_OFFICE: FileFault.OLD_OFFICE,
    Reason.NESTED: FileFault.NESTED,
    Reason.BOMB: FileFault.BOMB,
    Reason.TOO_MANY_MEMBERS: FileFault.TOO_MANY_FILES,
    Reason.NOT_SUPPORTED: FileFault.DAMAGED,
}


Stick_contra = TypeVar("Stick_contra", contravariant=True)


class Slot(Protocol[Stick_contra]):
    """Where sticks are read: `StickSlot`, or what does the same of what a phone has sent."""

    def files(self, stick: Stick_contra, cancel: threading.Event, /) -> Files | Refused:
        """Give the files."""
        ...

    def read(
        self, stick: Stick_contra, file: File, cancel: threading.Event, /
    ) -> Content | Refused:
        """Give a file whole."""
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry is: a file of the stick, and in it a member."""

    file: File
    member: Member | None


@dataclass(slots=True)
class _Archive:
    """The archive that was read last: its members are asked for one after the other."""

    path: str = ""
    data: bytes = field(default=b"", repr=False)


class StickSource(Generic[Stick_contra]):
    """The files of a stick in the slot, until it is pulled; `cancel` ends what is being read.

    At most one archive is held in memory (`Limits.single_bytes`). What is read counts towards
    `Limits.total_bytes`, an archive once for the listing and once for each time it is gone through.
    """

    def __init__(
        self, slot: Slot[Stick_contra], stick: Stick_contra, cancel: threading.Event
    ) -> None:
        self._slot, self._stick, self._cancel = slot, stick, cancel
        self._places: dict[str, _Place] = {}
        self._entries: tuple[Entry, ...] | None = None
        self._archive = _Archive()

    def entries(self) -> Sequence[Entry]:
        """The files, listed once; an archive that is refused raises its `NotTaken`."""
        if self._entries is None:
            listed = self._slot.files(self._stick, self._cancel)
            if isinstance(listed, Refused):
                raise _no(listed.reason)
            if listed.cut:
                raise NotTaken(FileFault.TOO_MANY_FILES)
            self._entries = tuple(each for file in listed.files for each in self._of(file))
        return self._entries

    def read(self, entry: Entry) -> bytes:
        """A file or member; CHANGED when it is no longer as long as it was."""
        place = self._places.get(entry.path)
        if place is None:
            raise NotTaken(FileFault.GONE)
        if place.member is None:
            data = self._content(place.file).data
        else:
            unpacked = unpack(self._held(place.file), place.member)
            if isinstance(unpacked, Reason):
                raise _no(unpacked)
            data = unpacked
        if len(data) != entry.size:
            raise NotTaken(FileFault.CHANGED)
        return data

    def _of(self, file: File) -> list[Entry]:
        """A file as an entry; an archive as its members."""
        if not file.name.lower().endswith(_ARCHIVE):
            return [self._entry(file.name, file.size, _Place(file, None))]
        content = self._content(file)
        self._archive = _Archive(file.path, content.data)
        return [
            self._entry(f"{file.name}/{member.name}", member.size, _Place(file, member))
            for member in content.members
            if content.kind is Kind.ZIP
        ]

    def _entry(self, path: str, size: int, place: _Place) -> Entry:
        self._places[path] = place
        return Entry(path, size)

    def _held(self, file: File) -> bytes:
        """An archive's bytes; those of the one read before go."""
        if self._archive.path != file.path:
            self._archive = _Archive()
            content = self._content(file)
            self._archive = _Archive(file.path, content.data)
        if len(self._archive.data) != file.size:
            raise NotTaken(FileFault.CHANGED)
        return self._archive.data

    def _content(self, file: File) -> Content:
        content = self._slot.read(self._stick, file, self._cancel)
        if isinstance(content, Refused):
            raise _no(content.reason)
        return content


def _no(reason: Reason) -> NotTaken | Cancelled:
    if reason is Reason.CANCELLED:
        return Cancelled()
    return NotTaken(_FAULTS[reason])
