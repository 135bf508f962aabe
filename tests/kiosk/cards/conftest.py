"""A kiosk's slot, PIN pad, journal and centre, all real, and a person before them."""

import io
import queue
import shutil
import threading
from datetime import datetime
from pathlib import Path

import pytest

from central.app import build_app
from central.centre import Settings, open_centre, voucher_secret
from central.database import Database
from central.hsm.opening import DEMO, open_hsm
from central.people.seed import seed
from central.server import Server, listen
from hardware.bench.pcsc import Pcscd
from hardware.pin_pad.screen_pad import ScreenPad
from hardware.social_card.driver import PcscSlot
from hardware.social_card.profile import read_profile
from hardware.social_card.simulator import SocialCardSimulator
from kiosk.card_keys import CentralKeys
from kiosk.card_slot import Slot
from kiosk.card_work import CardWork
from kiosk.journal import Journal
from kiosk.link import Centre
from kiosk.log import Log
from kiosk.pin_cases import PinCases
from kiosk.pin_vault import Vault
from kiosk.pin_work import PinWork
from kiosk.pin_writing import PinWriting
from regulation.rules import load_rules
from regulation.terms import load_calendar
from tests.faults.proxy import Proxy, Wire
from tests.kiosk.cards.hand import Hand
from tests.kiosk.cards.people import KIOSK, Person, virtual

NOW = datetime.fromisoformat("2026-11-23T10:00:00+08:00")
PEOPLE = Path("tests/central/people.toml")
PROFILE = read_profile(Path("config/profiles/social_card.toml"), "reference")
NEVER = threading.Event()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A centre's folder with people and demo keys, to be copied."""
    folder = tmp_path_factory.mktemp("seeded") / "centre"
    with Database(folder) as database:
        seed(database, PEOPLE, NOW.date())
    voucher_secret(folder)
    open_hsm(DEMO, folder)
    return folder


@pytest.fixture(scope="session")
def served():
    """One server on a real port; each test puts its own centre into it."""
    app, ready = build_app(None), queue.SimpleQueue()
    with listen("127.0.0.1", 0) as listener:
        server = Server(app, listener, ready.put)
        thread = threading.Thread(target=server.run)
        thread.start()
        ready.get(timeout=30)
        yield app, listener.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture
def centre(served, seeded, tmp_path):
    """A centre of the test's own, with card keys."""
    app, _port = served
    folder = shutil.copytree(seeded, tmp_path / "centre")
    rules, calendar = (
        load_rules(Path("config/rules.toml")),
        load_calendar(Path("config/workdays.toml")),
    )
    with open_centre(
        folder, rules, calendar, Settings(hsm="demo"), lambda: NOW
    ) as app.state.centre:
        yield app.state.centre
    app.state.centre = None


@pytest.fixture
def wire(served, centre):
    """The wire between kiosk and centre."""
    proxy = Proxy(served[1])
    yield proxy
    proxy.set(Wire.GOOD)
    proxy.stop()


@pytest.fixture
def link(wire):
    """The kiosk's link to the centre."""
    link = Centre(wire.url, timeout_s=10)
    yield link
    link.close()


@pytest.fixture(scope="module")
def pcscd(tmp_path_factory):
    """There is one on a machine: held to the end of a session, other processes wait in vain."""
    with Pcscd(tmp_path_factory.mktemp("pcscd")) as pcscd:
        yield pcscd


@pytest.fixture
def reader(pcscd):
    """A real dip reader with its other side, which cards are put in by name."""
    with SocialCardSimulator(pcscd.port, {"mine": virtual()}) as simulator:
        device = PcscSlot()
        yield device, simulator
        simulator.remove()
        device.give_back(NEVER, 5)
        device.close()


@pytest.fixture
def hand():
    """A card in a hand that puts it in when it is asked for, and pulls it where it is told."""
    return Hand(virtual())


@pytest.fixture
def log():
    """What the kiosk writes down."""
    return io.StringIO()


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "kiosk")
    yield journal
    journal.close()


class Kiosk:
    """The work of a slot and a pad, and the person before them."""

    def __init__(self, device, pad, link, journal, out):
        rules = load_rules(Path("config/rules.toml"))
        log = Log(out, lambda: NOW)
        keys = CentralKeys(link, KIOSK)
        cases = PinCases(link, journal, rules, KIOSK, lambda: NOW, log)
        self.begun, self.pad, self.link, self.journal = [], pad, link, journal
        self.slot, self.vault = Slot(device, PROFILE, log), Vault()
        self.writing = PinWriting(self.slot, self.vault, keys, cases)
        self.cards = CardWork(self.slot, keys, self._begin, self.writing.leave)
        self.pins = PinWork(self.slot, pad, self.vault)
        self.person = Person(pad)

    def _begin(self, read):
        self.begun.append(read)
        return "begun"

    def does(self, work, visit=None):
        """Have work done in front of the person; gives its event."""
        return work(self.person.ask(visit))


@pytest.fixture
def kiosk(hand, link, journal, log):
    """A kiosk with a card in the hand."""
    return Kiosk(hand, ScreenPad(), link, journal, log)


@pytest.fixture
def dip(reader, link, journal, log):
    """A kiosk with a real reader, nothing in it."""
    return Kiosk(reader[0], ScreenPad(), link, journal, log)
