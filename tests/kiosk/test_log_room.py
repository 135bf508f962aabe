"""A disk that is full, and the log's old days: none goes unsaid, and they do go, so that there is room."""

import errno
import os

import pytest

from kiosk import whole_file
from kiosk.logs import folder as module
from kiosk.logs import room
from kiosk.logs.verify import verify
from tests.kiosk.test_log_folder import Start
from tests.logged import rows

DAYS = 5


class Disk:
    """One that has room for so many bytes in all, and says so as a real one does."""

    def __init__(self, path, monkeypatch):
        self.path, self.size = path, 10**9
        self._write, self._put, self._keep = os.write, whole_file.put, os.posix_fallocate
        monkeypatch.setattr(module.os, "write", self.write)
        monkeypatch.setattr(whole_file, "put", self.put)
        monkeypatch.setattr(room.os, "posix_fallocate", self.keep)

    @property
    def free(self):
        return self.size - sum(file.stat().st_size for file in self.path.iterdir())

    def fill(self, left=0):
        self.size -= self.free - left

    def write(self, file, data):
        return self._write(file, data[: max(0, self.free)])

    def put(self, path, data, mode):
        self.has(len(data))
        self._put(path, data, mode)

    def keep(self, file, start, length):
        self.has(length - os.fstat(file).st_size)
        self._keep(file, start, length)

    def has(self, size):
        if size > self.free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def start(tmp_path):
    one = Start(tmp_path)
    one.again()
    yield one
    one.end()


@pytest.fixture
def disk(start, monkeypatch):
    monkeypatch.setattr(module, "KEPT_DAYS", DAYS)
    return Disk(start.path, monkeypatch)


def test_no_day_goes_whose_going_no_disk_took(start, disk):
    disk.fill(left=10**4)
    start.says(*range(DAYS + 1))
    disk.fill()
    start.tidy()
    assert (len(start.files), start.log.lost > 0) == (DAYS + 1, True)
    assert verify(start.data_dir).wrong == []
    disk.fill(left=10**6)
    start.tidy()
    assert (len(start.files), verify(start.data_dir).removed_until) == (DAYS, 1)
    assert rows(start.data_dir, "log_lost")


def test_a_full_disk_gets_room_from_the_log_s_own_old_days(start, disk):
    start.says(*range(DAYS))
    start.tidy()
    start.says(DAYS, DAYS + 1)
    disk.fill()
    start.tidy()
    assert [day.packed for day in start.files] == [True] * (DAYS - 3) + [False] * 3
    assert len(rows(start.data_dir, "log_removed")) == 1
    verdict = verify(start.data_dir)
    assert (verdict.wrong, verdict.removed_until) == ([], 2)
    start.tidy()
    assert [day.packed for day in start.files] == [True] * (DAYS - 1) + [False]


def test_a_day_that_a_full_disk_takes_no_line_of_makes_room_all_the_same(start, disk):
    start.says(*range(DAYS))
    start.tidy()
    disk.fill()
    start.says(DAYS)
    start.tidy()
    assert start.log.lost == 2  # the line of that day, and the word the first time
    assert verify(start.data_dir).removed_until == 1
    start.says(DAYS)
    assert start.whole_from(module.End(1, rows(start.data_dir)[0]["prev"])) == DAYS + 3


def test_the_room_is_kept_as_soon_as_there_is_room_and_not_a_part_of_it(start, disk):
    disk.fill(left=room.BYTES - 1)
    start.says(0)
    start.tidy()
    assert not (start.path / room.FILE).exists()
    disk.fill(left=room.BYTES)
    start.tidy()
    assert (start.path / room.FILE).stat().st_size == room.BYTES
