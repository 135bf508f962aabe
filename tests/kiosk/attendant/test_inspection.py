"""Looking at devices and trying them: the real drivers, each on its own thread, on the bench."""

import io
import json
import threading
import time
from types import MappingProxyType

import pytest

from hardware.fault import Cure, DeviceFault
from kiosk.attendant import inspection as module
from kiosk.attendant.inspection import Inspection
from kiosk.crawl.answers import NOW
from kiosk.crawl.attendants import WHO
from kiosk.desk import Ask
from kiosk.devices import Devices
from kiosk.log import Log
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.attendant_answers import Try
from kiosk.visit import Visit
from screens.words.attendant import DETAILS, DEVICES, SEEN


@pytest.fixture
def out():
    return io.StringIO()


@pytest.fixture
def inspection(devices, workers, out):
    return Inspection(devices, workers, Log(out, lambda: NOW))


def asked(**facts):
    known = MappingProxyType({"who_attends": WHO, **facts})
    return Ask(Visit(MODE_SERVICE, known), threading.Event(), lambda _word: None)


def seen(event):
    return {each.name: each for each in event.answer.devices}


def test_every_device_is_shown_and_those_that_are_there_are_fine(inspection):
    found = seen(inspection.look(asked()))
    assert tuple(found) == Devices.NAMES
    assert [each for each in found.values() if not each.fine] == []


def test_what_is_wrong_is_told_with_who_mends_it(inspection, bench):
    bench.do("printer", "state", paper="out")
    try:
        printer = seen(inspection.look(asked()))["printer"]
    finally:
        bench.do("printer", "state", paper="full")
    assert (printer.detail, printer.cure, printer.fine) == ("paper_out", "refill", False)


def test_the_last_fault_of_a_device_that_works_again_is_shown(inspection):
    inspection.log.device_fault(DeviceFault("camera", Cure.REPLUG, "camera_inoperable"))
    camera = seen(inspection.look(asked()))["camera"]
    assert (camera.fine, camera.last, camera.last_at) == (True, "camera_inoperable", "10:42")


def test_all_are_tried_and_each_does_what_it_is_there_for(inspection, bench, out):
    slips = bench.slip_count()
    found = seen(inspection.trial(asked(devices=Try())))
    did = {name: each.did for name, each in found.items() if each.did}
    assert bench.slip_count() == slips + 1
    assert did == {
        "id_reader": ("no card laid on",),
        "printer": ("slip printed",),
        "camera": did["camera"],
        "document_camera": did["document_camera"],
        "auxiliaries": ("lamps lit",),
        "sound": ("chime played",),
    }
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {row["device"] for row in rows if row["event"] == "self_test"} == set(Devices.NAMES)


def test_a_card_that_is_laid_on_is_read_and_nothing_of_it_kept(inspection, bench, out):
    bench.do("id_reader", "place", person="zhang_san")
    try:
        event = inspection.trial(asked(devices=Try("id_reader")))
    finally:
        bench.do("id_reader", "remove")
    assert seen(event)["id_reader"].did == ("card read",)
    assert "张三" not in repr(event) + out.getvalue()


def test_one_is_tried_alone(inspection, bench):
    slips = bench.slip_count()
    assert list(seen(inspection.trial(asked(devices=Try("camera"))))) == ["camera"]
    assert bench.slip_count() == slips


def test_a_device_that_keeps_its_thread_does_not_keep_the_others(inspection, workers, monkeypatch):
    monkeypatch.setattr(module, "WITHIN_S", 2.0)
    free = threading.Event()
    workers["sound"].submit(lambda _cancel: free.wait(30), lambda _answer: None)
    began = time.monotonic()
    try:
        found = seen(inspection.look(asked()))
    finally:
        free.set()
    assert time.monotonic() - began < 20
    assert (found["sound"].detail, found["printer"].fine) == ("time_out", True)


def test_who_leaves_is_not_waited_for(inspection):
    ask = asked()
    ask.cancel.set()
    assert inspection.look(ask) is None


def test_a_lamp_that_was_lit_is_dark_again(inspection, bench):
    inspection.trial(asked(devices=Try("auxiliaries")))
    assert not any(
        value in (True, "on") for value in bench.state()["auxiliaries"].get("lamps", {}).values()
    )


def test_each_device_and_what_it_does_has_words():
    assert set(Devices.NAMES) <= set(DEVICES)
    assert {"slip printed", "lamps lit", "picture"} <= set(SEEN)
    assert {"paper_out", "cover_open", "media_jammed"} <= set(DETAILS)
