"""A kiosk, its simulated devices, its centre and the wire between them: all real, no window."""

import queue
import shutil
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from central.app import build_app
from central.applications import records
from central.applications.export import export
from central.centre import Settings, open_centre, voucher_secret
from central.database import Database
from central.hsm.demo import open_demo
from central.people.seed import seed
from central.server import Server, listen
from hardware.bench.devices import Bench
from hardware.bench.settings import Settings as BenchSettings
from kiosk import zeroise
from kiosk.settings import load
from regulation.rules import load_rules
from regulation.terms import load_calendar
from tests import forked
from tests.faults.citizen import NOW, Citizen, Time
from tests.faults.clerk import Clerk
from tests.faults.fleet import Fleet, quick
from tests.faults.proxy import Proxy, Wire

HERE = Path(__file__).parent
RULES = Path("config/rules.toml").read_text("utf-8")
CALENDAR = Path("config/workdays.toml")
PEOPLE = (Path("config/people.toml"), HERE / "people.toml")


@pytest.fixture(scope="session", autouse=True)
def few_blocks():
    """A kiosk of these tests has a small heap to wipe; tests/journeys/test_zeroise.py has a real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zeroise, "BLOCKS", 1_000)
        yield


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """A folder with the people of both files."""
    folder = tmp_path_factory.mktemp("town")
    text = "\n".join(path.read_text("utf-8") for path in PEOPLE)
    (folder / "people.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def seeded(town):
    """A centre's folder that knows the people, and has its PIN key, to be copied."""
    folder = town / "centre"
    with Database(folder) as database:
        seed(database, town / "people.toml", NOW.date())
    voucher_secret(folder)
    open_demo(folder)
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


@pytest.fixture(scope="session")
def devices(town):
    """The simulated devices."""
    bench = Bench(BenchSettings(), town, town)
    try:
        bench.start()
        yield bench
    finally:
        bench.stop()


@pytest.fixture
def bench(devices):
    """The devices, in order and with nothing on them; mended again after the test."""
    yield devices
    mend(devices)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def central():
    """The centre's settings; a test module may have its own."""
    return Settings()


@pytest.fixture
def rules_text():
    return RULES


@pytest.fixture
def centre(served, seeded, tmp_path, time, central, rules_text):
    """A centre of the test's own, behind the server's port."""
    app, _port = served
    folder = shutil.copytree(seeded, tmp_path / "centre")
    rules, calendar = load_rules(rules_text), load_calendar(CALENDAR)
    with open_centre(folder, rules, calendar, central, time.now) as app.state.centre:
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
def pace(time):
    """The kiosk's patience; a test module may have its own."""
    return quick(time.pace(picture_s=15.0))


@pytest.fixture
def timeout_s():
    """How long the kiosk waits for an answer of the centre."""
    return 8.0


@pytest.fixture
def settings(bench, wire, tmp_path, timeout_s):
    where = bench.addresses(0)
    return replace(
        load(None),
        data_dir=tmp_path / "kiosk",
        central_url=wire.url,
        central_timeout_s=timeout_s,
        id_reader_port=where["id_reader"],
        printer_port=where["printer"],
        camera_source=where["camera"],
        document_camera_source=where["document_camera"],
        social_card_driver="none",  # not whatever card another program has in the machine's pcscd
        readiness_at_start=False,  # a slip and some seconds a kiosk: test_readiness.py has them
        readiness_at="",
    )


@pytest.fixture
def open_kiosk(settings, pace, time, bench, rules_text):
    """Starts a kiosk on the same folder and devices; ended after the test at the latest."""
    with ExitStack() as opened:
        rules = load_rules(rules_text)

        def open_kiosk(**other):
            new = Citizen(replace(settings, **other), rules, pace, time, bench)
            opened.callback(new.close)
            return new

        yield open_kiosk


@pytest.fixture
def citizen(open_kiosk):
    """Somebody before a kiosk that serves, nothing on its reader."""
    person = open_kiosk()
    person.wait("home")
    return person


@pytest.fixture
def clerk(open_kiosk, bench, centre, tmp_path):
    """A unit's clerk with a stick, before a kiosk that has a port for it."""
    person = open_kiosk(media_mount_root=bench.addresses(0)["media"], social_card_driver="none")
    person.wait("home")
    yield Clerk(person, centre, tmp_path / "stick")
    bench.do("media", "pull")


@pytest.fixture
def applications(centre):
    """Every application the centre holds, as `python -m central list` prints them."""

    def applications():
        with centre.database.read() as session:
            return [export(row) for row in records.every(session)]

    return applications


def mend(bench):
    bench.do("id_reader", "remove")
    bench.do("printer", "free")
    bench.do("printer", "state", paper="full", cover="closed", cutter="ok", bytes_per_s=0)
    for device in bench.names:
        bench.go_wrong(device, "none")
    bench.device("social_card").issue_anew()
    bench.do("media", "pull")  # mending put the last stick in again
    bench.do("camera", "scene", scene="portrait")
    bench.do("camera", "light", light="on")


@pytest.fixture
def fleet(served, centre, tmp_path, open_kiosk):
    """An operator afar, who signs configurations for a kiosk that is started by `start`."""
    fleet = Fleet(served[1], tmp_path, open_kiosk)
    yield fleet
    fleet.close()


@pytest.fixture(scope="module")
def mind():
    with forked.mind("tests.faults.mind") as mind:
        yield mind
