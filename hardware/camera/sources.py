"""Where pictures come from: a V4L2 device, an MJPEG stream over HTTP, a film or a single picture.

Each source gives one picture a call and blocks for a bounded time; `None` means "no picture came".
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Bgr = NDArray[np.uint8]
"""A picture of height x width x 3, blue first."""

_DEVICE: Mapping[int, int] = {
    cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
    cv2.CAP_PROP_FRAME_WIDTH: 1280,
    cv2.CAP_PROP_FRAME_HEIGHT: 720,
    cv2.CAP_PROP_FPS: 30,
    cv2.CAP_PROP_BUFFERSIZE: 1,
}
_STREAM: Mapping[int, int] = {
    cv2.CAP_PROP_OPEN_TIMEOUT_MSEC: 3000,
    cv2.CAP_PROP_READ_TIMEOUT_MSEC: 1500,
}
_WARM_UP_FRAMES = 10  # a real camera settles its exposure and white balance first
_PICTURE_FPS = 10
_FILM_FPS = 25  # for a film that does not say
_PICTURES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}


class Source(Protocol):
    """One opened camera."""

    def read(self, ended: threading.Event) -> Bgr | None:
        """Give the next picture, or None when none came in time or `ended` was set."""
        ...

    def release(self) -> None:
        """Give the device back. Only from the thread that reads."""
        ...


def open_source(source: str) -> Source | None:
    """Give the opened source, or None if it is not there now.

    `source` is a path under /dev, an http(s) address, or a file. Blocks for 3 s at most.
    """
    if source.startswith(("http://", "https://")):
        return Live.open(source, cv2.CAP_FFMPEG, _STREAM)
    if source.startswith("/dev/"):
        return Live.open(source, cv2.CAP_V4L2, _DEVICE, _WARM_UP_FRAMES)
    if Path(source).suffix.lower() in _PICTURES:
        return Still.open(source)
    return Film.open(source)


class Live:
    """A camera that gives pictures at its own pace."""

    def __init__(self, capture: cv2.VideoCapture, skip: int) -> None:
        self._capture = capture
        self._skip = skip

    @classmethod
    def open(
        cls, source: str, backend: int, properties: Mapping[int, int], skip: int = 0
    ) -> "Live | None":
        """Open by one named backend; CAP_ANY would also probe backends that are not there."""
        pairs = [number for pair in properties.items() for number in pair]
        capture = cv2.VideoCapture(source, backend, pairs)
        return cls(capture, skip) if capture.isOpened() else None

    def read(self, ended: threading.Event) -> Bgr | None:
        """Give the next picture; blocks 1.5 s (HTTP) or 2 s (V4L2) at most."""
        while self._skip and not ended.is_set() and self._capture.grab():
            self._skip -= 1
        return _read(self._capture)

    def release(self) -> None:
        """Close the device or the connection."""
        self._capture.release()


class Film:
    """A film file that begins again at its end, at its own pace."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        fps = capture.get(cv2.CAP_PROP_FPS)
        self._period_s = 1 / (fps if 1 <= fps <= 120 else _FILM_FPS)  # noqa: PLR2004 - sane rates

    @classmethod
    def open(cls, path: str) -> "Film | None":
        """Open a film (.avi, .mp4)."""
        if not Path(path).is_file():
            return None
        capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
        return cls(capture) if capture.isOpened() else None

    def read(self, ended: threading.Event) -> Bgr | None:
        """Give the next picture of the film."""
        if ended.wait(self._period_s):
            return None
        picture = _read(self._capture)
        if picture is None and self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0):
            picture = _read(self._capture)
        return picture

    def release(self) -> None:
        """Close the file."""
        self._capture.release()


class Still:
    """A single picture, shown again and again like a camera before a still life."""

    def __init__(self, picture: Bgr) -> None:
        self._picture = picture

    @classmethod
    def open(cls, path: str) -> "Still | None":
        """Load a picture file."""
        picture = cv2.imread(path, cv2.IMREAD_COLOR) if Path(path).is_file() else None
        return None if picture is None else cls(picture.astype(np.uint8, copy=False))

    def read(self, ended: threading.Event) -> Bgr | None:
        """Give the picture, ten times a second."""
        return None if ended.wait(1 / _PICTURE_FPS) else self._picture

    def release(self) -> None:
        """Nothing is held open."""


def _read(capture: cv2.VideoCapture) -> Bgr | None:
    got, picture = capture.read()
    return picture.astype(np.uint8, copy=False) if got else None
