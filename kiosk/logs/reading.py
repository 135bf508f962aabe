"""The whole log in one stream, checkpoints first, as an export has it; or the lines that matter."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.logs import days
from kiosk.logs.checkpoints import FILE


def packed(folder: Path) -> tuple[bytes, int]:
    """All of it as gzip, and how many lines of the log it holds. Raises OSError.

    Closed days are taken as they lie there; one that was damaged is left out, so that the rest
    can be read: whoever verifies is told of the gap.
    """
    kept = folder / FILE
    parts = [gzip.compress(kept.read_bytes(), mtime=0)] if kept.exists() else []
    lines = 0
    for day in days.every(folder):
        try:
            data, raw = day.data(), day.raw()
        except days.DamagedError:
            continue
        parts.append(raw if day.packed else gzip.compress(data, mtime=0))
        lines += data.count(b"\n")
    return b"".join(parts), lines


def chosen(folder: Path, wanted: Callable[[bytes], bool]) -> Iterator[bytes]:
    """The lines that are wanted, each with its line feed. Raises OSError."""
    for day in days.every(folder):
        try:
            yield from (line + b"\n" for line in day.lines() if wanted(line))
        except days.DamagedError:
            continue


def newest(folder: Path, most: int) -> bytes:
    """The lines of the newest days, at least `most` bytes if there are so many. Raises OSError."""
    parts, size = list[bytes](), 0
    for day in reversed(days.every(folder)):
        if size >= most:
            break
        try:
            parts.append(day.data())
        except days.DamagedError:
            continue
        size += len(parts[-1])
    return b"".join(reversed(parts))
