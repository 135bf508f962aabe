"""The files of the log: one a day, named by its first line's number and the day, gzip when closed.

`000000000120-20261129.jsonl` begins with line 120. Files are in the order of their lines, whatever
the clock said.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk import whole_file

DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading a packed file raises that was damaged."""

_NAME = re.compile(r"([0-9]{12})-([0-9]{8})\.jsonl(\.gz)?")


@dataclass(frozen=True, slots=True)
class Day:
    """A file of the log: where it is, its first line's number, and its day."""

    path: Path
    first: int
    day: date

    @property
    def packed(self) -> bool:
        """Whether it is closed for good."""
        return self.path.suffix == ".gz"

    def data(self) -> bytes:
        """Its bytes. Raises OSError, and one of `DAMAGED`."""
        data = self.path.read_bytes()
        return gzip.decompress(data) if self.packed else data

    def lines(self) -> Iterator[bytes]:
        """Its whole lines, without their line feeds: what no line feed ends was never written."""
        yield from self.data().split(b"\n")[:-1]

    def pack(self) -> None:
        """Close it for good. Raises OSError; it stays as it was."""
        packed = self.path.with_name(self.path.name + ".gz")
        whole_file.put(packed, gzip.compress(self.path.read_bytes(), mtime=0), 0o600)
        whole_file.remove(self.path)

    def put_aside(self) -> None:
        """Keep what cannot be read for whoever looks into it; it is no file of the log any more."""
        self.path.replace(self.path.with_name(self.path.name + ".unreadable"))


def named(folder: Path, first: int, day: date) -> Day:
    """The file for a day that begins with a line."""
    return Day(folder / f"{first:012}-{day:%Y%m%d}.jsonl", first, day)


def every(folder: Path) -> list[Day]:
    """The files in their order, but empty ones; of one in both forms, the packed one."""
    found = dict[int, Day]()
    for path in sorted(folder.iterdir()):
        name = _NAME.fullmatch(path.name)
        if name and path.stat().st_size:
            day = date(int(name[2][:4]), int(name[2][4:6]), int(name[2][6:]))
            found[int(name[1])] = Day(path, int(name[1]), day)
    return [found[first] for first in sorted(found)]
