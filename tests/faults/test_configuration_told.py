"""What the centre is told of a kiosk with a configuration from afar, beside what became of that."""

from datetime import timedelta

import pytest

from kiosk.configuration.noticing import CALLED_S
from kiosk.services.closed import By, Closed
from tests.faults.fleet import OTHER_TITLE


@pytest.fixture
def citizen(fleet):
    return fleet.start()


def test_whoever_closes_it_the_centre_is_told_at_once(fleet, citizen):
    fleet.commits(13)
    assert fleet.server.reports[-1]["services"]
    closing = citizen.kiosk.house.closing
    for by in (By.ATTENDANT, By.NOT_ENROLLED):
        closing.close(by, Closed("hours"))
        fleet.until(lambda: fleet.server.reports[-1]["mode"] == "out_of_service")
        assert fleet.server.reports[-1]["services"] == []
        closing.open(by)
        fleet.until(lambda: fleet.server.reports[-1]["mode"] == "in_service")
        assert fleet.server.reports[-1]["services"]


def calls_help(fleet):
    return fleet.server.reports[-1]["devices"].get("help") == "called"


def test_whoever_is_served_and_calls_for_help_calls_the_centre_too(fleet, citizen):
    fleet.commits(13)
    assert not calls_help(fleet)
    citizen.begin("zhang_san", to="phone")
    citizen.press("help")
    fleet.until(lambda: calls_help(fleet))
    citizen.press("way_cancel")
    fleet.until(lambda: not calls_help(fleet))


def test_help_that_is_called_at_home_is_told_for_a_while(fleet, citizen):
    fleet.commits(13)
    citizen.press("help")
    fleet.until(lambda: calls_help(fleet))
    citizen.silence(CALLED_S / 2)
    assert calls_help(fleet)
    citizen.silence(CALLED_S)
    fleet.until(lambda: not calls_help(fleet))


def test_expired_metadata_are_told_and_the_kiosk_serves(fleet, citizen, time):
    fleet.commits(13)
    time.passed_s += timedelta(days=2).total_seconds()
    fleet.until(lambda: fleet.server.reports[-1]["stale"])
    citizen.served("zhang_san")
    assert fleet.title == f"{OTHER_TITLE} 13"
    fleet.repository.now += timedelta(days=2)
    fleet.repository.sign()
    fleet.until(lambda: not fleet.server.reports[-1]["stale"])
    assert [row["state"] for row in fleet.events("configuration_aged")] == ["stale", "fresh"]


def test_they_are_told_when_they_expire_without_a_network_or_before_a_new_one(fleet, citizen, time):
    fleet.commits(13)
    fleet.server.broken.add("desired")
    time.passed_s += timedelta(days=2).total_seconds()
    fleet.until(lambda: fleet.server.reports[-1]["stale"])
    fleet.stop()
    fleet.repository.put(fleet.document(14), 14)
    fleet.server.push(14)
    fleet.server.broken.clear()
    fleet.start()
    fleet.reported("failed", 14, step="verified", reason="expired", stale=True, serving=13)


def test_metadata_that_cannot_be_fetched_anew_are_told_and_no_fault_of_what_is_in_force(
    fleet, citizen, time
):
    fleet.commits(13)
    fleet.repository.altered("metadata/timestamp.json", lambda _data: b"{}")
    time.passed_s += timedelta(hours=23).total_seconds()
    told = fleet.reported("committed", 13, step="fresh", reason="unreadable")
    assert (told["serving"], told["stale"]) == (13, False)
    fleet.repository.now += timedelta(hours=23)
    fleet.repository.sign()
    fleet.until(lambda: fleet.server.reports[-1]["step"] == "")
    assert fleet.refusals() == [(13, "fresh", "unreadable")]


def test_the_centre_is_told_how_the_devices_are_and_what_is_left(fleet, citizen):
    paper = citizen.kiosk.house.printer_supplies
    paper.exchanged(80)
    paper.fed(5_000, 30_000)
    fleet.commits(13)
    told = fleet.server.reports[-1]
    worn = {"head_km": 0.0, "head_percent": 0, "cuts": 30_000, "cutter_percent": 2}
    assert told["consumables"] == {"paper_m": 75.0, "paper_days": 15.0} | worn
    assert (told["devices"]["id_reader"], told["devices"]["printer"]) == ("ok", "ok")
    citizen.fault("id_reader", "silence")
    fleet.until(lambda: "id_reader" in citizen.kiosk.house.log.last_faults)
    fleet.put(14)
    fleet.until(lambda: fleet.server.reports[-1]["devices"]["id_reader"] != "ok")
    citizen.fault("id_reader")


def test_no_datum_of_a_citizen_is_in_a_report(fleet, citizen):
    citizen.served("zhang_san")
    fleet.commits(13)
    told = repr(fleet.server.reports)
    assert "张三" not in told
    assert "13800138000" not in told
