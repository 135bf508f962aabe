"""What is mounted, and word of every change: /proc/self/mountinfo.

Source: proc(5), /proc/pid/mountinfo; poll(2) reports POLLPRI on it when anything is mounted or
unmounted. Nothing of a stick itself is touched here, so nothing here can hang with one.
"""

import os
import re
import select
from dataclasses import dataclass
from pathlib import PurePosixPath

SAFE = frozenset({"ro", "nosuid", "nodev", "noexec"})
_TABLE = "/proc/self/mountinfo"
_CHUNK = 1 << 16
_FIELDS = 6  # before the optional ones


@dataclass(frozen=True)
class Mount:
    """A mounted file system: the kernel's number of the mount, where, and how."""

    number: int
    device: str
    point: PurePosixPath
    options: frozenset[str]

    @property
    def safe(self) -> bool:
        """Whether nothing on it can be written, run, or be more than a file."""
        return self.options >= SAFE


def mounts_of(table: bytes) -> list[Mount]:
    """Give the mounts of a table, the oldest first; a line that is none is passed over."""
    return [mount for line in table.splitlines() if (mount := _mount(line)) is not None]


def _mount(line: bytes) -> Mount | None:
    fields = line.split(b" ")
    if len(fields) < _FIELDS or not re.fullmatch(rb"[0-9]{1,18}", fields[0]):
        return None
    point = re.sub(rb"\\([0-3][0-7]{2})", lambda octal: bytes([int(octal[1], 8)]), fields[4])
    options = fields[5].decode("ascii", "replace").split(",")
    device = fields[2].decode("ascii", "replace")
    return Mount(int(fields[0]), device, PurePosixPath(os.fsdecode(point)), frozenset(options))


class MountTable:
    """The kernel's table, opened when it is needed; for one thread at a time."""

    def __init__(self) -> None:
        self._file: int | None = None

    def mounts(self) -> list[Mount]:
        """Give what is mounted now."""
        file = self.fileno()
        os.lseek(file, 0, os.SEEK_SET)
        table = bytearray()
        while chunk := os.read(file, _CHUNK):
            table += chunk
        return mounts_of(bytes(table))

    def wait(self, seconds: float) -> bool:
        """Wait for a change; whether there was one."""
        poller = select.poll()
        poller.register(self.fileno(), select.POLLPRI)
        return bool(poller.poll(max(0.0, seconds) * 1000))

    def fileno(self) -> int:
        """Give the open table, for a poll of its own with POLLPRI."""
        if self._file is None:
            self._file = os.open(_TABLE, os.O_RDONLY | os.O_CLOEXEC)
        return self._file

    def close(self) -> None:
        """Let go of it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
