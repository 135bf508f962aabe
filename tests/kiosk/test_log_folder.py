"""The log's folder: no line is lost or altered unseen, whatever power, disk and clock do."""

import errno
import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.log import Event
from kiosk.logs import days
from kiosk.logs import folder as module
from kiosk.logs.chain import START, End, chained, hashed, row_of
from kiosk.logs.checkpoints import Checkpoint, Checkpoints
from kiosk.logs.keeper import Keeper
from kiosk.logs.opening import open_log
from tests.logged import rows, text

BEGAN = datetime(2026, 11, 29, 10, tzinfo=UTC)


class Start:
    """A kiosk that starts again and again over one folder; the time is as a test sets it."""

    def __init__(self, data_dir):
        self.data_dir, self.path = data_dir, data_dir / "log"
        self.time, self.folder = BEGAN, None

    def again(self):
        self.end()
        self.log, self.folder = open_log(self.data_dir, lambda: self.time)
        return self.log

    def end(self):
        if self.folder is not None:
            self.folder.close()
        self.folder = None

    def says(self, *days_on):
        """A line on each of these days after the first."""
        for day in days_on:
            self.time = BEGAN + timedelta(days=day)
            self.log.write(Event.SETTLED, open=day, left=0)

    def tidy(self):
        Keeper(self.folder, self.log, lambda: self.time).look()

    @property
    def files(self):
        return days.every(self.path)

    def whole_from(self, end=None):
        """The last line of a chain that is whole after an end."""
        end = end or End()
        for line in text(self.data_dir).encode().splitlines():
            row = row_of(line)
            assert (row["seq"], row["prev"]) == (end.seq + 1, end.head)
            end = End(row["seq"], hashed(line))
        return end.seq


@pytest.fixture
def start(tmp_path):
    one = Start(tmp_path)
    one.again()
    yield one
    one.end()


@given(st.lists(st.dictionaries(st.text(), st.one_of(st.text(), st.integers())), max_size=5))
def test_a_line_says_what_it_said_and_its_place(told):
    end = End()
    for fields in told:
        line, after = chained(
            end, json.dumps({"at": "", **{f"x{key}": fields[key] for key in fields}})
        )
        assert (row_of(line)["seq"], row_of(line)["prev"]) == (end.seq + 1, end.head)
        assert after == End(end.seq + 1, hashed(line))
        assert b"\n" not in line
        end = after


def test_the_chain_goes_on_over_starts_and_days(start):
    start.says(0, 0, 1)
    start.again()
    start.says(1, 2)
    start.again()
    assert (start.whole_from(), len(start.files)) == (5, 3)
    assert rows(start.data_dir)[0]["prev"] == START


def test_a_clock_that_goes_back_changes_no_order(start):
    start.says(0, 1, -30, 400, 0)
    assert [row["open"] for row in rows(start.data_dir)] == [0, 1, -30, 400, 0]
    start.again()
    assert start.whole_from() == 5


@pytest.mark.parametrize("torn", [b'{"seq": 3, "pre', b"\x00" * 700, b'{"seq": 3}\n', b"\xff\n\n"])
def test_a_line_that_the_power_tore_is_mended_and_said(start, torn):
    start.says(0, 0)
    start.end()
    with start.files[-1].path.open("ab") as file:
        file.write(torn)
    start.again()
    start.says(0)
    assert start.whole_from() == 4
    assert [row["what"] for row in rows(start.data_dir, "log_mended")] == ["torn"]


def test_a_file_that_is_torn_from_its_first_byte_is_begun_anew(start):
    start.says(0, 1)
    start.end()
    start.files[-1].path.write_bytes(b"\x00" * 4096)
    start.again()
    start.says(1)
    assert start.whole_from() == 3


def test_what_was_written_before_is_taken_over_once(tmp_path):
    old = [json.dumps({"at": "2026-11-01", "event": "started", "n": n}) for n in range(3)]
    (tmp_path / "events.log").write_text("\n".join([*old, '{"at": "2026', ""]))
    start = Start(tmp_path)
    start.again()
    start.says(0)
    assert start.whole_from() == 4
    assert [row.get("n") for row in rows(tmp_path)] == [0, 1, 2, None]
    (tmp_path / "events.log").write_text(old[0])  # as when the power went before it was removed
    start.again()
    assert (start.whole_from(), (tmp_path / "events.log").exists()) == (4, False)
    (tmp_path / "events.log").write_text(old[1])  # as when the old program ran for a while
    start.again()
    assert (start.whole_from(), rows(tmp_path)[-1]["n"]) == (5, 1)
    start.end()


def test_a_disk_that_is_full_loses_lines_and_says_how_many(start, monkeypatch):
    start.says(0)
    real, room = os.write, [10]

    def write(file, data):
        return real(file, data[: room[0]])

    monkeypatch.setattr(module.os, "write", write)
    start.says(0, 0)
    assert start.log.lost == 2
    room[0] = None
    start.says(0)
    assert start.whole_from() == 3
    assert [row["count"] for row in rows(start.data_dir, "log_lost")] == [2]


