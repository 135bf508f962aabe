"""A serial port that is opened when it is needed, and again after it was unplugged."""

import errno
import os
import select
import termios
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import serial

from hardware.fault import Cure, DeviceFault

_CHUNK = 4096
_TAKEN_S = 0.5
_HELD = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EWOULDBLOCK})


class PortGone(Exception):  # noqa: N818 - what happened, not what went wrong in the program
    """The port cannot be used: it is unplugged, or (`held`) it belongs to somebody else."""

    def __init__(self, *, held: bool) -> None:
        super().__init__("held by another program" if held else "no such port")
        self.held = held

    def fault(self, device: str) -> DeviceFault:
        """Give what this means for the device behind the port."""
        if self.held:
            return DeviceFault(device, Cure.ATTENDANT, "device_not_ready")
        return DeviceFault(device, Cure.REPLUG, "no_device")


class SerialPort:
    """An 8N1 port, opened exclusively; for one thread at a time.

    `path` is best a stable link (/dev/serial/by-id/...): each `open` looks where it leads now.
    Every method but `close` raises `PortGone`; then the port is closed and may be opened anew.
    """

    def __init__(self, path: str, baudrate: int) -> None:
        self.path = path
        self.baudrate = baudrate
        self._serial: serial.Serial | None = None

    def open(self) -> bool:
        """Make the port usable; True if it was opened anew, and may lead to a fresh device."""
        if self._serial is not None and self._alive(self._serial):
            return False
        self.close()
        with self._guard():
            self._serial = serial.Serial(self.path, self.baudrate, timeout=0, exclusive=True)
        return True

    def write(self, data: bytes) -> None:
        """Send all of `data`; a line that takes nothing for 0.5 s is gone.

        Asked of the line itself: pyserial's time-out is by the clock, and a host that was busy
        for so long after it had sent everything would look like a line that is gone.
        """
        with self._guard():
            port, rest = self._opened().fileno(), memoryview(data)
            while rest:
                if not select.select([], [port], [], _TAKEN_S)[1]:
                    raise TimeoutError(errno.ETIMEDOUT, "the line takes nothing")
                rest = rest[os.write(port, rest) :]

    def read(self, within_s: float) -> bytes:
        """Give what has come, b"" for nothing; waits at most so many seconds for the first byte.

        In one block of the C library's, which overwrites it as it is freed (docs/guardian.md);
        pyserial puts it together in small ones of Python's.
        """
        with self._guard():
            port = self._opened().fileno()
            if not select.select([port], [], [], within_s)[0]:
                return b""
            if not (data := os.read(port, _CHUNK)):
                raise OSError(errno.EIO, "the line was hung up")
            return data

    def flush(self) -> None:
        """Forget what has come and was not read."""
        with self._guard():
            self._opened().reset_input_buffer()

    def close(self) -> None:
        """Let go of the port; nothing if it is not open."""
        if self._serial is not None:
            self._serial.close()
            self._serial = None

    def _opened(self) -> serial.Serial:
        if self._serial is None:
            raise PortGone(held=False)
        return self._serial

    def _alive(self, port: serial.Serial) -> bool:
        """Whether the path still leads here: a replugged device gets another number meanwhile."""
        try:
            return Path(self.path).stat().st_rdev == os.fstat(port.fileno()).st_rdev
        except FileNotFoundError:  # the link is gone: unplugged
            return False

    @contextmanager
    def _guard(self) -> Generator[None]:
        try:
            yield
        except (OSError, termios.error) as error:  # pyserial lets termios.error through
            self.close()
            raise PortGone(held=error.args[:1] != () and error.args[0] in _HELD) from error
