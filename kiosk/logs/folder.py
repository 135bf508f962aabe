"""The log in its folder: a file a day, each line chained to the one before.

Kept for 200 days that have lines (网络安全法: six months), within `MOST_BYTES`: the oldest go, and
a line of the log says up to which line and hash they went. A day has room for some 15,000 lines;
beyond, only what is rare is written (`crowded`).
"""

import errno
import fcntl
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from kiosk import whole_file
from kiosk.logs import days
from kiosk.logs.chain import End, chained, hashed, row_of
from kiosk.logs.days import Day

KEPT_DAYS = 200
DAY_BYTES = 4 * 2**20
MOST_BYTES = 512 * 2**20
LOCK = "lock"


class Folder:
    """What the log writes to; any thread. Made when it is missing; `today` gives the local day.

    `mended` is how many bytes of a line the power cut off, at the end that was found. Raises
    OSError where another process writes here, or the disk does not take it.
    """

    def __init__(self, path: Path, today: Callable[[], date]) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self._today = path, today
        self._lock = threading.Lock()
        self._held = _alone(path / LOCK)
        self._file, self._day, self._size = -1, date.min, 0
        self.mended, self.end = 0, End()
        self._find_end()

    def write(self, line: str) -> None:
        """Write a JSON object as the next line. Raises OSError, and nothing is written."""
        with self._lock:
            if self._held < 0:
                raise OSError(errno.EBADF, "the log was closed")
            today = self._today()
            if self._file < 0 or today != self._day:
                self._begin(today)
            told, end = chained(self.end, line)
            self._append(told + b"\n")
            self.end = end

    def flush(self) -> None:
        """Every line is handed over as it is written; `sync` has it outlast the power."""

    def sync(self) -> End:
        """Have every line so far outlast the power, and give the end they make."""
        with self._lock:
            end, file = self.end, os.dup(self._file) if self._file >= 0 else -1
        if file >= 0:
            try:
                os.fsync(file)  # others write meanwhile
            finally:
                os.close(file)
        return end

    def crowded(self) -> bool:
        """Whether the day has as many lines as a day may have."""
        return self._size > DAY_BYTES and self._today() == self._day

    def go_on_after(self, end: End) -> None:
        """Chain the next line to an end that was signed, where the lines before it are gone."""
        with self._lock:
            self._leave()
            self.end = end

    def pack(self) -> None:
        """Pack closed days. Raises OSError, for want of room."""
        for day in days.every(self.path)[:-1]:
            if day.packed:
                day.path.with_suffix("").unlink(missing_ok=True)  # power went between the two
            else:
                with suppress(days.DamagedError):  # it goes in its time, as others do
                    day.pack()

    def overdue(self) -> End | None:
        """The end up to which days must go, if any must. Raises OSError."""
        found = days.every(self.path)
        gone = self._too_old(found)
        return _end_before(found[gone:]) if gone else None

    def remove_until(self, end: End) -> None:
        """Remove the days whose lines all come before the end of a line. Raises OSError."""
        found = days.every(self.path)
        for day, after in pairwise(found):
            if after.first <= end.seq + 1:
                whole_file.remove(day.path)

    def close(self) -> None:
        """Write no more; another process may."""
        with self._lock:
            self._leave()
            os.close(self._held)
            self._held = -1

    def _begin(self, day: date) -> None:
        """Begin a file."""
        self._leave()
        path = days.named(self.path, self.end.seq + 1, day).path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._day, self._size = day, 0
        whole_file.sync(self.path)

    def _append(self, data: bytes) -> None:
        try:
            _all_of(self._file, data)
        except OSError:
            try:
                os.ftruncate(self._file, self._size)
            except OSError:
                self._leave()  # the next line begins a file; what is half written is no line
            raise
        self._size += len(data)

    def _leave(self) -> None:
        if self._file >= 0:
            with suppress(OSError):
                os.fsync(self._file)
            os.close(self._file)
        self._file = -1

    def _find_end(self) -> None:
        """Go on where the last whole line is; what comes after it was cut off by the power."""
        for day in reversed(days.every(self.path)):
            try:
                data = day.data()
            except days.DamagedError:
                day.put_aside()
                continue
            good = _good(data)
            if not day.packed and good < len(data):
                self.mended += len(data) - good
                os.truncate(day.path, good)
            if good:
                self.end = _last(data[:good])
                if not day.packed:
                    self._file = os.open(day.path, os.O_WRONLY | os.O_APPEND)
                    self._day, self._size = day.day, good
                return
            whole_file.remove(day.path)

    def _too_old(self, found: list[Day]) -> int:
        """How many of the days must go: too old, or beyond what the disk may give.

        Today counts as a later one, whether it has a line or not: that they go is one.
        """
        sizes, today = [day.path.stat().st_size for day in found], self._today()
        over, oldest = sum(sizes) - MOST_BYTES, today - timedelta(days=KEPT_DAYS)
        for gone, (day, size) in enumerate(zip(found[:-1], sizes, strict=False)):
            after = len(found) - gone - (found[-1].day == today)  # a clock ahead makes none old
            if over <= 0 and (day.day > oldest or after < KEPT_DAYS):
                return gone
            over -= size
        return max(0, len(found) - 1)


def _alone(path: Path) -> int:
    """Hold the folder for this process; a second one is told so."""
    held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise OSError(errno.EBUSY, f"another kiosk writes its log to {path.parent}") from None
    return held


def _all_of(file: int, data: bytes) -> None:
    """Write all of it, or raise OSError: a disk that is full takes a part."""
    if os.write(file, data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _good(data: bytes) -> int:
    """How many bytes of a file are whole lines of a chain, from its beginning to the last one."""
    good = data.rfind(b"\n") + 1
    while good and row_of(data[:good].rstrip(b"\n").rpartition(b"\n")[2]) is None:
        good = data.rfind(b"\n", 0, good - 1) + 1
    return good


def _last(data: bytes) -> End:
    line = data.rstrip(b"\n").rpartition(b"\n")[2]
    row = row_of(line)
    return End(row["seq"], hashed(line)) if row else End()


def _end_before(found: list[Day]) -> End | None:
    """The end that the first line of these days was chained to; of those that can be read."""
    for day in found:
        with suppress(days.DamagedError):
            row = row_of(next(day.lines(), b""))
            if row is not None:
                return End(row["seq"] - 1, row["prev"])
    return None
