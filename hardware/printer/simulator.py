"""A receipt printer on a real TCP port and, if wanted, on ptys: a serial line, a USB device."""

import queue
import select
import socket
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple, Self, TypeVar

from PIL import Image

from hardware.printer.doors import Caller, Socket
from hardware.printer.mechanism import BUFFER, Mechanism, Mishap, PaperState
from hardware.wire.faults import Kind, WireFault
from hardware.wire.wire import Passage, Wire

T = TypeVar("T")
Door = Caller | Socket

_DOTS = {58: 384, 80: 576}
_USB_BAUDRATE = 10_000_000  # bits a second as of a serial line: 1 MB/s, a full-speed bulk pipe
_TICK_S = 0.01  # of a slow printer
_MANY = 1 << 30
_ALL = 0xFF


class _Answer(NamedTuple):
    """What is still to be said, by whom, and what was wrong with the wire when it arose."""

    door: Door
    passage: Passage
    fault: WireFault
    sent: bytes
    reply: bytes


class PrinterSimulator:
    """A printer that can be emptied, opened, jammed and unplugged, and whose wire goes wrong.

    `address` is its TCP door on 127.0.0.1; with `baudrate` there is a serial one at `path`, with
    `usb` one like a device file at `device`: links that stay the same when it is plugged again.
    In the language of wire faults its commands are `status`, `cancel` and `echo`, which are
    answered, and `line`, `picture`, `symbol` and `cut`, which are not. It stays powered while
    unplugged, and prints what it has. `buffer` is how many bytes it holds; where nothing stops
    the host, more are lost. All methods may be called from any thread and have taken effect when
    they return. Use it as a context manager, or call `start` and `stop`.
    """

    def __init__(
        self,
        width_mm: int = 80,
        *,
        tcp_port: int = 0,
        baudrate: int | None = None,
        usb: bool = False,
        buffer: int = BUFFER,
    ) -> None:
        self.wire = Wire(self.unplug, self.power_cycle)
        self._mechanism = Mechanism(_DOTS[width_mm], self.wire, buffer)
        self._tcp_port = tcp_port
        self._folder = tempfile.TemporaryDirectory(prefix="printer-")
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._bell, self._ring = socket.socketpair()
        self._listener: socket.socket | None = None
        self._callers: dict[int, Caller] = {}
        serial = [Socket(Path(self.path), baudrate, self._arrive, self.wire)] if baudrate else []
        file = Socket(self._device, _USB_BAUDRATE, self._arrive, self.wire)
        self._sockets = [*serial, *([file] if usb else [])]
        self._bytes_per_s: int | None = None
        self._running = True
        self._thread = threading.Thread(target=self._run, name="printer-simulator", daemon=True)
        self._answers: queue.SimpleQueue[_Answer | Future[None] | None] = queue.SimpleQueue()
        self._mouth = threading.Thread(target=self._speak, name="printer-mouth", daemon=True)

    def start(self) -> Self:
        """Open the doors."""
        self._plug()
        self.wire.on_change(self._wake)
        self._mouth.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close everything; the slips stay readable no longer."""

        def end() -> None:
            self._running = False

        self.wire.go_right()
        self._order(end)
        self._thread.join()
        self.wire.forget(self._wake)
        self._unplug()
        self._answers.put(None)
        self._mouth.join()
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
        """The serial path; there is something behind it if `baudrate` was given."""
        return str(Path(self._folder.name) / "line")

    @property
    def device(self) -> str:
        """`usb:` and the device file; there is something behind it if `usb` was asked for."""
        return f"usb:{self._device}"

    @property
    def _device(self) -> Path:
        return Path(self._folder.name) / "lp0"

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

    @property
    def used(self) -> int:
        """Bytes that it ever used up."""
        return self._order(lambda: self._mechanism.used)

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

    def slow(self, bytes_per_s: int | None) -> None:
        """Print so many bytes a second; None is as fast as it can."""
        self._order(lambda: setattr(self, "_bytes_per_s", bytes_per_s))

    def fail_after(
        self, mishap: Mishap, *, lines: int | None = None, bytes_: int | None = None
    ) -> None:
        """Let it happen in mid-slip: after so many more lines of dots, or bytes used up."""
        self._order(lambda: self._mechanism.fail_after(mishap, lines=lines, bytes_=bytes_))

    def knows(self, *, echo: bool = True, forget: bool = True) -> None:
        """Whether it knows GS r, and whether DLE ENQ empties its buffer whatever the trouble."""

        def learn() -> None:
            self._mechanism.echoes, self._mechanism.forgets = echo, forget

        self._order(learn)

    def report(self, *, always: bool) -> None:
        """Whether it sends a report (ASB) at each change even when it was told not to."""

        def set_switch() -> None:
            self._mechanism.reports = _ALL if always else 0
            self._mechanism.stubborn = always

        self._order(set_switch)

    def say(self, data: bytes) -> None:
        """Send something that nobody asked for, through every open door."""

        def send() -> None:
            for door in (*self._callers.values(), *self._sockets):
                door.send(data)

        self._order(send)

    def go_wrong(self, fault: WireFault) -> None:
        """Let it go wrong in this way from now on."""
        self.wire.go_wrong(fault)

    def go_right(self) -> None:
        """End every fault of the wire, an unplugged cable too, and say what still waits."""
        self.wire.go_right()
        self.plug()
        said: Future[None] = Future()
        self._answers.put(said)
        said.result()

    def unplug(self) -> None:
        """Pull the cable: links break, nobody gets through. The printer itself stays on."""
        self.wire.interrupt()
        self._order(self._unplug)

    def plug(self) -> None:
        """Put the cable back, at the same address and paths."""
        self._order(self._plug)

    def power_cycle(self) -> None:
        """Take its power away for a moment: links break, and its buffer is empty."""

        def cycle() -> None:
            self._unplug()
            self._mechanism.power_on()
            self._plug()

        self.wire.interrupt()
        self._order(cycle)

    def _sense(self, name: str, on: bool) -> None:  # noqa: FBT001 - a switch
        self._order(lambda: setattr(self._mechanism.sensors, name, on))

    def _order(self, do: Callable[[], T]) -> T:
        """Have it done on the simulator's thread, and wait for it."""
        if threading.current_thread() is self._thread:
            return do()
        answer: Future[T] = Future()

        def obey() -> None:
            try:
                answer.set_result(do())
            except Exception as error:  # noqa: BLE001 - it is raised where the order came from
                answer.set_exception(error)

        self._post(obey)
        return answer.result()

    def _post(self, do: Callable[[], None]) -> None:
        self._orders.put(do)
        self._ring.send(b"!")

    def _wake(self) -> None:
        self._post(lambda: None)

    def _run(self) -> None:
        while self._running:
            slow = self._bytes_per_s is not None
            busy = self._mechanism.can_work
            ready = select.select(self._ears(), [], [], (_TICK_S if slow else 0) if busy else None)
            for ear in ready[0]:
                self._hear(ear)
            allowed = _MANY if self._bytes_per_s is None else self._bytes_per_s * _TICK_S
            self._mechanism.work(max(int(allowed), 1))
            self._pull()
            if (news := self._mechanism.news()) and self.wire.fault.kind is Kind.NONE:
                self.say(news)

    def _pull(self) -> None:
        due, self._mechanism.due = self._mechanism.due, None
        if due:
            due()

    def _ears(self) -> list[int]:
        ears = [self._bell.fileno()]
        if self._listener:
            ears.append(self._listener.fileno())
        if not self.wire.half_open and not self._mechanism.full:
            ears += self._callers
        return ears

    def _hear(self, ear: int) -> None:
        if ear == self._bell.fileno():
            self._bell.recv(1)
            self._orders.get()()
        elif self._listener and ear == self._listener.fileno():
            caller = Caller(self._listener.accept()[0])
            self._callers[caller.fd] = caller
        elif caller := self._callers.get(ear):
            if data := caller.read():
                self._take(caller, data)
            else:
                self._callers.pop(ear).close()

    def _arrive(self, door: Door, data: bytes) -> None:
        """On a line's own thread."""
        self._post(lambda: self._take(door, data))

    def _take(self, door: Door, data: bytes) -> None:
        def answer(passage: Passage, sent: bytes, reply: bytes) -> None:
            self._answers.put(_Answer(door, passage, self.wire.fault, sent, reply))

        self._mechanism.receive(data, answer)
        self._pull()

    def _speak(self) -> None:
        """Say answers in order; one that was late when its fault ended comes at once."""
        while (item := self._answers.get()) is not None:
            if isinstance(item, Future):
                item.set_result(None)
            elif item.fault is self.wire.fault:
                item.passage.deliver(item.door, item.sent, item.reply)
            else:
                item.door.send(item.reply)

    def _plug(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self._tcp_port))
            self._tcp_port = self._listener.getsockname()[1]
        for each in self._sockets:
            each.plug()

    def _unplug(self) -> None:
        if self._listener:
            self._listener.close()
            self._listener = None
        while self._callers:
            self._callers.popitem()[1].close()
        for each in self._sockets:
            each.close()
