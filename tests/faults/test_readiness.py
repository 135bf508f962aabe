"""The kiosk proves itself, at start and in the morning, and serves whoever waits right after."""

from datetime import timedelta

import pytest

from hardware.camera.simulator import CameraSimulator
from kiosk.log import Event
from kiosk.readiness import proof
from kiosk.readiness.acts import PROBE, slip_of
from kiosk.readiness.archive import Archive
from kiosk.readiness.certificate import read
from kiosk.readiness.readiness import QUIET_S, WITHIN_S
from kiosk.services.needs import Need
from kiosk.slips import png
from kiosk.working import LOOK_S
from tests.faults.citizen import NOW

SIX = NOW.replace(hour=6) + timedelta(days=1)
"""NOW is ten in the morning."""
ALL_WELL = {
    "print": ("proven", ""),
    "read_back": ("absent", "switched_off"),
    "id_reader": ("looked", "no_paper"),
    "social_card": ("absent", ""),
    "camera": ("proven", ""),
    "document_camera": ("proven", ""),
    "pin_pad": ("looked", "no_key"),
    "media": ("absent", ""),
    "auxiliaries": ("absent", ""),
    "sound": ("absent", ""),
    "disk": ("proven", ""),
    "centre": ("proven", ""),
    "clock": ("proven", ""),
}


@pytest.fixture(autouse=True)
def sheet(request, monkeypatch):
    """The sheet, 2 s of work, is made where a test wants it."""
    if "sheet" not in request.node.originalname:
        monkeypatch.setattr(Archive, "sheet", lambda _archive, _path: None)


@pytest.fixture
def start(open_kiosk):
    """Starts a kiosk that proves itself."""

    def start(**settings):
        person = open_kiosk(**{"readiness_at_start": True, "readiness_at": "06:00"} | settings)
        person.until(lambda: not person.kiosk.house.recovering)
        return person

    return start


def until(person, truth):
    """Let the kiosk go on until `truth()` holds."""

    def there():
        person.kiosk.tick()
        return truth()

    person.until(there)


def certificate(person, number=1):
    """Wait for a certificate; gives what it says."""
    folder = person.kiosk.settings.data_dir / "certificates"
    until(person, lambda: list(folder.glob(f"{number:06}-*.json")))
    [file] = folder.glob(f"{number:06}-*.json")
    return read(file.read_bytes())


def degrees(certificate):
    return {each.proof: (str(each.degree), each.reason) for each in certificate.proofs}


def test_at_start_all_is_proven_with_a_sheet_and_a_paper_laid_down_meanwhile_is_read(start, bench):
    slips = bench.slip_count()
    person = start()
    assert (person.view.dialog.code, person.buttons()) == ("proving", {})
    person.place("zhang_san")
    until(person, lambda: person.view.step == "menu")
    found = certificate(person)
    assert (found.why, degrees(found)) == ("start", ALL_WELL)
    folder = person.kiosk.settings.data_dir / "certificates"
    until(person, lambda: list(folder.glob("000001-*.pdf")))
    assert bench.slip_count() == slips + 1
    assert person.kiosk.house.log.counts[Event.READINESS] == 1


def test_soon_after_a_proof_a_start_waits_for_nothing_and_later_spares_the_paper(
    start, bench, time
):
    person = start()
    certificate(person)
    person.close()
    slips = bench.slip_count()
    assert start().view.dialog is None
    time.passed_s += 3600
    found = certificate(start(), 2)
    assert (found.why, found.degree("print")) == ("start", "looked")
    assert bench.slip_count() == slips


def test_every_morning_once_nobody_is_there_it_is_proven_once(start, bench, time):
    person = start()
    certificate(person)
    person.place("zhang_san")
    until(person, lambda: person.view.step == "menu")
    time.passed_s = (SIX - NOW).total_seconds()
    person.kiosk.house.tick()
    assert not person.kiosk.house.readiness.proving, "somebody is being served"
    person.take()
    person.until(lambda: person.silence(5) or person.kiosk.house.desk.visit is None)
    person.kiosk.touched()
    person.kiosk.tick()
    assert not person.kiosk.house.readiness.proving, "somebody touched the glass just now"
    person.silence(QUIET_S + 1)
    assert person.view.dialog.code == "proving"
    assert (certificate(person, 2).why, person.view.dialog) == ("daily", None)
    [file] = (person.kiosk.settings.data_dir / "certificates").glob("000002-*.json")
    kept = file.read_text("utf-8")
    assert not [word for word in ("张三", "11010519491231002X") if word in kept]
    person.silence(3 * 3600)
    assert not person.kiosk.house.readiness.proving


