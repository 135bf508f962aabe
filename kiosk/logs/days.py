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

_NAME = re.compile(r"([0-9]{12})-([0-9]{8})\.jsonl(\.gz)?")


class DamagedError(Exception):
    """A file that cannot be read: its disk does not give it, or it is packed and was damaged."""


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

    def raw(self) -> bytes:
        """Its bytes as they lie there. Raises DamagedError; FileNotFoundError if it was packed."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise DamagedError(self.path.name) from error

    def data(self) -> bytes:
        """Its bytes, unpacked. Raises as `raw` does."""
        data = self.raw()
        try:
            return gzip.decompress(data) if self.packed else data
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DamagedError(self.path.name) from error

    def lines(self) -> Iterator[bytes]:
        """Its whole lines, without their line feeds: what no line feed ends was never written."""
        yield from self.data().split(b"\n")[:-1]

    def pack(self) -> None:
        """Close it for good. Raises as `raw` does, and OSError; it stays as it was."""
        packed = self.path.with_name(self.path.name + ".gz")
        whole_file.put(packed, gzip.compress(self.raw(), mtime=0), 0o600)
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
        day = _date(name[2]) if name else None
        if name and day and path.stat().st_size:
            found[int(name[1])] = Day(path, int(name[1]), day)
    return [found[first] for first in sorted(found)]


def _date(text: str) -> date | None:
    """The day of a name; None for a name that somebody else gave."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
