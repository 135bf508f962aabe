"""One day of the log that the disk does not give back keeps nothing else from being kept, or read."""

import errno
import gzip
import os
from pathlib import Path

import pytest

from kiosk import whole_file
from kiosk.logs import days, reading
from kiosk.logs import folder as module
from kiosk.logs.verify import verify
from tests.kiosk.test_log_folder import Start
from tests.logged import rows


@pytest.fixture
def start(tmp_path):
    one = Start(tmp_path)
    one.again()
    yield one
    one.end()


@pytest.fixture
def breaks(monkeypatch):
    """Have the disk not give back a file any more."""
    broken = set[Path]()
    reads = Path.read_bytes

    def read(path):
        if path in broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return reads(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    return broken.add


def test_the_other_days_are_packed_and_go_in_their_time(start, breaks, monkeypatch):
    start.says(0, 1, 2, 3)
    breaks(start.files[1].path)
    start.tidy()
    assert [day.packed for day in start.files] == [True, False, True, False]
    monkeypatch.setattr(module, "KEPT_DAYS", 1)
    start.tidy()
    assert [day.first for day in start.files] == [4]
    assert [row["until"] for row in rows(start.data_dir, "log_removed")] == ["000000000003"]


def test_the_other_days_are_read_by_whoever_asks(start, breaks):
    start.says(0, 1, 2)
    breaks(start.files[1].path)
    data, count = reading.packed(start.path)
    assert (gzip.decompress(data).count(b"\n"), count) == (2, 2)
    assert len(list(reading.chosen(start.path, lambda _line: True))) == 2
    assert reading.newest(start.path, 10**6).count(b"\n") == 2
    assert f"{start.files[1].path.name} cannot be read" in verify(start.path).wrong


def test_the_newest_is_put_aside_and_the_kiosk_starts(start, breaks):
    start.says(0, 1)
    start.end()
    newest = start.files[-1].path
    breaks(newest)
    start.again()
    start.says(2)
    assert (start.whole_from(), len(start.files)) == (2, 2)
    assert newest.with_name(newest.name + ".unreadable").exists()


def test_the_first_is_no_reason_to_lose_what_was_written_before(start, breaks):
    """As when the program before this one was put back for a while."""
    start.says(0, 1)
    start.end()
    breaks(start.files[0].path)
    (start.data_dir / "events.log").write_text('{"at": "2026-11-01", "event": "started"}\n')
    start.again()
    last = list(start.files[-1].lines())[-1]
    assert b'"2026-11-01"' in last
    assert not (start.data_dir / "events.log").exists()


@pytest.mark.parametrize("name", ["000000000009-20269999.jsonl", "000000000009-00000000.jsonl.gz"])
def test_a_name_that_is_no_day_s_is_no_day_of_the_log(start, name):
    start.says(0)
    (start.path / name).write_bytes(b"x")
    start.again()
    start.says(0)
    assert (start.whole_from(), len(start.files)) == (2, 1)


def test_a_disk_without_room_to_pack_is_no_damage(start, monkeypatch):
    start.says(0, 1)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as without_room:
        without_room.setattr(whole_file, "put", full)
        start.tidy()
    assert rows(start.data_dir, "store_failed")
    assert [day.packed for day in start.files] == [False, False]
    start.tidy()
    assert [day.packed for day in days.every(start.path)] == [True, False]
    assert start.whole_from() == 3
