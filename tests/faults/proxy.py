"""A wire between kiosk and centre that fails on order: a real TCP proxy that reads HTTP requests."""

import contextlib
import http.client
import socket
import socketserver
import threading
from enum import StrEnum


class Wire(StrEnum):
    """What becomes of a request."""

    GOOD = "good"
    REFUSED = "refused"
    """Nobody listens."""
    HANG = "hang"
    """Taken, and never answered; the centre hears nothing."""
    ERROR_500 = "error_500"
    GARBAGE = "garbage"
    """Bytes that are no HTTP."""
    NOT_JSON = "not_json"
    """A success without the answer."""
    NO_REPLY = "no_reply"
    """The centre did it; the answer is lost."""
    LATE = "late"
    """The centre did it; the answer comes when the wire is next told something."""


_ANSWERS = {
    Wire.ERROR_500: b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\noops\n",
    Wire.GARBAGE: bytes.fromhex("00 FF AA 13 37") * 7,
    Wire.NOT_JSON: b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
}


class Proxy:
    """Listens on `url`, hands on to the centre at 127.0.0.1:`port`, or fails as told.

    `passed` are the requests that reached the centre, as "METHOD path".
    """

    def __init__(self, port: int) -> None:
        self.centre_port, self.passed = port, list[str]()
        self._wire, self._only, self._orders = Wire.GOOD, "", 0
        self._told = threading.Condition()
        self._server: _Server | None = None
        self._port = 0
        self.set(Wire.GOOD)

    @property
    def url(self) -> str:
        """The kiosk's address of the centre."""
        return f"http://127.0.0.1:{self._port}"

    def set(self, wire: Wire, only: str = "") -> None:
        """Fail so from now on; `only` for paths that begin with it."""
        with self._told:
            self._wire, self._only, self._orders = wire, only, self._orders + 1
            self._told.notify_all()
        if wire is Wire.REFUSED:
            self.stop()
        elif self._server is None:
            self._server = _Server(("127.0.0.1", self._port), _Talk)
            self._server.proxy = self
            self._port = self._server.server_address[1]
            args = (0.02,)
            threading.Thread(target=self._server.serve_forever, args=args, name="proxy").start()

    def stop(self) -> None:
        """Hang up on everybody, and listen no more."""
        if self._server is not None:
            server, self._server = self._server, None
            server.shutdown()
            server.hang_up()
            with self._told:
                self._orders += 1
                self._told.notify_all()
            server.server_close()

    def fate(self, path: str) -> tuple[Wire, int]:
        """What shall become of a request for this path, and by which order."""
        with self._told:
            return (self._wire if path.startswith(self._only) else Wire.GOOD), self._orders

    def until_told(self, order: int) -> None:
        """Wait for the next order after this one."""
        with self._told:
            self._told.wait_for(lambda: self._orders != order)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False  # so that closing it joins them
    proxy: Proxy

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.callers: set[socket.socket] = set()

    def hang_up(self) -> None:
        for caller in list(self.callers):
            with contextlib.suppress(OSError):  # it hung up by itself
                caller.shutdown(socket.SHUT_RDWR)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.callers.add(self.request)
        with contextlib.suppress(OSError):  # the kiosk hung up: what it does after its time-out
            while line := self.rfile.readline():
                self._one(*line.decode("ascii").split()[:2])

    def finish(self) -> None:
        self.server.callers.discard(self.request)
        with contextlib.suppress(OSError):
            super().finish()

    def _one(self, method: str, path: str) -> None:
        headers = http.client.parse_headers(self.rfile)
        body = self.rfile.read(int(headers.get("Content-Length", 0)))
        fate, order = self.server.proxy.fate(path)
        if fate is Wire.HANG:
            self.server.proxy.until_told(order)
        if fate in _ANSWERS:
            self.wfile.write(_ANSWERS[fate])
            if fate is not Wire.GARBAGE:
                return
        if fate in {Wire.GARBAGE, Wire.HANG}:
            raise ConnectionAbortedError
        answer = self._ask(method, path, dict(headers.items()), body)
        if fate is Wire.NO_REPLY:
            raise ConnectionAbortedError
        if fate is Wire.LATE:
            self.server.proxy.until_told(order)
        self.wfile.write(answer)

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        proxy = self.server.proxy
        centre = http.client.HTTPConnection("127.0.0.1", proxy.centre_port, timeout=30)
        with contextlib.closing(centre):
            centre.request(method, path, body, headers)
            response = centre.getresponse()
            data = response.read()
        proxy.passed.append(f"{method} {path}")
        kind = response.headers.get("Content-Type", "")
        head = f"HTTP/1.1 {response.status} -\r\nContent-Type: {kind}\r\n"
        return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data
