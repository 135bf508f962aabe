"""A camera that speaks HTTP MJPEG, as network cameras do, and fails when told to.

Wire: `multipart/x-mixed-replace`, each part with Content-Type image/jpeg and Content-Length.
Pictures are made once and sent in a loop, only while somebody looks.
"""

import contextlib
import socket
import sys
import threading
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2

from hardware.camera import scenes

_Request = socket.socket | tuple[bytes, socket.socket]

BOUNDARY = "frame"
_SLOW_S = 0.7
_POLL_S = 0.05  # how soon a server that is told to end looks up


class CameraFault(StrEnum):
    """What can be wrong on the wire."""

    NONE = "none"
    UNPLUG = "unplug"
    """Connections are dropped and new ones refused."""
    STALL = "stall"
    """The connection stays, pictures stop."""
    SLOW = "slow"
    """A picture every 0.7 s."""
    DARK = "dark"
    """The lamp is off."""
    GARBAGE = "garbage"
    """Parts of the right length whose bytes are no JPEG."""


class CameraSimulator:
    """A camera on 127.0.0.1 that shows a drawn person (`portrait`) or a document (`page`)."""

    def __init__(self, scene: str = "portrait", port: int = 0, fps: int = 20) -> None:
        self._scene = ""
        self.show(scene)
        self._period_s = 1 / fps
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._fault = CameraFault.NONE
        self._changed = threading.Condition()
        self._plugging = threading.Lock()

    @property
    def url(self) -> str:
        """Give the address of the stream; it stays the same while unplugged."""
        return f"http://127.0.0.1:{self._port}/camera.mjpeg"

    @property
    def fault(self) -> CameraFault:
        """Tell what is wrong now."""
        return self._fault

    def start(self) -> None:
        """Listen; OSError if the port is taken."""
        self._plug()

    def stop(self) -> None:
        """Drop everybody and end all threads."""
        self._unplug()

    @property
    def scene(self) -> str:
        """Tell what is before the camera."""
        return self._scene

    def show(self, scene: str) -> None:
        """Put `portrait` or `page` before the camera; KeyError for anything else."""
        _ = SCENES[scene]
        self._scene = scene

    def set_fault(self, fault: CameraFault) -> None:
        """Make the camera fail so, at once; NONE mends (and plugs in again)."""
        with self._changed:
            self._fault = fault
            self._changed.notify_all()
        if self.fault is CameraFault.UNPLUG:
            self._unplug()
        else:
            self._plug()

    def serve(self, send: Callable[[bytes], None], unplugged: Callable[[], bool]) -> None:
        """Send pictures until unplugged; the sender's OSError ends it too."""
        step = 0
        while True:
            with self._changed:
                self._changed.wait_for(unplugged, self._pause_s())
                self._changed.wait_for(lambda: unplugged() or self._fault != CameraFault.STALL)
            if unplugged():
                return
            send(_part(self._picture(step)))
            step += 1

    def _pause_s(self) -> float:
        return _SLOW_S if self._fault is CameraFault.SLOW else self._period_s

    def _picture(self, step: int) -> bytes:
        is_dark = self._fault is CameraFault.DARK
        jpegs = _film(SCENES[self._scene], is_dark=is_dark)
        jpeg = jpegs[step % len(jpegs)]
        return bytes(255 - byte for byte in jpeg) if self._fault is CameraFault.GARBAGE else jpeg

    def _plug(self) -> None:
        with self._plugging:
            if self._server is not None:
                return
            server = _Server(self, self._port)
            self._port = server.server_address[1]
            thread = threading.Thread(
                target=server.serve_forever, args=(_POLL_S,), name="camera-simulator"
            )
            self._server, self._thread = server, thread
            thread.start()

    def _unplug(self) -> None:
        with self._plugging:
            server, thread = self._server, self._thread
            if server is None or thread is None:
                return
            self._server = self._thread = None
            server.shutdown()
            server.drop()
            with self._changed:
                self._changed.notify_all()
            server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing it joins them

    def __init__(self, camera: CameraSimulator, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.camera = camera
        self.dropped = threading.Event()
        self._clients: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: _Request, client_address: object) -> None:
        """Remember a client, to be able to drop it."""
        if isinstance(request, socket.socket):
            with self._lock:
                self._clients.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        """Forget a client that is served."""
        with self._lock:
            self._clients -= {request}
        super().shutdown_request(request)

    def handle_error(self, request: _Request, client_address: object) -> None:
        """Pass over a client that left; anything else is a mistake of ours and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def drop(self) -> None:
        """Cut every connection in the middle of whatever it sends."""
        self.dropped.set()
        with self._lock:
            for client in self._clients:
                with contextlib.suppress(OSError):  # it left by itself just now
                    client.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - ours, always

    def do_GET(self) -> None:
        """Send the stream to whoever asks for it."""
        if self.path != "/camera.mjpeg":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.end_headers()
        self.server.camera.serve(self._send, self.server.dropped.is_set)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: a line a reconnection is noise."""

    def _send(self, part: bytes) -> None:
        self.wfile.write(part)


def _part(jpeg: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return head.encode("ascii") + jpeg + b"\r\n"


SCENES: dict[str, Callable[[int], scenes.Bgr]] = {
    "portrait": scenes.portrait,
    "page": scenes.page,
}


@lru_cache(maxsize=4)
def _film(scene: Callable[[int], scenes.Bgr], *, is_dark: bool) -> tuple[bytes, ...]:
    frames = (scene(step) for step in range(scenes.FRAMES))
    return tuple(_jpeg(scenes.dark(frame) if is_dark else frame) for frame in frames)


def _jpeg(picture: scenes.Bgr) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
