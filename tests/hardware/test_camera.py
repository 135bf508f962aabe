"""The driver over the real path: OpenCV's VideoCapture on loopback HTTP and on files."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.camera import scenes
from hardware.camera.driver import Camera, Frame, Patience
from hardware.camera.simulator import CameraSimulator
from hardware.camera.sources import open_source
from hardware.device import State
from hardware.fault import Cure, DeviceFault
from hardware.wire.faults import parse

QUICK = Patience(lost_after_s=1.0, reopen_s=0.1, reopen_max_s=0.2)


@pytest.fixture
def simulator() -> Iterator[CameraSimulator]:
    with CameraSimulator(fps=30) as simulator:
        yield simulator


@pytest.fixture
def camera(simulator: CameraSimulator) -> Iterator[Camera]:
    camera = Camera(simulator.url, patience=QUICK)
    camera.start()
    yield camera
    assert camera.stop()


def until(true: Callable[[], bool], timeout_s: float = 15.0) -> None:
    """Wait for something that happens in another thread; fails if it never does."""
    tick = threading.Event()
    for _ in range(int(timeout_s / 0.02)):
        if true():
            return
        tick.wait(0.02)
    pytest.fail("it never happened")


def online(camera: Camera) -> None:
    until(lambda: camera.state is State.ONLINE)


def newest(camera: Camera) -> Frame:
    """A picture of it; one that was late on a busy machine is waited for."""
    while (frame := camera.latest()) is None:
        online(camera)
    return frame


def lost(camera: Camera) -> None:
    until(lambda: camera.state in (State.OFFLINE, State.NO_DEVICE))


def test_pictures_come_as_rgba_and_go_on(camera: Camera) -> None:
    first = newest(camera)
    assert first.rgba.shape == (720, 1280, 4)
    assert first.rgba.flags["C_CONTIGUOUS"]  # the screen hands it to the graphics card as it is
    assert (first.rgba[..., 3] == 255).all()
    until(lambda: (frame := camera.latest()) is not None and frame.seq > first.seq)


def test_a_taken_picture_is_the_scene_in_bgr(camera: Camera) -> None:
    picture = camera.take(10)
    assert picture.shape == (720, 1280, 3)
    blue, _, red = picture[400, 640].tolist()
    assert red > blue + 30, "skin is redder than blue: the channels are in order"
    difference = np.abs(picture.astype(int) - scenes.portrait(0)).mean()
    assert difference < 8


def test_a_taken_picture_is_newer_than_the_call(camera: Camera) -> None:
    before = newest(camera)
    camera.take(10)
    assert newest(camera).seq >= before.seq + 2


def test_an_encoder_that_gives_no_pictures_is_lost_and_back_without_a_restart(
    simulator: CameraSimulator, camera: Camera
) -> None:
    online(camera)
    simulator.break_down()
    lost(camera)
    assert camera.latest() is None, "an old picture of somebody is never shown"
    with pytest.raises(DeviceFault) as caught:
        camera.take(0.2)
    assert (caught.value.device, caught.value.cure) == ("camera", Cure.REPLUG)
    assert caught.value.detail == "camera_inoperable"
    simulator.break_down(broken=False)
    online(camera)
    assert camera.take(10).shape == (720, 1280, 3)


def test_comes_back_every_time(simulator: CameraSimulator, camera: Camera) -> None:
    for _ in range(3):
        online(camera)
        simulator.unplug()
        lost(camera)
        simulator.plug()
    online(camera)
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("capture-camera") == 1


def test_a_slow_camera_is_online_but_may_not_be_in_time(simulator: CameraSimulator) -> None:
    simulator.go_wrong(parse("delay 0.7"))
    camera = Camera(simulator.url, name="document_camera")
    camera.start()
    online(camera)
    with pytest.raises(DeviceFault) as caught:
        camera.take(0.01)
    assert caught.value.device == "document_camera"
    assert (caught.value.cure, caught.value.detail) == (Cure.RETRY, "time_out")
    assert camera.take(10).shape == (720, 1280, 3)
    assert camera.stop()


def test_dark_is_seen_in_the_picture(simulator: CameraSimulator, camera: Camera) -> None:
    assert camera.take(10).mean() > 100
    simulator.light(on=False)
    until(lambda: camera.take(10).mean() < 60)


def test_a_camera_that_never_was_is_starting_then_lost(simulator: CameraSimulator) -> None:
    simulator.unplug()
    camera = Camera(simulator.url, patience=Patience(lost_after_s=0.3, reopen_s=0.1))
    assert camera.state is State.OFFLINE, "not started"
    camera.start()
    until(lambda: camera.state is State.STARTING)
    lost(camera)
    simulator.plug()
    online(camera)
    assert camera.stop()


def test_a_device_path_that_is_not_there_is_lost(tmp_path: Path) -> None:
    camera = Camera("/dev/v4l/by-id/no-such-camera", patience=QUICK)
    camera.start()
    lost(camera)
    assert camera.stop()


def test_stop_leaves_no_thread_and_no_picture(simulator: CameraSimulator) -> None:
    before = set(threading.enumerate())
    camera = Camera(simulator.url, patience=QUICK)
    camera.start()
    online(camera)
    camera.start()  # twice is once
    assert len([t for t in threading.enumerate() if t.name.startswith("capture")]) == 1
    assert camera.stop()
    assert camera.stop(), "twice is once"
    assert camera.latest() is None
    assert not [t for t in set(threading.enumerate()) - before if t.name.startswith("capture")]
    camera.start()
    online(camera)
    assert camera.stop()


def test_stop_ends_a_take_that_waits(simulator: CameraSimulator) -> None:
    simulator.unplug()
    camera = Camera(simulator.url, patience=QUICK)
    camera.start()
    faults: list[DeviceFault] = []

    def take() -> None:
        with pytest.raises(DeviceFault) as caught:
            camera.take(60)
        faults.append(caught.value)

    waiting = threading.Thread(target=take)
    waiting.start()
    assert camera.stop()
    waiting.join(10)
    assert [fault.detail for fault in faults] == ["camera_inoperable"]


def test_a_film_begins_again_at_its_end(tmp_path: Path) -> None:
    path = str(tmp_path / "film.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 50, (320, 240))
    for step in range(5):
        writer.write(np.full((240, 320, 3), 40 * step, np.uint8))
    writer.release()
    camera = Camera(path, patience=QUICK)
    camera.start()
    until(lambda: (frame := camera.latest()) is not None and frame.seq > 12)
    assert camera.stop()


def test_a_single_picture_is_a_camera_too(tmp_path: Path) -> None:
    path = str(tmp_path / "still.png")
    picture = scenes.page(0)
    cv2.imwrite(path, picture)
    camera = Camera(path, patience=QUICK)
    camera.start()
    assert np.array_equal(camera.take(10), picture)
    assert camera.stop()


@pytest.mark.parametrize("name", ["missing.avi", "missing.jpg", "broken.avi", "broken.jpg"])
def test_a_file_that_is_no_picture_does_not_open(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.avi").write_bytes(b"no film")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    assert open_source(str(tmp_path / name)) is None


@given(failures=st.integers(1, 10_000))
def test_the_pause_before_reopening_is_bounded(failures: int) -> None:
    patience = Patience()
    assert 1.0 <= patience.pause(failures) <= patience.reopen_max_s
    assert patience.pause(failures) <= patience.pause(failures + 1)
