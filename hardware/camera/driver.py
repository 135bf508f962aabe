"""A camera that is always running, and comes back by itself."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.sources import Bgr, Source, open_source
from hardware.fault import Cure, DeviceFault

State = Literal["starting", "online", "lost"]

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
    and `state` never wait, so the screen may ask them every frame. Call `stop` before the process
    ends: a thread inside OpenCV at that moment aborts it. Source: docs/devices/camera.md.
    """

    def __init__(self, source: str, name: str = "camera", patience: Patience = Patience()) -> None:
        self.source = source
        self.name = name
        self._patience = patience
        self._news = threading.Condition()
        self._frame: Frame | None = None
        self._seq = 0
        self._started_at = time.monotonic()
        self._ended = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look for the camera, unless that is under way; returns at once.

        After a `stop` that ran out of time it waits for the old thread, 6 s at most.
        """
        with self._starting:
            thread = self._thread
            if thread is not None and not self._ended.is_set():
                return
            if thread is not None:
                thread.join(6.0)
            self._ended.clear()
            self._started_at = time.monotonic()
            name = f"capture-{self.name}"
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = 6.0) -> bool:
        """End the thread and forget the picture; False if it did not end in time.

        A read under way ends after 2 s, an opening after 3 s at most.
        """
        self._ended.set()
        with self._news:
            self._news.notify_all()
        thread = self._thread  # once: another thread may be stopping it too
        if thread is None:
            return True
        thread.join(timeout_s)
        if thread.is_alive():
            return False
        self._thread = None
        self._frame = None
        return True

    @property
    def state(self) -> State:
        """Tell whether pictures come: derived from the newest, so it cannot disagree with it."""
        now = time.monotonic()
        frame = self._frame
        if self._ended.is_set() or self._thread is None:
            return "lost"
        if frame is not None:
            return "online" if now - frame.at <= self._patience.lost_after_s else "lost"
        return "starting" if now - self._started_at <= self._patience.lost_after_s else "lost"

    def latest(self) -> Frame | None:
        """Give the newest picture, or None while no fresh one is there (never an old one)."""
        frame = self._frame
        return frame if frame is not None and self.state == "online" else None

    def take(self, timeout_s: float) -> Bgr:
        """Give a picture exposed after this call; call it on a worker's thread, it waits.

        Raises DeviceFault: `camera_inoperable` (cure replug) if the camera is lost, `time_out`
        (cure retry) if it is there but gave no picture in `timeout_s`.
        """
        with self._news:
            # The next picture may have been under way already; the one after it was not.
            wanted = self._seq + 2
            self._news.wait_for(lambda: self._seq >= wanted or self._ended.is_set(), timeout_s)
            frame, seq = self._frame, self._seq
        if frame is None or seq < wanted or self._ended.is_set():
            if self.state == "lost":
                raise DeviceFault(self.name, Cure.REPLUG, "camera_inoperable")
            raise DeviceFault(self.name, Cure.RETRY, "time_out")
        return cv2.cvtColor(frame.rgba, cv2.COLOR_RGBA2BGR).astype(np.uint8, copy=False)

    def _run(self) -> None:
        cv2.setNumThreads(1)  # the kiosk has two cores, and more to do than pictures
        failures = 0
        while not self._ended.is_set():
            source = self._opened()
            if source is not None:
                seen = self._seq
                self._capture(source)
                failures = 0 if self._seq > seen else failures
            failures += 1
            if failures == 1 and not self._ended.is_set():
                log.warning("%s lost", self.name)
            self._ended.wait(self._patience.pause(failures))

    def _opened(self) -> Source | None:
        try:
            return open_source(self.source)
        except (cv2.error, OSError) as error:
            log.warning("%s cannot be opened: %s", self.name, type(error).__name__)
            return None

    def _capture(self, source: Source) -> None:
        """Read until no picture comes, then release, in the thread that reads."""
        try:
            while not self._ended.is_set():
                picture = source.read(self._ended)
                if picture is None:
                    return
                self._publish(picture)
        except cv2.error as error:
            log.warning("%s cannot be read: %s", self.name, type(error).__name__)
        finally:
            source.release()

    def _publish(self, picture: Bgr) -> None:
        rgba = cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA).astype(np.uint8, copy=False)
        with self._news:
            self._seq += 1
            self._frame = Frame(self._seq, rgba, time.monotonic())
            self._news.notify_all()
