"""A serial line without hardware: a pty behind a stable link, as slow as the wire it stands for."""

import contextlib
import os
import select
import socket
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from hardware.wire.wire import Wire

_BURST = 64  # bytes a USB serial converter hands over at once
_CHUNK = 4096


class PtyLine:
    """One plugging-in of a device: made plugged in, ended by `unplug`.

    `receive(line, data)` is called on the line's own thread with what the host sent. `send` and
    `wait` are for that thread. While `wire` is half open nothing is taken from the host.
    """

    def __init__(
        self, link: Path, baudrate: int, receive: Callable[["PtyLine", bytes], None], wire: Wire
    ) -> None:
        self._link = link
        self._byte_s = 10 / baudrate  # 8N1
        self._receive = receive
        self._wire = wire
        self._unplugged = threading.Event()
        # The slave stays open here too: without it the master reports an error whenever the host
        # closes the port.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._bell, self._ring = socket.socketpair()
        self._make_link()
        wire.on_change(self._wake)
        self._thread = threading.Thread(target=self._run, name=f"pty-{link.name}", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Hang up and take the link away, also in the middle of a frame; any thread may."""
        with contextlib.suppress(FileNotFoundError):
            if self._link.readlink() == Path(self._name):
                self._link.unlink()
        self._unplugged.set()
        self._wire.interrupt()
        self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def send(self, data: bytes) -> None:
        """Send in bursts, each when its last bit would have arrived."""
        began = time.monotonic()
        for start in range(0, len(data), _BURST):
            burst = data[start : start + _BURST]
            due = began + (start + len(burst)) * self._byte_s
            if self.wait(due - time.monotonic()):
                return
            # A host that does not read loses bytes, as on a real line.
            with contextlib.suppress(BlockingIOError):
                os.write(self._master, burst)

    def wait(self, seconds: float) -> bool:
        """Let time pass; True as soon as the line is unplugged."""
        return self._unplugged.wait(max(0.0, seconds))

    def _wake(self) -> None:
        with contextlib.suppress(OSError):  # the line has ended and closed its bell
            self._ring.send(b"!")

    def _run(self) -> None:
        try:
            while not self._unplugged.is_set():
                deaf = self._wire.half_open
                ears: list[int | socket.socket] = [self._bell]
                ears += [] if deaf else [self._master]
                ready, _, _ = select.select(ears, [], [])
                if self._bell in ready:
                    self._bell.recv(_CHUNK)
                if self._master in ready:
                    data = os.read(self._master, _CHUNK)
                    if not self.wait(len(data) * self._byte_s):
                        self._receive(self, data)
        finally:
            self._wire.forget(self._wake)
            for fd in (self._master, self._slave):
                os.close(fd)
            self._bell.close()
            self._ring.close()

    def _make_link(self) -> None:
        self._name = os.ttyname(self._slave)
        fresh = self._link.with_name(f".{self._link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self._name)
        fresh.replace(self._link)
