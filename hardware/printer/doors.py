"""The ways into a simulated printer: a TCP connection, a serial line, a USB device file.

Each is a `hardware.wire.wire.Line`; `send` may be called on another thread than `close`, and does
nothing once the door is closed.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from hardware.printer.mechanism import CHUNK
from hardware.wire.pty_line import PtyLine
from hardware.wire.wire import Wire


class Caller:
    """A TCP connection."""

    def __init__(self, line: socket.socket) -> None:
        line.setblocking(False)
        self.fd = line.fileno()
        self._line = line
        self._closing = threading.Lock()
        self._open = True

    def read(self) -> bytes:
        """What came, b"" when the caller hung up."""
        try:
            return os.read(self.fd, CHUNK)
        except ConnectionResetError:
            return b""

    def send(self, data: bytes) -> None:
        """Answer the caller; one who hung up does not hear."""
        with self._closing:
            if self._open:
                with contextlib.suppress(ConnectionError):
                    os.write(self.fd, data)

    def close(self) -> None:
        """Hang up."""
        with self._closing:
            self._open = False
            self._line.close()


class Socket:
    """A serial or USB socket that a cable can be in; `receive` is called on the line's thread."""

    def __init__(
        self, path: Path, baudrate: int, receive: Callable[["Socket", bytes], None], wire: Wire
    ) -> None:
        self.path = path
        self._baudrate = baudrate
        self._receive = receive
        self._wire = wire
        self._line: PtyLine | None = None
        self._closing = threading.Lock()

    def plug(self) -> None:
        """Make the path; nothing if it is there."""
        with self._closing:
            if self._line is None:
                self._line = PtyLine(self.path, self._baudrate, self._hear, self._wire)

    def send(self, data: bytes) -> None:
        """Answer at the line's pace."""
        with self._closing:
            if self._line is not None:
                self._line.send(data)

    def close(self) -> None:
        """Pull the cable; the path is gone."""
        with self._closing:
            line, self._line = self._line, None
        if line is not None:
            line.unplug()

    def _hear(self, _line: PtyLine, data: bytes) -> None:
        self._receive(self, data)
