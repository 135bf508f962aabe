"""Enrolment at the screen, against the centre's own route: the code that serves, and each that fails."""

import io
import json
import threading

import pytest
from cryptography import x509

from central.audit.records import SYSTEM, Actor, Kind
from central.centre import Settings
from central.trust import devices
from central.trust.settings import Trust
from kiosk import app, enrol
from kiosk.attendant.enrolment import Enrolment
from kiosk.attendant.network import Network
from kiosk.desk import Ask
from kiosk.identity import Identity
from kiosk.link import Centre
from kiosk.log import Log
from kiosk.services.enrolling import ENROLMENT_SERVICE
from kiosk.visit import Failed, Visit
from tests.faults.citizen import NOW
from tests.faults.proxy import Wire

KIOSK, OTHER = Actor(Kind.KIOSK, "0017"), Actor(Kind.KIOSK, "0018")
WRONG = "ZZZZ00000000"


class Installer:
    """Types codes; `progress` and the log are what is seen, `posted` what the main thread is to do."""

    def __init__(self, folder, url, link):
        self.out, self.posted, self.shown = io.StringIO(), [], []
        self.shows = self.shown.append
        self.identity, self.cancel = Identity(folder), threading.Event()
        log = Log(self.out, lambda: NOW)
        way = Network(url, self.identity, link, lambda: NOW)
        self.enrolment = Enrolment(
            url, str(KIOSK), self.identity, way, log, self.posted.append, lambda: None
        )

    def types(self, code):
        visit = Visit(ENROLMENT_SERVICE, {"code": code.replace("-", "")})
        return self.enrolment.enrol(Ask(visit, self.cancel, self.shows))

    def logged(self):
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


@pytest.fixture
def installer(tmp_path, wire):
    link = Centre(wire.url, 2.0)
    yield Installer(tmp_path / "identity", wire.url, link)
    link.close()


@pytest.fixture
def code(centre, time):
    """A fresh code of a device."""

    def code(device=KIOSK, **options):
        with centre.database.write() as session:
            return devices.invite(session, device, SYSTEM, time.now(), **options)

    return code


def test_the_code_brings_the_certificate_of_this_kiosk_and_the_program_begins_anew(installer, code):
    typed = code()
    assert installer.types(typed) is None
    certificate = x509.load_pem_x509_certificates(installer.identity.pem())[0]
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "urn:kiosk:0017" in names.get_values_for_type(x509.UniformResourceIdentifier)
    assert len(installer.posted) == 1
    assert [row["event"] for row in installer.logged()] == ["enrolled"]
    assert typed[:4] not in installer.out.getvalue()


@pytest.mark.parametrize("why", ["wrong", "used", "expired"])
def test_a_code_that_does_not_serve_is_asked_for_again(installer, code, time, tmp_path, wire, why):
    typed = code()
    if why == "used":
        Identity(tmp_path / "another").enrol(wire.url, typed)
    if why == "expired":
        time.passed_s += devices.CODE_LASTS.total_seconds()
    assert installer.types(WRONG if why == "wrong" else typed) == Failed("enrol_refused")
    assert (installer.identity.exists(), installer.posted) == (False, [])
    assert installer.logged()[0]["problem"].endswith("enrolment-refused")
    assert installer.types(code()) is None


def test_the_code_of_another_kiosk_makes_this_one_nobody_else(installer, code):
    assert installer.types(code(OTHER)) == Failed("enrol_other", detail="0018")
    assert not installer.identity.exists()
    assert installer.types(code()) is None


def test_whoever_confirms_sees_the_fingerprint_that_the_page_shows(
    installer, code, centre, time, monkeypatch
):
    monkeypatch.setattr(enrol, "ASK_S", 0.01)

    def confirmed(fingerprint):
        with centre.database.write() as session:
            assert devices.confirm(session, KIOSK, fingerprint, SYSTEM, time.now())

    installer.shows = confirmed
    assert installer.types(code(confirm=True)) is None
    assert len(installer.posted) == 1


def test_whoever_leaves_while_it_waits_for_the_operator_is_not_waited_for(installer, code):
    installer.cancel.set()
    assert installer.types(code(confirm=True)) is None
    assert (len(installer.shown), installer.posted) == (1, [])


@pytest.mark.parametrize(
    ("state", "way"),
    [(Wire.REFUSED, "way_tcp"), (Wire.ERROR_500, "way_answer"), (Wire.NOT_JSON, "way_answer")],
)
def test_without_a_way_to_the_centre_the_step_that_fails_is_named(
    installer, code, wire, state, way
):
    typed = code()
    wire.set(state)
    assert installer.types(typed) == Failed("enrol_offline", detail=way)
    wire.set(Wire.GOOD)
    assert installer.types(typed) is None


def test_after_a_lost_answer_the_same_code_serves(installer, code, wire):
    typed = code()
    wire.set(Wire.NO_REPLY, "/v1/enrolments")
    assert installer.types(typed) == Failed("enrol_offline", detail="way_answer")
    wire.set(Wire.GOOD)
    assert installer.types(typed) is None


@pytest.mark.parametrize("central", [Settings(trust=Trust(limits=True))])
def test_who_tries_too_often_is_asked_to_wait(installer):
    answers = [installer.types(WRONG) for _ in range(11)]
    assert answers == [Failed("enrol_refused")] * 10 + [Failed("enrol_often")]


def test_a_folder_that_takes_no_key_is_told(installer, code, tmp_path):
    (tmp_path / "identity").write_text("")
    assert installer.types(code()) == Failed("attendant_failed", "disk")
    assert installer.logged()[0]["event"] == "store_failed"


def test_a_kiosk_without_its_certificate_serves_nobody_until_the_code_is_typed(
    open_kiosk, code, tmp_path, monkeypatch
):
    """From the first page through a wrong code to the first citizen."""
    restarted = []
    monkeypatch.setattr(app, "restart", restarted.append)
    there = str(tmp_path / "identity")
    fresh = open_kiosk(central_identity_dir=there)
    assert fresh.wait("closed").title == "本机尚未登记"
    assert not fresh.view.choices
    fresh.kiosk.say(fresh.view.corners)
    assert "0017" in fresh.wait("code").lead
    fresh.type(WRONG)
    fresh.wait(dialog="enrol_refused")
    fresh.press("way_retype_code")
    fresh.wait("code")
    fresh.type(code().replace("-", ""))
    fresh.until(lambda: restarted)
    again = open_kiosk(central_identity_dir=there)
    assert again.wait("home").title == "请把身份证放在亮灯处"


def test_a_kiosk_that_comes_without_an_identity_is_as_it_was(citizen):
    assert citizen.view.step == "home"
    assert not citizen.kiosk.house.closing.keepers
