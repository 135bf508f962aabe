"""Questions and answers on the reader's port: which answer is whose, and what is a fault."""

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from hardware.fault import Cure, DeviceFault
from hardware.id_reader import commands
from hardware.id_reader.commands import Command
from hardware.id_reader.frames import Decoder, Reply
from hardware.id_reader.ports import Ports
from hardware.serial_port import PortGone, SerialPort

_LOOK_UP_S = 0.05  # how soon a waiting command hears that it is cancelled
_BURST_BITS = 64 * 10  # a USB converter hands over 64 bytes at once: the longest pause in a frame


class Conversation:
    """The commands of one reader, one at a time.

    `path` is its port; "" looks for one of `ports` where a reader answers, and keeps it until it
    is gone. Nothing is opened before the first command. `ask` and `restart` raise `DeviceFault`
    (see `IdReader`) and `Cancelled`.
    """

    def __init__(self, path: str, baudrate: int, ports: Ports) -> None:
        self._port = SerialPort(path, baudrate)
        self._ports = None if path else ports
        self._look_up_s = _LOOK_UP_S + _BURST_BITS / baudrate
        self._in_step = False  # whether the last command got its answer, so none can come late
        self.openings = 0
        """How often the port was opened: each time it may lead to another reader."""

    @property
    def path(self) -> str:
        """Where the reader is; "" if it is still looked for."""
        return self._port.path

    def ask(self, command: Command, cancel: threading.Event) -> Reply:
        """Give the answer; a command whose answer got lost is repeated once after a good status."""
        with self._faults():
            if self._opened(cancel) or not self._in_step:
                self._synchronise(cancel)
            try:
                return self._exchange(command, cancel)
            except Lost:
                self._synchronise(cancel)
            try:
                return self._exchange(command, cancel)
            except Lost as lost:
                if lost.damaged and command.of_paper:
                    return Reply(commands.CHECKSUM)
                raise

    def restart(self, cancel: threading.Event) -> None:
        """Reset the reader, and make sure that it is there again."""
        with self._faults():
            self._opened(cancel)
            self._exchange(commands.RESET, cancel)
            self._synchronise(cancel)

    def close(self) -> None:
        """Let go of the port; the next command takes it again."""
        self._port.close()

    def _opened(self, cancel: threading.Event) -> bool:
        """Make the port usable; True if it was opened anew."""
        anew = self._open(cancel)
        self.openings += anew
        return anew

    def _open(self, cancel: threading.Event) -> bool:
        """Make the port usable, found anew if need be; True if it may lead to a fresh reader."""
        if self._ports is None:
            return self._port.open()
        if self._port.path:
            try:
                return self._port.open()
            except PortGone as gone:
                if gone.held:
                    raise
        return self._find(self._ports, cancel)

    def _find(self, ports: Ports, cancel: threading.Event) -> bool:
        """Ask on one port after the other for the status; one that another holds is left alone."""
        for path in ports.free():
            self._port.path = path
            try:
                self._port.open()
                self._synchronise(cancel)
            except (PortGone, Lost):
                self._port.close()
            else:
                return True
        self._port.path = ""
        raise PortGone(held=False)

    def _synchronise(self, cancel: threading.Event) -> None:
        """Flush and ask for the status: readers answer in order, so nothing late can follow it.

        Asked twice: a reader that was left with half a command takes the first for its other half.
        """
        try:
            reply = self._exchange(commands.STATUS, cancel)
        except Lost:
            reply = self._exchange(commands.STATUS, cancel)
        if reply.code == commands.SELF_TEST:  # any other answer shows at least that it listens
            self._in_step = False
            raise broken()

    def _exchange(self, command: Command, cancel: threading.Event) -> Reply:
        if cancel.is_set():
            raise Cancelled
        self._port.flush()
        self._in_step = False
        self._port.write(command.frame)
        decoder = Decoder()
        until = time.monotonic() + command.deadline(self._port.baudrate)
        for reply in self._replies(decoder, until, cancel):
            if command.accepts(reply):
                if reply.code in commands.GARBLED:
                    raise Lost(noisy=True, damaged=True)
                self._in_step = True
                return reply
        raise Lost(noisy=decoder.noisy, damaged=decoder.damaged)

    def _replies(self, decoder: Decoder, until: float, cancel: threading.Event) -> Iterator[Reply]:
        """Give what comes until then, and what has come by then: a busy host is no mute reader."""
        late = False
        while not late:
            if cancel.is_set():
                raise Cancelled
            left = until - time.monotonic()
            late = left <= 0
            data = self._port.read(min(max(left, 0.0), self._look_up_s))
            yield from decoder.feed(data)
            if decoder.damaged and not data:
                break  # a frame came and was not whole, and nothing follows: why wait longer
        yield from decoder.rescue()

    @contextmanager
    def _faults(self) -> Generator[None]:
        try:
            yield
        except PortGone as gone:
            raise gone.fault("id_reader") from gone
        except Lost as lost:
            if lost.noisy:
                raise DeviceFault("id_reader", Cure.RETRY, "invalid_data") from None
            raise DeviceFault("id_reader", Cure.REPLUG, "time_out") from None


def broken() -> DeviceFault:
    """Give the fault of a reader that answers, and says that it cannot."""
    return DeviceFault("id_reader", Cure.ATTENDANT, "hardware_error")


class Lost(Exception):  # noqa: N818 - what happened to the answer
    """No answer in time; `noisy` if something else came, `damaged` if a frame began."""

    def __init__(self, *, noisy: bool, damaged: bool) -> None:
        super().__init__()
        self.noisy = noisy
        self.damaged = damaged


class Cancelled(Exception):  # noqa: N818 - nobody waits any more
    """The command was cancelled while it waited for its answer."""
