"""A receipt printer on a real TCP port and, if wanted, a serial line (pty)."""

import contextlib
import os
import queue
import select
import socket
import tempfile
import threading
import tty
from collections.abc import Callable
from concurrent.futures import Future
from io import BytesIO
from pathlib import Path
from typing import Literal, Self, TypeVar

from PIL import Image

from hardware.printer.mechanism import Mechanism, Mishap, PaperState

T = TypeVar("T")

_DOTS = {58: 384, 80: 576}
_BUFFER = 65536
_TICK_S = 0.01  # of a slow printer
_MANY = 1 << 30


class PrinterSimulator:
    """A printer that can be emptied, opened, jammed, silenced, stalled and unplugged.

    `address` is its TCP door on 127.0.0.1, `path` its serial one (a link that stays when the line
    is unplugged and plugged again). All methods may be called from any thread and have taken
    effect when they return. Use it as a context manager, or call `start` and `stop`.
    """

    def __init__(self, width_mm: int = 80, *, tcp_port: int = 0, pty: bool = False) -> None:
        self._mechanism = Mechanism(_DOTS[width_mm])
        self._tcp_port = tcp_port
        self._pty = pty
        self._folder = tempfile.TemporaryDirectory(prefix="printer-")
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._bell, self._ring = socket.socketpair()
        self._listener: socket.socket | None = None
        self._callers: dict[int, socket.socket] = {}
        self._line: tuple[int, int] | None = None  # master, and the slave that keeps it alive
        self._silent = self._stalled = False
        self._bytes_per_s: int | None = None
        self._running = True
        self._thread = threading.Thread(target=self._run, name="printer-simulator", daemon=True)

    def start(self) -> Self:
        """Open the doors."""
        self._plug()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close everything; the slips stay readable no longer."""

        def end() -> None:
            self._running = False

        self._order(end)
        self._thread.join()
        self._unplug()
        self._bell.close()
        self._ring.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """`tcp://127.0.0.1:port`; the port stays the same for life."""
        return f"tcp://127.0.0.1:{self._tcp_port}"

    @property
    def path(self) -> str:
        """The serial path; there is something behind it if `pty` was asked for."""
        return str(Path(self._folder.name) / "line")

    @property
    def slips(self) -> list[Image.Image]:
        """What was cut, the first first (mode "L", as wide as the paper)."""
        return self._order(lambda: list(self._mechanism.slips))

    @property
    def torn(self) -> list[Image.Image]:
        """What hung out, not cut, when the paper was changed."""
        return self._order(lambda: list(self._mechanism.torn))

    def png(self, index: int = -1) -> bytes:
        """A slip as PNG; the last one unless told. `IndexError` if there is none."""
        out = BytesIO()
        self.slips[index].save(out, "PNG")
        return out.getvalue()

    def save_png(self, index: int, path: Path) -> None:
        """Write a slip as PNG."""
        path.write_bytes(self.png(index))

    @property
    def metres_left(self) -> float:
        """Paper on the roll."""
        return self._order(lambda: self._mechanism.metres_left)

    @property
    def waiting(self) -> int:
        """Bytes that it has and has not printed."""
        return self._order(lambda: self._mechanism.waiting)

    def paper(self, state: PaperState) -> None:
        """Put in a full or nearly used roll, or take it out."""
        self._order(lambda: self._mechanism.load(state))

    def cover(self, state: Literal["closed", "open"]) -> None:
        """Open or close the cover."""
        self._sense("cover_open", state == "open")

    def cutter_error(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Block the cutter, or free it."""
        self._sense("cutter_error", on)

    def jam(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Jam the paper, or free it."""
        self._sense("jammed", on)

    def silent(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Print, but answer nothing."""
        self._set("_silent", on)

    def stall(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Neither read nor print nor answer."""
        self._set("_stalled", on)

    def slow(self, bytes_per_s: int | None) -> None:
        """Print so many bytes a second; None is as fast as it can."""
        self._set("_bytes_per_s", bytes_per_s)

    def unplug(self) -> None:
        """Pull the cable: links break, nobody gets through. The printer itself stays on."""
        self._order(self._unplug)

    def plug(self) -> None:
        """Put the cable back, at the same address and path."""
        self._order(self._plug)

    def fail_after(
        self, mishap: Mishap, *, lines: int | None = None, bytes_: int | None = None
    ) -> None:
        """Let it happen in mid-slip: after so many more lines of dots, or bytes used up."""
        self._order(lambda: self._mechanism.fail_after(mishap, lines=lines, bytes_=bytes_))

    def _sense(self, name: str, on: bool) -> None:  # noqa: FBT001 - a switch
        self._order(lambda: setattr(self._mechanism.sensors, name, on))

    def _set(self, name: str, value: object) -> None:
        self._order(lambda: setattr(self, name, value))

    def _order(self, do: Callable[[], T]) -> T:
        """Have it done on the simulator's thread, and wait for it."""
        answer: Future[T] = Future()

        def obey() -> None:
            try:
                answer.set_result(do())
            except Exception as error:  # noqa: BLE001 - it is raised where the order came from
                answer.set_exception(error)

        self._orders.put(obey)
        self._ring.send(b"!")
        return answer.result()

    def _run(self) -> None:
        while self._running:
            slow = self._bytes_per_s is not None
            busy = self._mechanism.can_work and not self._stalled
            ready = select.select(self._ears(), [], [], (_TICK_S if slow else 0) if busy else None)
            for ear in ready[0]:
                self._hear(ear)
            if not self._stalled:
                allowed = _MANY if self._bytes_per_s is None else self._bytes_per_s * _TICK_S
                self._mechanism.work(max(int(allowed), 1))
            self._suffer()

    def _suffer(self) -> None:
        mishap, self._mechanism.wire = self._mechanism.wire, None
        self._silent |= mishap == "silent"
        self._stalled |= mishap == "stall"
        if mishap == "unplug":
            self._unplug()

    def _ears(self) -> list[int]:
        ears = [self._bell.fileno()]
        if self._listener:
            ears.append(self._listener.fileno())
        if not self._stalled and self._mechanism.waiting < _BUFFER:
            ears += [*self._callers, *([self._line[0]] if self._line else [])]
        return ears

    def _hear(self, ear: int) -> None:
        if ear == self._bell.fileno():
            self._bell.recv(1)
            self._orders.get()()
        elif self._listener and ear == self._listener.fileno():
            caller = self._listener.accept()[0]
            caller.setblocking(False)
            self._callers[caller.fileno()] = caller
        elif ear in self._callers or (self._line and ear == self._line[0]):
            self._read(ear)

    def _read(self, ear: int) -> None:
        try:
            data = os.read(ear, 4096)
        except ConnectionResetError:
            data = b""
        if data:
            self._mechanism.receive(data, lambda answer: self._say(ear, answer))
        elif ear in self._callers:
            self._callers.pop(ear).close()

    def _say(self, ear: int, answer: bytes) -> None:
        if not self._silent and (ear in self._callers or (self._line and ear == self._line[0])):
            # a caller who hung up does not hear; reading will find that out
            with contextlib.suppress(ConnectionError):
                os.write(ear, answer)

    def _plug(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self._tcp_port))
            self._tcp_port = self._listener.getsockname()[1]
        if self._pty and self._line is None:
            self._line = os.openpty()
            tty.setraw(self._line[1])
            Path(self.path).symlink_to(os.ttyname(self._line[1]))

    def _unplug(self) -> None:
        for each in (self._listener, *self._callers.values()):
            if each:
                each.close()
        self._listener = None
        self._callers.clear()
        if self._line:
            Path(self.path).unlink()
            for end in self._line:
                os.close(end)
            self._line = None
