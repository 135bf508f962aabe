"""A serial line without hardware: a pty behind a stable link, as slow as the wire it stands for."""

import contextlib
import os
import select
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

_BURST = 64  # bytes a USB serial converter hands over at once
_CHUNK = 4096


class PtyLine:
    """One plugging-in of a device: made plugged in, ended by `unplug`.

    `receive(line, data)` is called on the line's own thread with what the host sent. `send` and
    `wait` are for that thread.
    """

    def __init__(
        self, link: Path, baudrate: int, receive: Callable[["PtyLine", bytes], None]
    ) -> None:
        self._link = link
        self._byte_s = 10 / baudrate  # 8N1
        self._receive = receive
        self._unplugged = threading.Event()
        # The slave stays open here too: without it the master reports an error whenever the host
        # closes the port.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._wake_read, self._wake_write = os.pipe()
        self._make_link()
        self._thread = threading.Thread(target=self._run, name=f"pty-{link.name}", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Hang up and take the link away, also in the middle of a frame."""
        self._unplugged.set()
        os.write(self._wake_write, b"!")
        self._thread.join()
        self._link.unlink(missing_ok=True)
        for fd in (self._master, self._slave, self._wake_read, self._wake_write):
            os.close(fd)

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

    def _run(self) -> None:
        while not self._unplugged.is_set():
            ready, _, _ = select.select([self._master, self._wake_read], [], [])
            if self._master in ready:
                data = os.read(self._master, _CHUNK)
                if not self.wait(len(data) * self._byte_s):
                    self._receive(self, data)

    def _make_link(self) -> None:
        fresh = self._link.with_name(f".{self._link.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(self._slave))
        fresh.replace(self._link)
