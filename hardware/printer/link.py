"""Bytes to and from a printer over TCP or a serial line, each step with a deadline.

Both are one thing here: a file descriptor that does not block.
"""

import os
import select
import socket
import struct
import termios
from collections.abc import Callable
from urllib.parse import urlsplit

import serial

_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: closing throws away what is not sent


class Link:
    """An open way to the printer. Not for two threads. Raises `OSError` when the way is broken."""

    def __init__(self, fd: int, close: Callable[[bool], None]) -> None:
        self._fd = fd
        self._close = close

    def write(self, data: bytes, patience_s: float) -> None:
        """Send all of it; `TimeoutError` if for `patience_s` not a byte of it was taken."""
        rest = memoryview(data)
        while rest:
            if not select.select([], [self._fd], [], patience_s)[1]:
                raise TimeoutError("the printer takes no bytes")
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:  # select was too hopeful
                continue

    def read(self, wait_s: float) -> int | None:
        """One byte, or None if none came in time."""
        if not select.select([self._fd], [], [], max(wait_s, 0.0))[0]:
            return None
        if byte := os.read(self._fd, 1):
            return byte[0]
        raise ConnectionResetError("the printer hung up")

    def close(self, *, forget: bool = False) -> None:
        """Let go of the printer; `forget` drops what was written but not sent."""
        self._close(forget)


def check_port(port: str) -> None:
    """Refuse with `ValueError` what `connect` could never open."""
    address = urlsplit(port)
    if port.startswith("tcp://") and not (address.hostname and address.port):
        raise ValueError("port must be tcp://host:port or a serial path")


def connect(port: str, baudrate: int, patience_s: float) -> Link:
    """A link to `tcp://host:port` or to a serial path; `OSError` if there is none."""
    if port.startswith("tcp://"):
        return _tcp(port, patience_s)
    return _serial(port, baudrate)


def _tcp(port: str, patience_s: float) -> Link:
    address = urlsplit(port)
    line = socket.create_connection((address.hostname, address.port), patience_s)
    line.setblocking(False)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(forget: bool) -> None:  # noqa: FBT001 - called by Link alone
        if forget:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        line.close()

    return Link(line.fileno(), close)


def _serial(port: str, baudrate: int) -> Link:
    line = _open_serial(port, baudrate)

    def close(forget: bool) -> None:  # noqa: FBT001 - called by Link alone
        try:
            if forget:
                line.reset_output_buffer()
        except termios.error as error:  # not an OSError in Python, but one in meaning
            raise ConnectionResetError("the serial line is gone") from error
        finally:
            line.close()

    return Link(line.fileno(), close)


def _open_serial(port: str, baudrate: int) -> serial.Serial:
    try:
        line = serial.Serial(port, baudrate, exclusive=True)
        line.reset_input_buffer()
    except termios.error as error:
        raise ConnectionResetError("the serial line is gone") from error
    return line
