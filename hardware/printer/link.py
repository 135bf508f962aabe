"""Bytes to and from a printer over TCP, a serial line or USB, each step with a deadline.

All three are one thing here: a file descriptor that does not block.
"""

import errno
import fcntl
import os
import select
import socket
import stat
import struct
import termios
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import serial

TCP, USB = "tcp://", "usb:"
HELD = frozenset({errno.EBUSY, errno.EWOULDBLOCK, errno.EACCES, errno.EPERM})
"""Of an `OSError` of `connect`: the printer belongs to another program, or not to us."""

_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: closing throws away what is not sent
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL
_CHUNK = 4096


class Link:
    """An open way to the printer. Not for two threads. Raises `OSError` when the way is broken.

    `ends`: a read of no bytes means that the printer hung up (not so on USB).
    """

    def __init__(self, fd: int, close: Callable[[bool], None], *, ends: bool) -> None:
        self._fd = fd
        self._close = close
        self._ends = ends
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(fd, select.POLLIN)
        self._writable.register(fd, select.POLLOUT)

    def write(self, data: bytes, patience_s: float) -> None:
        """Send all of it; `TimeoutError` if for `patience_s` not a byte of it was taken."""
        rest = memoryview(data)
        while rest:
            if not self._writable.poll(patience_s * 1000):
                raise TimeoutError("the printer takes no bytes")
            with suppress(BlockingIOError):  # poll was too hopeful
                rest = rest[os.write(self._fd, rest) :]

    def read(self, wait_s: float) -> int | None:
        """One byte, or None if none came in time."""
        events = self._readable.poll(max(wait_s, 0.0) * 1000)
        if not events:
            return None
        try:
            byte = os.read(self._fd, 1)
        except BlockingIOError:
            return None
        if byte:
            return byte[0]
        if self._ends or events[0][1] & _GONE:
            raise ConnectionResetError("the printer hung up")
        return None

    def close(self, *, forget: bool = False) -> None:
        """Let go of the printer; `forget` drops what was written but not sent."""
        self._close(forget)


def check_port(port: str) -> None:
    """Refuse with `ValueError` what `connect` could never open."""
    address = urlsplit(port)
    whole = address.hostname and address.port if port.startswith(TCP) else port != USB
    if not whole:
        raise ValueError("port must be tcp://host:port, usb:/dev/... or a serial path")


def connect(port: str, baudrate: int, patience_s: float) -> Link:
    """A link to `tcp://host:port`, to `usb:` and a device file, or to a serial path.

    `OSError` if there is none, or if another program has it (`HELD`).
    """
    if port.startswith(TCP):
        return _tcp(port, patience_s)
    if port.startswith(USB):
        return _usb(port.removeprefix(USB))
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

    return Link(line.fileno(), close, ends=True)


def _usb(path: str) -> Link:
    """A device file of the kernel's usblp driver, for us alone; what it still holds is dropped."""
    fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        _check_device_file(fd)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with suppress(BlockingIOError):  # nothing there
            os.read(fd, _CHUNK)
    except OSError:
        os.close(fd)
        raise

    def close(forget: bool) -> None:  # noqa: ARG001, FBT001 - called by Link alone; usblp keeps nothing
        os.close(fd)

    return Link(fd, close, ends=False)


def _check_device_file(fd: int) -> None:
    """A file in its place would take every byte, and answer none."""
    if not stat.S_ISCHR(os.fstat(fd).st_mode):
        raise OSError(errno.ENODEV, "not a device file")


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

    return Link(line.fileno(), close, ends=True)


def _open_serial(port: str, baudrate: int) -> serial.Serial:
    try:
        line = serial.Serial(port, baudrate, exclusive=True)
        line.reset_input_buffer()
    except termios.error as error:
        raise ConnectionResetError("the serial line is gone") from error
    return line
