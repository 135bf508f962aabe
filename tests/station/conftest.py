import itertools
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.social_card.blank_card import BlankCard
from hardware.social_card.profile import read_profile
from station.board import Board
from station.journal import Journal
from station.link import Centre
from station.orders import Orders
from station.window import Outside, Time, Window
from station.writer import CardWriter
from tests.station.contract import Contract, served
from tests.station.slots import DirectSlot

PROFILE = read_profile(Path("config/profiles/social_card.toml"), "reference")
_numbers = itertools.count(1)


def blank():
    return BlankCard(bytes.fromhex(f"500000D156000005{next(_numbers):08X}FFFFFFFF"))


@pytest.fixture(name="blank")
def make_blank():
    """Makes a blank that no other is like."""
    return blank


@pytest.fixture(scope="session")
def _centre():
    with served(Contract()) as contract:
        yield contract


@pytest.fixture
def centre(_centre):
    """The contract, as if fresh."""
    hsm, url = _centre.hsm, _centre.url
    with pytest.MonkeyPatch.context() as patch:
        fresh = Contract()
        for name in ("writes", "answers", "asked", "devices", "hook", "polled"):
            patch.setattr(_centre, name, getattr(fresh, name))
        assert (_centre.hsm, _centre.url) == (hsm, url)
        yield _centre


class Station:
    """A station in this process: each step by hand, its waiting counted and not waited."""

    def __init__(self, folder, url, slot):
        self.folder, self.url, self.slot = folder, url, slot
        self.waits, self.now = [], 0.0
        self.on_wait = lambda: None
        self.orders = Orders()
        self.start()

    def start(self):
        """Begin as a fresh process does."""
        clock = lambda: datetime.now(UTC)  # noqa: E731
        self.board = Board(clock)
        self.journal = Journal(self.folder)
        self.centre = Centre(self.url, "W3-1", 5.0)
        cards = CardWriter(self.slot, PROFILE)
        outside = Outside(self.orders, self.board)
        time = Time(clock, self._wait, lambda: self.now)
        self.window = Window(self.centre, cards, self.journal, outside, time)

    def stop(self):
        self.centre.close()
        self.journal.close()

    def restart(self):
        self.stop()
        self.start()

    def step(self):
        self.window.step()
        return self.board.shown.state

    def _wait(self, seconds):
        self.waits.append(seconds)
        self.now += seconds
        self.on_wait()


@pytest.fixture
def slot():
    return DirectSlot()


@pytest.fixture
def station(tmp_path, centre, slot):
    with closing_station(Station(tmp_path / "station", centre.url, slot)) as made:
        yield made


def closing_station(made):
    class _Stops(closing):
        def __exit__(self, *_):
            self.thing.stop()

    return _Stops(made)


@pytest.fixture
def event():
    return threading.Event()
