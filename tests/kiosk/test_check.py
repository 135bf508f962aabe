"""`python -m kiosk check` against the bench: everything attached, nothing, and each one broken."""

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.bench.devices import Bench
from hardware.bench.settings import Settings as BenchSettings
from hardware.fault import Cure, DeviceFault
from kiosk import check as module
from kiosk.check import Finding, check, main, table
from kiosk.devices import Devices
from kiosk.settings import load

NAMES = Devices.NAMES
OFFLINE = {"no_device", "time_out", "camera_inoperable", "no_media"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Bench(BenchSettings(), Path("config"), tmp_path_factory.mktemp("bench"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def config(bench, tmp_path, monkeypatch):
    """Settings that name every device of the bench."""
    at = bench.addresses(0)
    monkeypatch.setenv("ALSA_CONFIG_PATH", at["sound"])
    path = tmp_path / "kiosk.toml"
    path.write_text(
        f"""
[id_reader]
port = "{at["id_reader"]}"
[printer]
port = "{at["printer"]}"
[camera]
source = "{at["camera"]}"
[document_camera]
source = "{at["document_camera"]}"
[social_card]
driver = "crt591"
port = "{at["social_card"]}"
[pin_pad]
driver = "zt598"
port = "{at["pin_pad"]}"
[media]
mount_root = "{at["media"]}"
[auxiliaries]
driver = "modbus"
port = "{at["auxiliaries"]}"
[sound]
device = "speaker"
headset = "headset"
""",
        "utf-8",
    )
    return path


@pytest.fixture
def devices(config):
    made = Devices(load(config), printer_s=1.0)
    yield made
    made.close()


def test_everything_attached_is_fine_and_the_slip_is_read_back(bench, config, capsys):
    before = bench.slip_count()

    def lay_slip():
        while bench.slip_count() == before:
            time.sleep(0.01)
        bench.do("document_camera", "scene", scene="slip")

    hand = threading.Thread(target=lay_slip)
    hand.start()
    code = main(["--config", str(config), "--json"])
    hand.join()
    said = json.loads(capsys.readouterr().out)
    assert (code, said["fine"]) == (0, True), said
    assert set(said["devices"]) == set(NAMES)
    assert "slip read back" in said["devices"]["printer"]["did"]
    assert said["devices"]["id_reader"]["did"][0].startswith("sam ")
    assert said["devices"]["social_card"]["supplies"]["retain_bin"] == "ok"


def test_nothing_attached_is_told_for_each(tmp_path, capsys):
    path = tmp_path / "kiosk.toml"
    gone = tmp_path / "gone"
    path.write_text(
        f"""
[id_reader]
port = "{gone}"
[printer]
port = "{gone}"
[camera]
source = "{gone}.mjpeg"
[document_camera]
source = "{gone}.mjpeg"
[social_card]
driver = "crt591"
port = "{gone}"
[pin_pad]
driver = "zt598"
port = "{gone}"
[media]
mount_root = "{gone}"
[auxiliaries]
driver = "modbus"
port = "{gone}"
[sound]
device = "gone"
""",
        "utf-8",
    )
    assert main(["--config", str(path), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)["devices"]
    assert {name for name, row in said.items() if not row["detail"]} == set()
    assert {row["cure"] for row in said.values()} <= {"replug", "attendant"}


@pytest.mark.parametrize("name", NAMES)
def test_one_broken_is_told_and_the_others_are_fine(bench, devices, name):
    root = Path(bench.addresses(0)["media"])
    aside = root.with_name("aside")
    if name == "media":
        root.rename(aside)  # the machine's folder for sticks: a port without a stick is no fault
    else:
        bench.go_wrong(name, "unplug")
    try:
        found = {each.device: each for each in check(devices, slip=False)}
    finally:
        bench.go_wrong(name, "none")
        if name == "media":
            aside.rename(root)
    assert {each.device for each in found.values() if not each.fine} == {name}
    assert found[name].detail in OFFLINE
    assert found[name].cure


def test_no_slip_is_printed_while_another_program_holds_a_device(bench, config, devices):
    kiosk, before = Devices(load(config)), bench.slip_count()
    kiosk.id_reader.status()
    found = {each.device: each for each in check(devices)}
    kiosk.close()
    assert found["id_reader"].detail == "device_not_ready"
    assert found["printer"].fine
    assert bench.slip_count() == before


def test_paper_out_is_told_with_its_cure(bench, devices):
    bench.do("printer", "state", paper="out")
    (printer,) = [each for each in check(devices) if each.device == "printer"]
    bench.do("printer", "state", paper="full")
    assert (printer.detail, printer.cure, printer.supplies["paper"]) == (
        "paper_out",
        "refill",
        "empty",
    )
    assert printer.did == ()


def test_what_the_settings_do_without_is_no_fault(bench, config):
    settings = replace(
        load(config),
        social_card_driver="none",
        media_mount_root="",
        auxiliaries_driver="none",
        sound_device="",
    )
    devices = Devices(settings)
    found = {each.device: each for each in check(devices, slip=False)}
    devices.close()
    absent = {name for name, each in found.items() if each.state == module.NOT_THERE}
    assert absent == {"social_card", "media", "auxiliaries", "sound"}
    assert all(each.fine for each in found.values())


def test_a_device_that_never_tells_keeps_nobody_waiting(devices, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    hangs, ended = threading.Event(), threading.Event()

    def status():
        hangs.wait()
        ended.set()
        raise DeviceFault("id_reader", Cure.RETRY, "late")

    monkeypatch.setattr(devices.id_reader, "status", status)
    found = {each.device: each for each in check(devices, slip=False)}
    hangs.set()
    assert found["id_reader"].detail == "time_out"
    assert ended.wait(5)


def test_a_device_that_cannot_be_closed_does_not_keep_what_was_found(config, monkeypatch, capsys):
    monkeypatch.setattr(module, "CLOSE_S", 0.2)
    hangs, closed, real = threading.Event(), threading.Event(), Devices.close

    def close(devices):
        hangs.wait()
        real(devices)
        closed.set()

    monkeypatch.setattr(Devices, "close", close)
    code = main(["--config", str(config), "--json", "--no-slip"])
    hangs.set()
    assert closed.wait(10)
    assert (code, json.loads(capsys.readouterr().out)["fine"]) == (0, True)


def test_a_fault_of_ours_with_the_slip_hides_no_other_device(devices, monkeypatch, capsys):
    monkeypatch.setattr(devices.printer, "print", lambda _document: 1 / 0)
    found = {each.device: each for each in check(devices)}
    assert found["printer"].detail == "internal_error"
    assert found["id_reader"].fine
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_fault_of_ours_is_told_too(devices, monkeypatch, capsys):
    monkeypatch.setattr(devices.printer, "status", lambda: 1 / 0)
    found = {each.device: each for each in check(devices, slip=False)}
    assert found["printer"].detail == "internal_error"
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_table_has_a_line_a_device():
    lines = table([Finding("printer", "online", supplies={"paper": "low"}, did=("slip printed",))])
    assert "paper=low" in lines
    assert len(lines.splitlines()) == 2


def test_wrong_settings_end_it(tmp_path, capsys):
    path = tmp_path / "kiosk.toml"
    path.write_text("[printer]\nwidth_mm = 57\n", "utf-8")
    assert main(["--config", str(path)]) == 2
    assert "width_mm" in capsys.readouterr().err


def test_a_model_that_there_is_not_ends_it(tmp_path, capsys):
    path = tmp_path / "kiosk.toml"
    path.write_text('[social_card]\ndriver = "crt591"\nport = "/dev/x"\nmodel = "crt-0"\n', "utf-8")
    assert main(["--config", str(path)]) == 2
    assert "no table [crt-0]" in capsys.readouterr().err
