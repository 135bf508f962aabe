"""A camera that is always running, and comes back by itself."""

import logging
import threading
import time
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.sources import Bgr, Source, open_source
from hardware.device import Capabilities, Media, State, Status
from hardware.fault import Cure, DeviceFault

_LOOK_S = 8.0
"""An opening ends within 3 s, and a camera that settles gives its first picture in less than 2."""
_OPENINGS = 2
"""So many have to fail before a look gives up: a machine that has just started is slow."""

_KINDS = {"camera": "person", "document_camera": "document"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Frame:
    """One picture as the screen wants it: RGBA, height x width x 4, `at` in monotonic seconds."""

    seq: int
    rgba: NDArray[np.uint8]
    at: float


@dataclass(frozen=True)
class Patience:
    """How long a camera may be silent, and how often it is looked for again (seconds)."""

    lost_after_s: float = 1.5
    reopen_s: float = 1.0
    reopen_max_s: float = 5.0

    def pause(self, failures: int) -> float:
        """Give the pause before the next opening after so many failures in a row."""
        return min(self.reopen_s * 1.5 ** min(failures - 1, 16), self.reopen_max_s)


class Camera:
    """A portrait or document camera: its newest picture at any time, its state, a picture on order.

    `source` is a V4L2 device (best a stable path of /dev/v4l/by-id), an http://… MJPEG stream, a
    film (looped) or a single picture. One thread of its own opens, reads and reopens it; `latest`
    and `state` never wait, so the screen may ask them every frame, the rest is for a worker. Call
    `close` before the process ends: a thread inside OpenCV at that moment aborts it.
    Source: docs/devices/camera.md.
    """

    def __init__(self, source: str, name: str = "camera", patience: Patience = Patience()) -> None:
        self.source = source
        self._name = name
        self._patience = patience
        self._news = threading.Condition()  # guards the next three; tells of them and of the end
        self._frame: Frame | None = None
        self._seq = 0
        self._failures = 0
        self._opened = False
        self._began = time.monotonic()
        self._life = threading.Lock()  # guards the next two
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """Its name in settings, faults and events."""
        return self._name

    def capabilities(self) -> Capabilities:
        """Give what it looks at: a person, or a document."""
        kind = _KINDS.get(self._name, self._name)
        return Capabilities("camera", kind, frozenset({"take_picture", "preview"}))

    def start(self) -> None:
        """Begin to look for the camera, unless that is under way; returns at once.

        A thread that did not end in time is taken over: there is never a second one.
        """
        with self._life:
            if self._running:
                return
            self._ended = threading.Event()
            self._failures, self._began = 0, time.monotonic()
            if self._thread is None:
                name = f"capture-{self._name}"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()

    def stop(self, timeout_s: float = 6.0) -> bool:
        """End the thread and forget the picture; False if it did not end in time.

        A read under way ends after 2 s, an opening after 3 s at most.
        """
        with self._life:
            thread = self._thread
            self._ended.set()
        with self._news:
            self._frame = None
            self._news.notify_all()
        if thread is not None:
            thread.join(timeout_s)
        return thread is None or not thread.is_alive()

    def close(self) -> None:
        """Let go of the camera, as `stop`."""
        self.stop()

    @property
    def state(self) -> State:
        """Tell whether pictures come: derived from the newest, so it cannot disagree with it.

        STARTING, ONLINE, OFFLINE (it is there and silent, or nobody started it), NO_DEVICE.
        """
        now = time.monotonic()
        frame = self._frame
        if not self._running:
            return State.OFFLINE
        if frame is None and now - self._began <= self._patience.lost_after_s:
            return State.STARTING
        if frame is not None and now - frame.at <= self._patience.lost_after_s:
            return State.ONLINE
        return self._missing

    def status(self) -> Status:
        """Give its state, after a look through it if nobody watches it (8 s at most)."""
        state = self._looked(running=self._running)
        if state is State.ONLINE:
            return Status(state)
        return Status(state, detail="camera_inoperable", cure=Cure.REPLUG)

    def reset(self) -> Media:
        """Open it anew, and leave it running if it was; it holds no media.

        Raises DeviceFault: `camera_inoperable` (cure replug) if no picture comes.
        """
        running = self._running
        self.stop()
        if self._looked(running=running) is not State.ONLINE:
            raise self._inoperable()
        return Media.UNKNOWN

    def latest(self) -> Frame | None:
        """Give the newest picture, or None while no fresh one is there (never an old one)."""
        frame = self._frame
        return frame if frame is not None and self.state is State.ONLINE else None

    def take(self, timeout_s: float) -> Bgr:
        """Give a picture exposed after this call; call it on a worker's thread, it waits.

        Raises DeviceFault: `camera_inoperable` (cure replug) if the camera is lost, `time_out`
        (cure retry) if it is there but gave no picture in `timeout_s`.
        """
        ended = self._ended
        with self._news:
            # The next picture may have been under way already; the one after it was not.
            wanted = self._seq + 2
            self._news.wait_for(lambda: self._seq >= wanted or ended.is_set(), timeout_s)
            frame, seq = self._frame, self._seq
        if frame is None or seq < wanted:
            if self.state in (State.OFFLINE, State.NO_DEVICE):
                raise self._inoperable()
            raise DeviceFault(self._name, Cure.RETRY, "time_out")
        return cv2.cvtColor(frame.rgba, cv2.COLOR_RGBA2BGR).astype(np.uint8, copy=False)

    def _inoperable(self) -> DeviceFault:
        return DeviceFault(self._name, Cure.REPLUG, "camera_inoperable")

    @property
    def _running(self) -> bool:
        return self._thread is not None and not self._ended.is_set()

    def _looked(self, *, running: bool) -> State:
        """Give the state as soon as a picture came or openings failed; let it run as before."""
        self.start()
        with self._news:
            self._news.wait_for(
                lambda: self._frame is not None or self._failures >= _OPENINGS, _LOOK_S
            )
        state = self.state
        if not running:
            self.stop()
        return self._missing if state is State.STARTING else state

    @property
    def _missing(self) -> State:
        return State.OFFLINE if self._opened else State.NO_DEVICE

    def _run(self) -> None:
        cv2.setNumThreads(1)  # the kiosk has two cores, and more to do than pictures
        while (ended := self._goes_on()) is not None:
            source = self._open()
            seen = self._seq
            if source is not None:
                self._capture(source, ended)
            if ended.is_set():
                continue
            with self._news:
                self._failures = 1 if self._seq > seen else self._failures + 1
                self._news.notify_all()
            if self._failures == 1:
                log.warning("%s lost", self._name)
            ended.wait(self._patience.pause(self._failures))

    def _goes_on(self) -> threading.Event | None:
        """Give what will end the thread, or None if it has to end now."""
        with self._life:
            if self._ended.is_set():
                self._thread = None
                return None
            return self._ended

    def _open(self) -> Source | None:
        try:
            source = open_source(self.source)
        except (cv2.error, OSError) as error:
            log.warning("%s cannot be opened: %s", self._name, type(error).__name__)
            return None
        self._opened = source is not None  # and stays: it is there, until the next opening fails
        return source

    def _capture(self, source: Source, ended: threading.Event) -> None:
        """Read until no picture comes, then release, in the thread that reads."""
        try:
            while not ended.is_set():
                picture = source.read(ended)
                if picture is None:
                    return
                self._publish(picture, ended)
        except cv2.error as error:
            log.warning("%s cannot be read: %s", self._name, type(error).__name__)
        finally:
            source.release()

    def _publish(self, picture: Bgr, ended: threading.Event) -> None:
        rgba = cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA).astype(np.uint8, copy=False)
        with self._news:
            if ended.is_set():  # nobody's picture stays behind
                return
            self._seq += 1
            self._frame = Frame(self._seq, rgba, time.monotonic())
            self._news.notify_all()
