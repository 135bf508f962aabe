"""The slot for USB sticks: notices them, and reads them without trusting them."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hardware import device
from hardware.device import Capabilities, State, Status
from hardware.fault import Cure, DeviceFault
from hardware.media import child, names
from hardware.media.contents import NAME, Content, File, Files, Limits, Reason, Refused
from hardware.media.kinds import judge
from hardware.media.mounts import Mount, MountTable
from hardware.media.reader import BadPacket, Reader, ReaderGone, Watch, end_of, file_of

_USUAL = Limits()
_LOOK_UP_S = 0.1  # how soon a waiting command hears that it is cancelled, or sees a plain folder


@dataclass(frozen=True)
class Stick:
    """A stick that was put in: where it is mounted, and what tells it from the next one there."""

    root: PurePosixPath
    mark: str = field(repr=False)


@dataclass(frozen=True)
class NoStick:
    """No stick was put in in time, or nobody waits for it any more."""


class StickSlot:
    """USB sticks as the machine mounts them, each at a folder of its own in `mount_root`.

    For one thread at a time (its `Worker`); nothing is opened before the first command. A stick
    that is not mounted ro, nosuid, nodev, noexec is a fault. For development a plain folder in
    `mount_root` with something in it is a stick, too. `DeviceFault`: `no_media`, `invalid_media`,
    `time_out` (replug), `internal_error` (retry), `not_mounted_safely`, `no_device`,
    `hardware_error` (attendant). No fault is final. Source: docs/devices/media.md.
    """

    name = NAME

    def __init__(
        self, mount_root: Path | str, limits: Limits = _USUAL, command: Sequence[str] = ()
    ) -> None:
        self._root = str(mount_root)
        self._limits = limits
        self._table = MountTable()
        self._reader = Reader(command)
        self._read_of: tuple[Stick | None, int] = (None, 0)

    def capabilities(self) -> Capabilities:
        """Give what it can do."""
        return Capabilities("Storage", "usb", frozenset({"read_only"}))

    def status(self) -> Status:
        """Say whether a stick is in; a folder for sticks that is missing is a fault."""
        media = device.Media.PRESENT if self.present() else device.Media.NOT_PRESENT
        return Status(State.ONLINE, media)

    def reset(self) -> device.Media:
        """End what is being read, and say whether a stick is in."""
        self._reader.close()
        self._read_of = (None, 0)
        return device.Media.PRESENT if self.present() else device.Media.NOT_PRESENT

    def close(self) -> None:
        """Let go of everything; the next command takes it again."""
        self._reader.close()
        self._table.close()

    def present(self) -> bool:
        """Whether a stick is in."""
        return self._look() is not None

    def accept(self, cancel: threading.Event, timeout_s: float) -> Stick | NoStick:
        """Give the stick that is in, or is put in within so many seconds (one look at least).

        Of several the one that was put in first.
        """
        until = time.monotonic() + timeout_s
        while (stick := self._look()) is None:
            left = until - time.monotonic()
            if left <= 0 or cancel.is_set():
                return NoStick()
            self._table.wait(min(left, _LOOK_UP_S))
        return stick

    def taken(self, stick: Stick, cancel: threading.Event, timeout_s: float) -> bool:
        """Whether the stick was taken out within so many seconds (MediaTaken)."""
        self._reader.close()
        until = time.monotonic() + timeout_s
        while not self._pulled(stick):
            left = until - time.monotonic()
            if left <= 0 or cancel.is_set():
                return False
            self._table.wait(min(left, _LOOK_UP_S))
        return True

    def files(self, stick: Stick, cancel: threading.Event) -> Files | Refused:
        """Give the stick's files, within the limits; those of a system are left out."""
        limits = self._limits
        found: list[File] = []

        def take(payload: bytes) -> None:
            path, size = file_of(payload)
            parts = path.split("/")
            if all(names.allowed(part) and not names.of_a_system(part) for part in parts):
                found.append(File(path, names.normal(path), size))
            if len(found) > limits.files:
                raise BadPacket

        request = {"op": "list", "depth": limits.depth, "files": limits.files}
        reason, cut = self._ask(stick, request, take, cancel)
        return Refused(reason) if reason else Files(tuple(found), cut)

    def read(self, stick: Stick, file: File, cancel: threading.Event) -> Content | Refused:
        """Give a file whole and what it is, or why it is not taken; archives are inspected."""
        of, already = self._read_of
        already = already if of == stick else 0
        allowed = min(self._limits.single_bytes, self._limits.total_bytes - already)
        data = bytearray()

        def take(payload: bytes) -> None:
            data.extend(payload)
            if len(data) > allowed:
                raise BadPacket

        request = {"op": "read", "path": file.path, "bytes": allowed}
        reason, _ = self._ask(stick, request, take, cancel)
        if reason is Reason.TOO_LARGE and allowed < self._limits.single_bytes:
            reason = Reason.TOTAL_TOO_LARGE
        if reason:
            return Refused(reason)
        self._read_of = (stick, already + len(data))
        return judge(bytes(data), self._limits)

    def _ask(
        self,
        stick: Stick,
        request: Mapping[str, str | int],
        take: Callable[[bytes], None],
        cancel: threading.Event,
    ) -> tuple[Reason | None, bool]:
        """Give each packet to `take`; then why it was refused, and whether there is more.

        The stick was in from the first to the last packet.
        """
        self._look()  # it may be mounted in another way meanwhile
        whole = {**request, "root": str(stick.root)}
        try:
            error, cut = "", False
            for tag, payload in self._reader.ask(whole, self._watch(stick, cancel)):
                if tag == child.END:
                    error, cut = end_of(payload)
                else:
                    take(payload)
            if self._pulled(stick):
                raise _fault("no_media")
            if error == child.GONE:
                raise _fault("invalid_media")
            return _reason_of(error), cut
        except ReaderGone as gone:
            if gone.why == Reason.CANCELLED:
                return Reason.CANCELLED, False
            raise _fault(gone.why) from None
        except BadPacket:
            self._reader.close()
            raise _fault("internal_error") from None

    def _watch(self, stick: Stick, cancel: threading.Event) -> Watch:
        """Give what ends a reading early."""
        limits, table = self._limits, self._table.fileno()
        return Watch(cancel, table, lambda: self._pulled(stick), limits.stall_s, limits.whole_s)

    def _look(self) -> Stick | None:
        mounted, sticks = self._seen()
        if not all(mount.safe for mount in mounted):
            raise _fault("not_mounted_safely")
        return next(iter(sticks), None)

    def _pulled(self, stick: Stick) -> bool:
        _, sticks = self._seen()
        return stick not in sticks

    def _seen(self) -> tuple[list[Mount], list[Stick]]:
        """Give what is mounted and the sticks that are in, of one moment.

        What is mounted while the folder is looked at would be taken for a plain folder, and for
        pulled a moment later.
        """
        mounted = self._mounted()
        while True:
            sticks = self._sticks(mounted)
            before, mounted = mounted, self._mounted()
            if mounted == before:
                return mounted, sticks

    def _mounted(self) -> list[Mount]:
        """Give what is mounted in the folder for sticks, the oldest first."""
        root = PurePosixPath(os.path.realpath(self._root))
        topmost = {mount.point: mount for mount in self._table.mounts()}
        return [mount for mount in topmost.values() if mount.point.parent == root != mount.point]

    def _sticks(self, mounted: list[Mount]) -> list[Stick]:
        """Give the sticks that are in; nothing of a mounted one is touched for it."""
        sticks = [Stick(mount.point, f"{mount.number} {mount.device}") for mount in mounted]
        points = {mount.point.name for mount in mounted}
        try:
            with os.scandir(self._root) as entries:
                for entry in entries:
                    known = entry.name in points or entry.name.startswith(".")
                    plain = not known and entry.is_dir(follow_symlinks=False)
                    if plain and _has_something(entry.path):
                        root = PurePosixPath(os.path.realpath(entry.path))
                        sticks.append(Stick(root, f"folder {entry.inode()}"))
        except OSError:
            raise _fault("no_device") from None
        return sticks


def _reason_of(word: str) -> Reason | None:
    """Give what a word of the reader says, None for no word."""
    if not word:
        return None
    if word not in list(Reason):
        raise BadPacket
    return Reason(word)


def _has_something(folder: str) -> bool:
    """Whether a folder is not empty: an empty one may be where a stick is about to be mounted."""
    try:
        with os.scandir(folder) as entries:
            return any(entries)
    except OSError:  # it went away while it was looked at
        return False


_CURES = {
    "no_media": Cure.REPLUG,
    "invalid_media": Cure.REPLUG,
    "time_out": Cure.REPLUG,
    "internal_error": Cure.RETRY,
    "not_mounted_safely": Cure.ATTENDANT,
    "no_device": Cure.ATTENDANT,
    "hardware_error": Cure.ATTENDANT,
}


def _fault(detail: str) -> DeviceFault:
    return DeviceFault(NAME, _CURES[detail], detail)
