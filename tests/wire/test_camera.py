"""Both cameras against every fault of the wire: they have one driver, and one row serves both."""

import time

import pytest

from hardware.camera.driver import Camera, Patience
from hardware.camera.simulator import CameraSimulator
from hardware.device import State
from hardware.wire.faults import Kind, WireFault
from tests.wire.rows import Row, suffers

DEVICE = "camera"
LOST = {"detail": "camera_inoperable", "cure": "replug", "within_s": 1.5}
ROWS = [
    Row("none"),
    Row("silence", **LOST),
    Row("silence only stream"),
    Row("did_it", **LOST),
    Row("delay 0.2"),
    Row("delay 60", **LOST),
    Row("drop_last"),
    Row("drop_last 3", **LOST),
    Row("flip_bit"),
    Row("flip_bit 9000"),
    Row("garbage"),
    Row("noise", **LOST),
    Row("echo"),
    Row("twice"),
    Row("halves"),
    Row("other"),
    Row("drip", **LOST),
    Row("half_open", **LOST),
    Row("unplug", **LOST),
    Row("unplug only picture", **LOST),
    Row("power_cycle", **LOST),
    Row("power_cycle only picture after 1 times 1"),
]

QUICK = Patience(lost_after_s=0.5, reopen_s=0.1, reopen_max_s=0.2)
COMES_BACK_S = 8.0
WAITS_S = 1.0
ON_ITS_WAY_S = 1.0
RECOGNISES_S = 4.0
STRANGE = (Kind.GARBAGE, Kind.ECHO)
"""Bytes between the pictures: the stream is opened again, and recognised after 1.7 s."""


class CameraRig:
    """A camera that is watched, its simulator, and a picture as the usual thing."""

    def __init__(self, simulator: CameraSimulator, camera: Camera) -> None:
        self.simulator, self.camera = simulator, camera
        self._within_s = COMES_BACK_S

    def work(self) -> None:
        assert self.camera.take(self._within_s).mean() > 100

    def go_wrong(self, fault: WireFault) -> None:
        self._within_s = RECOGNISES_S if fault.kind in STRANGE or fault.times else WAITS_S
        self.simulator.go_wrong(fault)
        # pictures from before the fault may still be on their way through a busy machine
        end = time.monotonic() + ON_ITS_WAY_S
        while self.camera.state is State.ONLINE and time.monotonic() < end:
            time.sleep(0.02)

    def go_right(self) -> None:
        self._within_s = COMES_BACK_S
        self.simulator.go_right()


@pytest.fixture
def rig():
    with CameraSimulator(fps=30) as simulator:
        camera = Camera(simulator.url, patience=QUICK)
        camera.start()
        yield CameraRig(simulator, camera)
        camera.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_camera_and_wire(rig, row):
    suffers(rig, row)


def test_every_kind_has_a_row():
    assert {row.fault.split()[0] for row in ROWS} == set(Kind)
