"""Each proof against the bench: what is well, and how each is seen to fail."""

import io
from contextlib import contextmanager
from datetime import timedelta

import pytest

from hardware.camera.simulator import CameraSimulator
from hardware.sound.microphone import Microphone
from kiosk.link import OutOfDate, Unknown, Unreachable
from kiosk.log import Log
from kiosk.printing import Press
from kiosk.readiness import proof as module
from kiosk.readiness.acts import PROBE, slip_of
from kiosk.readiness.proof import PROOFS, Degree, Kit
from kiosk.slips import png
from tests.kiosk.attendant.conftest import bench, devices  # noqa: F401 - fixtures
from tests.kiosk.readiness.conftest import AT

ROWS = {proof.name: proof for proof in PROOFS}


class Centre:
    """The centre's clock, or what asking for it raises."""

    def __init__(self, answer=AT):
        self.answer = answer

    def time(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def kit(devices, tmp_path):  # noqa: F811
    log = Log(io.StringIO(), lambda: AT)
    press = Press(
        devices.printer, devices.printer.dots, None, None, lambda: AT, log, tmp_path / "m"
    )
    folder = tmp_path / "kiosk"
    folder.mkdir()
    return Kit(devices, press, Centre(), lambda: AT, log, folder, "readiness|0011")


def came(kit, name):
    result = ROWS[name].tried(kit)
    assert (result.proof, result.device) == (name, ROWS[name].device)
    return str(result.degree), result.reason


@pytest.mark.parametrize(
    ("name", "degree", "reason"),
    [
        ("print", "proven", ""),
        ("read_back", "absent", "switched_off"),
        ("id_reader", "looked", "no_paper"),
        ("social_card", "looked", "no_card"),
        ("camera", "proven", ""),
        ("document_camera", "proven", ""),
        ("pin_pad", "looked", "no_key"),
        ("media", "looked", "no_stick"),
        ("auxiliaries", "looked", "not_seen"),
        ("sound", "looked", "no_microphone"),
        ("disk", "proven", ""),
        ("centre", "proven", ""),
        ("clock", "looked", "no_centre"),
    ],
)
def test_what_is_well(kit, name, degree, reason):
    assert came(kit, name) == (degree, reason)


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("print", {"no_device", "time_out"}),
        ("id_reader", {"no_device", "time_out"}),
        ("social_card", {"no_device", "time_out"}),
        ("camera", {"camera_inoperable", "time_out"}),
        ("document_camera", {"camera_inoperable", "time_out"}),
        ("auxiliaries", {"no_device", "time_out"}),
        ("sound", {"no_device"}),
    ],
)
def test_what_is_unplugged_has_failed(kit, bench, name, reasons):  # noqa: F811
    device = ROWS[name].device
    bench.go_wrong(device, "unplug")
    try:
        degree, reason = came(kit, name)
    finally:
        bench.go_wrong(device, "none")
    assert (degree, reason in reasons) == ("failed", True), reason


@pytest.mark.parametrize("spared", ["", "printed_today"])
def test_without_paper_printing_fails_also_where_no_slip_is_wanted(kit, bench, spared):  # noqa: F811
    kit.spared = spared
    bench.do("printer", "state", paper="out")
    try:
        assert came(kit, "print") == ("failed", "paper_out")
    finally:
        bench.do("printer", "state", paper="full")
    assert not kit.printed


def test_a_slip_that_is_spared_is_not_printed(kit, bench):  # noqa: F811
    slips = bench.slip_count()
    kit.spared = "printed_today"
    assert came(kit, "print") == ("looked", "printed_today")
    kit.reads_back = True
    assert came(kit, "read_back") == ("absent", "no_slip")
    assert bench.slip_count() == slips


def test_the_slip_is_read_back_by_the_document_camera(kit, bench, monkeypatch):  # noqa: F811
    kit.reads_back = True
    assert came(kit, "print") == ("proven", "")
    bench.do("document_camera", "scene", scene="slip")
    try:
        assert came(kit, "read_back") == ("proven", "")
        kit.code = "readiness|9999"  # the slip of another morning that still hangs there
        monkeypatch.setattr(module, "SEEN_S", 0.3)
        assert came(kit, "read_back") == ("failed", "not_read_back")
    finally:
        bench.do("document_camera", "scene", scene="page")


@contextmanager
def looking_at(kit, camera):
    """The kiosk's portrait camera is this one."""
    before, kit.devices.camera.source = kit.devices.camera.source, camera.url
    try:
        yield
    finally:
        kit.devices.camera.source = before


def test_a_camera_that_is_dark_is_not_blamed_and_one_that_is_frozen_is(kit):
    with CameraSimulator() as camera, looking_at(kit, camera):
        camera.light(on=False)
        assert came(kit, "camera") == ("looked", "dark")
        camera.light(on=True)
        camera.show_picture(png(slip_of("still"), 576))  # drawn, so without a sensor's grain
        assert came(kit, "camera") == ("failed", "frozen")


def test_what_lies_in_a_slot_is_left_alone_and_told(kit, bench, tmp_path):  # noqa: F811
    (tmp_path / "list.xlsx").write_bytes(b"x")
    bench.do("media", "insert", folder=str(tmp_path))
    try:
        assert came(kit, "media") == ("looked", "occupied")
    finally:
        bench.do("media", "pull")


def test_what_a_kiosk_does_without_is_absent(kit):
    for name in ("social_card", "media", "auxiliaries", "sound"):
        held = getattr(kit.devices, name)
        setattr(kit.devices, name, None)
        try:
            assert came(kit, name) == ("absent", "")
        finally:
            setattr(kit.devices, name, held)


@pytest.mark.parametrize(
    ("answer", "centre", "clock"),
    [
        (AT + timedelta(minutes=4), ("proven", ""), ("proven", "")),
        (AT - timedelta(minutes=6), ("proven", ""), ("failed", "clock_off")),
        (AT + timedelta(days=4000), ("proven", ""), ("failed", "clock_off")),
        (Unreachable("x"), ("failed", "unreachable"), ("looked", "no_centre")),
        (OutOfDate("x"), ("failed", "unreachable"), ("failed", "clock_off")),
        (Unknown("x"), ("failed", "no_answer"), ("looked", "no_centre")),
    ],
)
def test_the_centre_and_the_clock_beside_it(kit, answer, centre, clock):
    kit.centre = Centre(answer)
    assert (came(kit, "centre"), came(kit, "clock")) == (centre, clock)


def test_a_disk_that_takes_nothing_or_has_no_room(kit, monkeypatch):
    monkeypatch.setattr(module, "LEAST_FREE", 1 << 60)
    assert came(kit, "disk") == ("failed", "disk_low")
    probe = kit.folder / PROBE
    probe.symlink_to("/dev/full")
    assert came(kit, "disk") == ("failed", "disk_full")
    assert not probe.exists()
    probe.mkdir()
    assert came(kit, "disk") == ("failed", "not_written")


def test_a_microphone_that_hears_nothing_is_told(kit, tmp_path):
    kit.microphone = Microphone("no_such_microphone")
    assert came(kit, "sound") == ("failed", "no_device")


def test_no_two_rows_have_a_name_and_what_is_waited_for_comes_before():
    names = [proof.name for proof in PROOFS]
    assert len(set(names)) == len(names)
    for at, proof in enumerate(PROOFS):
        assert proof.after in ("", *names[:at])
    assert Degree.PROVEN in Degree