def test_a_disk_that_takes_nothing_back_either_begins_another_file(start, monkeypatch):
    start.says(0)

    def fails(*_arguments):
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as broken:
        broken.setattr(module.os, "ftruncate", fails)
        broken.setattr(module.os, "write", lambda _file, data: len(data) // 2)
        start.says(0)
    start.says(1)
    assert start.whole_from() == 3


def test_another_process_does_not_write(start):
    program = (
        "import sys, datetime, pathlib; from kiosk.logs.folder import Folder\n"
        "try: Folder(pathlib.Path(sys.argv[1]), datetime.date.today)\n"
        "except OSError as error: print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, start.path], capture_output=True, text=True, check=True
    )
    assert "another kiosk writes its log" in told.stdout


def test_a_clock_that_is_years_ahead_makes_no_day_old(start):
    start.says(0, 1, 2, 9999)
    start.tidy()
    assert len(start.files) == 4


def test_closed_days_are_packed_and_old_ones_go_with_a_word(start, monkeypatch):
    monkeypatch.setattr(module, "KEPT_DAYS", 3)
    start.says(0, 1, 2)
    start.tidy()
    assert [day.packed for day in start.files] == [True, True, False]
    second = hashed(text(start.data_dir).encode().splitlines()[1])
    start.says(3, 4)
    start.tidy()
    start.again()
    (gone,) = rows(start.data_dir, "log_removed")
    assert (int(gone["until"]), gone["head"]) == (2, second)
    assert start.whole_from(End(2, second)) == 6


def test_a_day_that_rotted_goes_like_others(start, monkeypatch):
    start.says(0, 1, 2)
    start.tidy()
    for day in start.files[:2]:
        day.path.write_bytes(day.path.read_bytes()[:-9])
    monkeypatch.setattr(module, "KEPT_DAYS", 1)
    start.tidy()
    assert [row["until"] for row in rows(start.data_dir, "log_removed")] == ["000000000002"]
    assert len(start.files) == 1


def test_what_the_disk_may_give_is_not_exceeded(start, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 600)
    start.says(*range(10))
    start.tidy()
    assert sum(day.path.stat().st_size for day in start.files) < 900
    assert rows(start.data_dir, "log_removed")
    assert rows(start.data_dir)[-2]["open"] == 9


def test_a_day_of_too_many_lines_keeps_what_is_rare(start, monkeypatch):
    monkeypatch.setattr(module, "DAY_BYTES", 500)
    for _ in range(50):
        start.log.write(Event.HELP_CALLED, step="home")
    start.log.write(Event.ATTENDANT_ENTERED, id="1001", role="attendant")
    found = [row["event"] for row in rows(start.data_dir)]
    assert found[-2:] == ["attendant_entered", "log_lost"]
    assert rows(start.data_dir, "log_lost")[0]["count"] == start.log.lost > 40


@pytest.mark.parametrize("power", ["raw", "unreadable"])
def test_power_that_goes_while_a_day_is_packed_loses_no_line(start, power):
    start.says(0, 1)
    first = start.files[0].path
    packed = gzip.compress(first.read_bytes())
    cut = packed if power == "raw" else packed[: len(packed) // 2]
    name = first.name + (".gz" if power == "raw" else ".gz.new")
    (start.path / name).write_bytes(cut)
    start.again()
    start.tidy()
    assert start.whole_from() == 2
    assert [day.packed for day in start.files] == [True, False]


def test_lines_that_were_signed_and_are_gone_are_told(start):
    start.says(0, 0, 0)
    end = start.folder.end
    Checkpoints(start.path).sign(Checkpoint(end, BEGAN.isoformat(), "token"))
    start.end()
    day = start.files[-1].path
    day.write_bytes(b"".join(day.read_bytes().splitlines(keepends=True)[:1]))
    start.again()
    (gone,) = rows(start.data_dir, "log_mended")
    assert (gone["what"], gone["count"]) == ("gone", 2)
    assert (gone["seq"], gone["prev"]) == (end.seq + 1, end.head)


def test_after_it_was_closed_nothing_is_written(start):
    start.says(0)
    log = start.log
    start.end()
    log.write(Event.STOPPED)
    assert (log.lost, start.whole_from()) == (1, 1)


def test_threads_that_write_together_make_one_chain(start):
    def says():
        for number in range(100):
            start.log.write(Event.SETTLED, open=number, left=0)

    threads = [threading.Thread(target=says) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert start.whole_from() == 400


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_wherever_the_power_cuts_the_last_file_the_rest_is_a_chain(data):
    with tempfile.TemporaryDirectory() as folder:
        start = Start(Path(folder))
        start.again()
        start.says(0, 0, 1, 1)
        start.end()
        path = start.files[-1].path
        whole = path.read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        path.write_bytes(whole[:cut])
        start.again()
        start.says(1)
        torn = cut and not whole[:cut].endswith(b"\n")
        assert start.whole_from() == 2 + whole[:cut].count(b"\n") + bool(torn) + 1
        start.end()
