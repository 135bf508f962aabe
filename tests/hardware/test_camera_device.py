"""The camera as a device: status, reset, stalls, two at once, and a day's plugging."""

import contextlib
import gc
import threading
import time
import weakref
from pathlib import Path

import pytest

from hardware.camera.driver import Camera, Patience
from hardware.camera.simulator import CameraSimulator
from hardware.device import Media, State, Status
from hardware.fault import Cure, DeviceFault
from hardware.wire.faults import parse
from tests.hardware.test_camera import QUICK, lost, newest, online, until

INOPERABLE = {"detail": "camera_inoperable", "cure": Cure.REPLUG}
PLUGGINGS = 30


@pytest.fixture
def simulator():
    with CameraSimulator(fps=30) as simulator:
        yield simulator


@pytest.fixture
def camera(simulator):
    camera = Camera(simulator.url, patience=QUICK)
    yield camera
    camera.close()


def captures():
    return [thread for thread in threading.enumerate() if thread.name.startswith("capture-")]


def test_what_it_is(camera):
    assert (camera.name, camera.capabilities().interface) == ("camera", "camera")
    kinds = [Camera("x", name).capabilities().kind for name in ("camera", "document_camera")]
    assert kinds == ["person", "document"]


@pytest.mark.parametrize("watched", [False, True])
def test_the_status_of_a_camera_watched_or_not(simulator, camera, watched):
    if watched:
        camera.start()
    assert camera.status() == Status(State.ONLINE)
    assert len(captures()) == watched
    simulator.unplug()
    if watched:
        until(lambda: camera.state is State.NO_DEVICE)
    assert camera.status() == Status(State.NO_DEVICE, **INOPERABLE)
    simulator.plug()
    if watched:
        online(camera)
    assert camera.status() == Status(State.ONLINE)
    assert len(captures()) == watched


def test_a_camera_that_is_there_and_silent_is_offline(simulator, camera):
    simulator.break_down()
    assert camera.status() == Status(State.OFFLINE, **INOPERABLE)
    camera.start()
    simulator.break_down(broken=False)
    online(camera)
    simulator.go_wrong(parse("silence only picture"))
    until(lambda: camera.state is State.OFFLINE)


def test_reset_opens_it_anew_and_leaves_it_as_it_was(simulator, camera):
    assert camera.reset() is Media.UNKNOWN
    assert captures() == []
    camera.start()
    assert camera.reset() is Media.UNKNOWN
    assert len(captures()) == 1
    simulator.unplug()
    with pytest.raises(DeviceFault) as caught:
        camera.reset()
    assert (caught.value.cure, caught.value.detail) == (Cure.REPLUG, "camera_inoperable")
    simulator.plug()
    online(camera)


@pytest.mark.parametrize("fault", ["silence", "unplug"])
def test_a_stall_is_seen_in_a_second_and_a_half(simulator, fault):
    camera = Camera(simulator.url)
    camera.start()
    online(camera)
    simulator.go_wrong(parse(fault))
    began = time.monotonic()
    until(lambda: camera.state is not State.ONLINE)
    assert time.monotonic() - began <= Patience().lost_after_s + 0.5
    assert camera.latest() is None
    camera.close()


def test_two_cameras_stream_and_one_is_broken_and_mended_alone(simulator):
    with CameraSimulator("page", fps=15) as other:
        camera = Camera(simulator.url, patience=QUICK)
        document = Camera(other.url, "document_camera")
        camera.start()
        document.start()
        online(document)
        began, before = time.monotonic(), newest(document).seq
        for fault in ("unplug", "drop_last 3", "noise"):
            online(camera)
            simulator.go_wrong(parse(fault))
            lost(camera)
            assert document.latest(), "the other one goes on"
            simulator.go_right()
        online(camera)
        seen = newest(document).seq - before
        assert 0.5 * 15 <= seen / (time.monotonic() - began) <= 1.3 * 15
        assert camera.take(5).mean() > document.take(5).mean() + 20, "each shows its own scene"
        camera.close()
        document.close()


def test_only_the_newest_picture_is_kept(camera):
    camera.start()
    frame = newest(camera)
    picture, seq = weakref.ref(frame.rgba), frame.seq
    del frame
    until(lambda: camera._seq > seq + 1)
    gc.collect()
    assert picture() is None
    last = weakref.ref(newest(camera).rgba)
    camera.close()
    assert last() is None


def test_a_thread_that_did_not_end_in_time_is_taken_over(simulator, camera):
    camera.start()
    online(camera)
    simulator.go_wrong(parse("silence"))
    lost(camera)
    assert not camera.stop(timeout_s=0.0), "it waits for a picture"
    assert camera.state is State.OFFLINE
    camera.start()
    camera.start()
    assert len(captures()) == 1
    simulator.go_right()
    online(camera)
    assert camera.stop()
    assert captures() == []


class PlugRig:
    """A camera that is watched, to be unplugged and plugged again and again."""

    def __init__(self, simulator, camera):
        self.unplug, self.plug, self._camera = simulator.unplug, simulator.plug, camera

    def work(self):
        """A picture; the camera has to come back for it by itself."""
        self._camera.take(10)


@contextlib.contextmanager
def plug_rig():
    """A rig for `with`; the same in tests and in a day of plugging."""
    with CameraSimulator(fps=30) as simulator:
        camera = Camera(simulator.url, patience=Patience(0.2, 0.02, 0.05))
        camera.start()
        yield PlugRig(simulator, camera)
        camera.close()


def test_plugging_leaves_no_thread_and_no_file():
    with plug_rig() as rig:
        rig.work()
        before = held()
        for _ in range(PLUGGINGS):
            rig.unplug()
            rig.plug()
            rig.work()
        until(lambda: held() == before)


def held():
    """The open files and the threads of this process."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
