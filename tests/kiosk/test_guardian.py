"""The guardian: what a visit leaves behind is overwritten at its end, and when the last has let go."""

import functools
import io
import json
import queue
import threading

import pytest

from hardware.worker import Worker
from kiosk import guardian
from kiosk.beside import Beside
from kiosk.crawl.answers import NOW
from kiosk.guardian import Guardian
from kiosk.log import Log

WORKERS = ("link", "id_reader", "housekeeping")
WITHIN_S = 20.0


@pytest.fixture
def posted():
    return queue.SimpleQueue()


@pytest.fixture
def workers():
    made = {name: Worker(name) for name in WORKERS}
    yield made
    for worker in made.values():
        assert worker.stop()


@pytest.fixture
def lines():
    return io.StringIO()


@pytest.fixture
def done():
    """What was done, in order: "hush", "overwrite", the names of what was wiped."""
    return []


@pytest.fixture
def kept(workers, posted, done, lines, monkeypatch):
    monkeypatch.setattr(guardian, "overwrite_freed", lambda: done.append("overwrite"))
    beside = Beside(workers, posted.put, Log(lines, lambda: NOW))
    wipes = {"id_reader": lambda: done.append("id_reader")}
    return Guardian(beside, WORKERS, posted.put, lambda: done.append("hush"), wipes)


def heard(posted, until):
    while not until():
        posted.get(timeout=WITHIN_S)()


def settled(posted, workers, *names):
    """Hear what there is until these have nothing more to do."""
    for _round in range(3):  # whoever lets go has it overwritten, and that once more at most
        idle = set()
        for name in names:
            told = functools.partial(posted.put, functools.partial(idle.add, name))
            workers[name].submit(lambda _cancel: None, lambda _none, told=told: told())
        heard(posted, lambda idle=idle: idle == {*names})


def test_it_is_overwritten_at_once_and_again_when_all_have_let_go(kept, workers, posted, done):
    kept.over()
    settled(posted, workers, *WORKERS)
    assert done[0] == "hush"
    assert "id_reader" in done
    assert done[-1] == "overwrite"
    assert 2 <= done.count("overwrite") <= 1 + len(WORKERS)


def test_whoever_hangs_is_waited_for_and_keeps_nothing_of_the_others(kept, workers, posted, done):
    holds = {name: threading.Event() for name in ("link", "id_reader")}
    for name, event in holds.items():
        workers[name].submit(
            lambda _cancel, event=event: event.wait(WITHIN_S), lambda _answer: None
        )
    kept.over()
    settled(posted, workers, "housekeeping")
    assert "overwrite" in done
    for name in ("id_reader", "link"):
        before = done.count("overwrite")
        holds[name].set()
        settled(posted, workers, name, "housekeeping")
        assert done.count("overwrite") > before


def test_what_cannot_be_wiped_is_written_down_and_the_rest_is(kept, workers, posted, done, lines):
    def fails():
        raise OSError

    broken = Guardian(kept.beside, WORKERS, posted.put, kept.hush, {"id_reader": fails})
    broken.over()
    settled(posted, workers, *WORKERS)
    assert done[-1] == "overwrite"
    rows = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(row["event"], row["work"]) for row in rows] == [("work_failed", "id_reader")]
