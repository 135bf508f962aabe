"""A camera that speaks HTTP MJPEG, as network cameras do, and fails when told to.

Wire: `multipart/x-mixed-replace`, each part with Content-Type image/jpeg and Content-Length.
Pictures are made once and sent in a loop, only while somebody looks.
"""

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Self

import cv2

from hardware.camera import scenes
from hardware.camera.stream import Client, Port
from hardware.wire.faults import WireFault
from hardware.wire.wire import Wire

BOUNDARY = "frame"
_HEAD = (
    "HTTP/1.0 200 OK\r\nConnection: close\r\n"
    f"Content-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\n\r\n"
).encode("ascii")
_NOT_FOUND = b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_INVERTED = bytes(range(255, -1, -1))


class CameraSimulator:
    """A camera on 127.0.0.1 that shows a drawn person (`portrait`) or a document (`page`).

    In the language of faults its commands are `stream`, the request, and `picture`, each picture
    that is due. May be told anything from any thread while it runs; a context manager.
    """

    def __init__(self, scene: str = "portrait", port: int = 0, fps: int = 20) -> None:
        self.wire = Wire(self.unplug, self.power_cycle)
        self._number = port
        self._period_s = 1 / fps
        self._lit, self._broken = True, False
        self._plugging = threading.RLock()
        self._port: Port | None = None
        self.show(scene)

    @property
    def url(self) -> str:
        """Give the address of the stream; it stays the same while unplugged."""
        return f"http://127.0.0.1:{self._number}/camera.mjpeg"

    @property
    def scene(self) -> str:
        """Tell what is before the camera."""
        return self._scene

    @property
    def plugged(self) -> bool:
        """Whether its port exists."""
        return self._port is not None

    def start(self) -> None:
        """Plug it in; OSError if the port is taken."""
        self.plug()

    def stop(self) -> None:
        """Drop everybody and end all threads."""
        self.unplug()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def plug(self) -> None:
        """Listen; nothing if it does."""
        with self._plugging:
            if self._port is None:
                self._port = Port(self._number, self._serve)
                self._number = self._port.number

    def unplug(self) -> None:
        """Drop every connection and refuse new ones; nothing if it is out."""
        with self._plugging:
            port, self._port = self._port, None
            if port is None:
                return
            port.hang_up()
            self.wire.interrupt()
        port.join()

    def power_cycle(self) -> None:
        """Take its power away for a moment; its address stays."""
        self.unplug()
        self.plug()

    def go_wrong(self, fault: WireFault) -> None:
        """Let it go wrong in this way from now on."""
        self.wire.go_wrong(fault)

    def go_right(self) -> None:
        """End every fault of the wire, an unplugged cable too."""
        self.wire.go_right()
        self.plug()

    def show(self, scene: str) -> None:
        """Put `portrait` or `page` before the camera; KeyError for anything else."""
        self._film_of = SCENES[scene]
        self._scene = scene

    def show_picture(self, png: bytes) -> None:
        """Lay a paper before the camera, given as a picture (PNG): a slip, say."""
        self._film_of = scenes.lying(png)
        self._scene = "picture"

    def light(self, *, on: bool) -> None:
        """Switch the lamp before it on or off."""
        self._lit = on

    def break_down(self, *, broken: bool = True) -> None:
        """Let its encoder give bytes that are no JPEG, or pictures again."""
        self._broken = broken

    def _serve(self, client: Client) -> None:
        asked = self.wire.heard("stream")
        if asked.deaf:
            while not client.wait(self._period_s):
                pass
            return
        known = client.request.startswith(b"GET /camera.mjpeg ")
        asked.deliver(client, client.request, _HEAD if known else _NOT_FOUND)
        if known:
            self._send_pictures(client)

    def _send_pictures(self, client: Client) -> None:
        """Send a picture whenever one is due."""
        step, due = 0, time.monotonic()
        while True:
            due = max(due + self._period_s, time.monotonic())
            if client.wait(due - time.monotonic()):
                return
            passage = self.wire.heard("picture")
            if not passage.deaf:
                passage.deliver(client, client.request, _part(self._picture(step)))
            step += 1

    def _picture(self, step: int) -> bytes:
        jpegs = _film(self._film_of, is_dark=not self._lit)
        jpeg = jpegs[step % len(jpegs)]
        return jpeg.translate(_INVERTED) if self._broken else jpeg


SCENES: dict[str, Callable[[int], scenes.Bgr]] = {
    "portrait": scenes.portrait,
    "page": scenes.page,
}


def _part(jpeg: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return head.encode("ascii") + jpeg + b"\r\n"


@lru_cache(maxsize=4)
def _film(scene: Callable[[int], scenes.Bgr], *, is_dark: bool) -> tuple[bytes, ...]:
    frames = (scene(step) for step in range(scenes.FRAMES))
    return tuple(_jpeg(scenes.dark(frame) if is_dark else frame) for frame in frames)


def _jpeg(picture: scenes.Bgr) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