def test_what_does_not_answer_in_time_has_failed_and_what_failed_is_tried_again(start, bench, time):
    bench.do("printer", "state", paper="out")
    bench.go_wrong("id_reader", "unplug")
    person = start()
    house = person.kiosk.house
    found = certificate(person)
    failed = {each.proof: each.reason for each in found.failed}
    assert failed == {"print": "paper_out", "id_reader": "no_device"}
    assert {Need.PRINTER, Need.ID_READER} <= house.working.lost
    assert Need.CAMERA not in house.working.lost
    assert person.view.dialog is None, "the rest is in service"
    bench.do("printer", "state", paper="full")
    bench.go_wrong("id_reader", "none")
    house.readiness.hurry()
    person.silence(QUIET_S + 1)
    assert (certificate(person, 2).failed, house.readiness.last.why) == ((), "again")
    assert not {Need.PRINTER, Need.ID_READER} & house.working.lost


def test_a_silent_device_holds_nobody_back_for_longer_than_it_may(start, bench, time):
    bench.go_wrong("printer", "silence")
    person = start()
    readiness = person.kiosk.house.readiness
    until(person, lambda: {each.name for each in readiness._round.open} == {"print", "read_back"})
    person.silence(WITHIN_S + 1)
    assert person.view.dialog is None
    found = degrees(certificate(person))
    assert found["print"] == ("failed", "time_out")
    assert found["read_back"] == ("absent", "not_begun")
    assert found["camera"] == ("proven", "")


def test_a_full_disk_is_told_and_nothing_is_begun_until_it_takes_a_case(start, settings):
    settings.data_dir.mkdir()
    (settings.data_dir / "certificates").write_text("what no folder can be made of")
    in_the_way = settings.data_dir / PROBE
    in_the_way.mkdir()
    person = start()
    until(person, lambda: person.view.dialog is None)
    readiness, counts = person.kiosk.house.readiness, person.kiosk.house.log.counts
    assert [(each.proof, each.reason) for each in readiness.last.failed] == [
        ("disk", "not_written")
    ]
    until(person, lambda: counts[Event.STORE_FAILED])
    until(person, lambda: person.view.title == "请选择要办的业务")
    person.press("new_individual")
    person.refused("F49")
    in_the_way.rmdir()
    person.begin("zhang_san", to="person_check")


def test_a_disk_that_is_low_is_told_and_serves(start, monkeypatch):
    monkeypatch.setattr(proof, "LEAST_FREE", 1 << 60)
    person = start()
    assert degrees(certificate(person))["disk"] == ("failed", "disk_low")
    assert Need.DISK not in person.kiosk.house.working.lost


def test_the_centre_is_told_when_and_what_failed(fleet, bench):
    bench.do("printer", "state", paper="out")
    person = fleet.start(readiness_at_start=True)
    fleet.until(lambda: person.kiosk.house.readiness.last)
    person.kiosk.afar._reports.tell()
    at = person.kiosk.house.readiness.certified_at
    told = fleet.reported("none", 0, certified_at=at)
    assert told["devices"]["proof.print"] == "paper_out"


def test_a_camera_that_stands_still_is_out_until_it_is_proven(start, bench):
    with CameraSimulator() as camera:
        camera.show_picture(png(slip_of("still"), 576))  # drawn, so without a sensor's grain
        person = start(document_camera_source=camera.url)
        house = person.kiosk.house
        assert degrees(certificate(person))["document_camera"] == ("failed", "frozen")
        person.silence(LOOK_S + 1)  # pictures come, so it says of itself that it is well
        looked = []
        house.beside.do("document_camera", lambda: None, looked.append)
        until(person, lambda: looked)
        assert Need.DOCUMENT_CAMERA in house.working.lost
        person.close()
        person = start(document_camera_source=camera.url)  # so soon that nothing is proven anew
        house = person.kiosk.house
        assert Need.DOCUMENT_CAMERA in house.working.lost
        camera.show("page")
        house.readiness.hurry()
        person.silence(QUIET_S + 1)
        assert certificate(person, 2).failed == ()
        assert Need.DOCUMENT_CAMERA not in house.working.lost
