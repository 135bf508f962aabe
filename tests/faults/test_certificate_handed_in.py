"""What the kiosk proved of itself reaches the centre: the newest, however long that takes, once."""

from functools import partial

import pytest

from central.audit.records import SYSTEM, Actor, Kind
from central.fleet import certificates
from central.trust import devices
from kiosk.identity import Identity
from kiosk.logs.keeper import Keeper
from kiosk.readiness.archive import Archive
from kiosk.readiness.handing_in import MARK
from kiosk.readiness.readiness import RECENT
from tests.faults.proxy import Wire
from tests.logged import rows

KIOSK = Actor(Kind.KIOSK, "0017")
PATH = "/v1/kiosks/self/certificates/"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The keeper looks all the time, and no sheet is made, which takes 2 s of work."""
    monkeypatch.setattr("kiosk.house.Keeper", partial(Keeper, look_s=0.02))
    monkeypatch.setattr(Archive, "sheet", lambda _archive, _path: None)


@pytest.fixture
def identity(centre, wire, time, tmp_path):
    """Enrols the kiosk with this centre; its folder."""

    def identity():
        with centre.database.write() as session:
            code = devices.invite(session, KIOSK, SYSTEM, time.now())
        assert Identity(tmp_path / "identity").enrol(wire.url, code) == ""
        return str(tmp_path / "identity")

    return identity


@pytest.fixture
def start(open_kiosk):
    """Starts a kiosk that proves itself then, unless it just did."""

    def start(**settings):
        person = open_kiosk(**{"readiness_at_start": True} | settings)
        house = person.kiosk.house
        person.until(lambda: not (house.recovering or house.readiness.proving))
        return person

    return start


@pytest.fixture
def taken(centre):
    """The certificate the centre has of the kiosk, as number and file; None for none."""

    def taken():
        with centre.database.read() as session:
            row = certificates.last(session, "0017")
            return row and (row.number, row.file.encode(), row.signed)

    return taken


def file(person, number):
    """The number and bytes of a certificate of the kiosk's own, once it is there."""
    folder = person.kiosk.settings.data_dir / "certificates"
    person.until(lambda: list(folder.glob(f"{number:06}-*.json")))
    return number, next(folder.glob(f"{number:06}-*.json")).read_bytes()


def marked(person):
    return (person.kiosk.settings.data_dir / "certificates" / MARK).exists()


def asked(wire):
    return [each for each in wire.passed if PATH in each]


def failures(person):
    found = rows(person.kiosk.settings.data_dir, "centre_failed")
    return [row["problem"] for row in found if row["request"] == "certificate"]


def test_the_certificate_of_an_enrolled_kiosk_is_taken_signed_and_once(
    start, identity, taken, wire, time
):
    own = identity()
    person = start(central_identity_dir=own)
    person.until(taken)
    assert taken() == (*file(person, 1), True)
    person.until(lambda: marked(person))
    person.close()
    again = start(central_identity_dir=own)  # so soon that it proves nothing anew
    again.kiosk.house.keeper._errand.look()
    assert asked(wire) == [f"PUT {PATH}1"]
    time.passed_s += RECENT.total_seconds()
    again.close()
    person = start(central_identity_dir=own)
    person.until(lambda: taken()[0] == 2)
    assert (taken(), failures(person)) == ((*file(person, 2), True), [])


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (Wire.REFUSED, "Unreachable"),
        (Wire.ERROR_500, "status 500"),
        (Wire.NOT_JSON, "the answer is not JSON"),
        (Wire.NO_REPLY, "RemoteProtocolError"),
    ],
)
def test_without_an_answer_it_is_said_once_and_tried_until_it_is_taken(
    start, wire, taken, state, problem
):
    wire.set(state, "" if state is Wire.REFUSED else PATH)
    person = start()
    person.until(lambda: failures(person))
    assert not marked(person)
    wire.set(Wire.GOOD)
    person.until(lambda: marked(person))
    assert taken() == (*file(person, 1), False)
    assert failures(person) == [problem]


def test_while_the_centre_hangs_on_it_a_citizen_is_served_and_after_a_restart_the_newest_goes(
    start, wire, taken, time
):
    wire.set(Wire.HANG, PATH)
    person = start()
    file(person, 1)
    person.place("zhang_san")

    def served():
        person.kiosk.tick()
        return person.view.step == "menu"

    person.until(served)
    person.press("new_individual")
    person.close()
    person.take()
    time.passed_s += RECENT.total_seconds()
    again = start()
    newest = file(again, 2)
    wire.set(Wire.GOOD)
    again.until(lambda: marked(again))
    assert taken() == (*newest, False)
    assert asked(wire) == [f"PUT {PATH}2"]


def test_one_that_the_centre_refuses_is_handed_in_once_and_the_next_is_taken(
    start, identity, taken, wire, time
):
    own = identity()  # but the kiosk comes without it, and signs nothing
    person = start()
    person.until(lambda: marked(person))
    assert failures(person) == ["urn:social-card:problem:readiness-refused"]
    person.close()
    time.passed_s += RECENT.total_seconds()
    person = start(central_identity_dir=own)
    person.until(taken)
    assert taken() == (*file(person, 2), True)
    assert asked(wire) == [f"PUT {PATH}{number}" for number in (1, 2)]


def test_a_disk_that_keeps_no_mark_is_told_and_nothing_is_handed_in_twice(
    start, settings, wire, taken
):
    (settings.data_dir / "certificates" / f"{MARK}.new").mkdir(parents=True)
    person = start()
    person.until(lambda: rows(settings.data_dir, "store_failed"))
    person.kiosk.house.keeper._errand.look()
    assert taken() == (*file(person, 1), False)
    assert asked(wire) == [f"PUT {PATH}1"]
