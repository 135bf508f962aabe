"""The reader of identity cards: places on the glass in, people out."""

import struct
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hardware.fault import Cure, DeviceFault
from hardware.id_reader import commands, text
from hardware.id_reader.commands import Command, Reason
from hardware.id_reader.frames import Decoder, Reply
from hardware.id_reader.text import Reading
from hardware.serial_port import PortGone, SerialPort

__all__ = ["IdReader", "NoPaper", "Reading", "Reason", "Unreadable"]

POLL_S = 0.3  # readers ask for at least 300 ms between two finds
_LOOK_UP_S = 0.05  # how soon a waiting command hears that it is cancelled
_BURST_BITS = 64 * 10  # a USB converter hands over 64 bytes at once: the longest pause in a frame


@dataclass(frozen=True)
class NoPaper:
    """No paper was placed in time, or nobody waits for it any more."""


@dataclass(frozen=True)
class Unreadable:
    """A paper lies there and could not be read; it has to be lifted and placed again."""

    reason: Reason


class IdReader:
    """An SDT / SAM-V reader on a serial port; for one thread at a time (its `Worker`).

    Nothing is opened before the first command. Every command may raise `DeviceFault`: `no_device`
    and `time_out` (replug), `invalid_data` (retry), `device_not_ready` and `hardware_error`
    (attendant). No fault is final: the next command opens the port again if need be, flushes it
    and asks for the status first. Source: docs/devices/id_reader.md.
    """

    def __init__(self, port: str, baudrate: int = 115200) -> None:
        self._port = SerialPort(port, baudrate)
        self._look_up_s = _LOOK_UP_S + _BURST_BITS / baudrate
        self._in_step = False  # whether the last command got its answer, so none can come late

    def read(self, cancel: threading.Event, timeout_s: float) -> Reading | NoPaper | Unreadable:
        """Give the paper that is placed within `timeout_s` seconds (one look at least).

        A paper that slips while it is placed is looked at twice. Many readers do not find a paper
        again that they have read: it must be lifted, or the reader `reset`.
        """
        until = time.monotonic() + timeout_s
        slipped = False
        try:
            while True:
                outcome = self._look(cancel)
                slips = outcome == Unreadable(Reason.SELECT_FAILED) and not slipped
                if not slips and not isinstance(outcome, NoPaper):
                    return outcome
                slipped = slipped or slips
                left = until - time.monotonic()
                if left <= 0 or cancel.wait(min(POLL_S, left)):
                    return outcome
        except _Cancelled:
            return NoPaper()

    def present(self) -> bool:
        """Whether a paper lies there, also one that was read already.

        Reading tells first: a selected paper can be read as long as it lies there, while a reader
        may refuse to find it again (80). A paper found is selected at once, for the next time.
        """
        reply = self._ask(commands.READ, _NEVER)
        if reply.code == commands.OK or _blame(reply).reason != Reason.READ_FAILED:
            return True
        if not self._found(_NEVER):
            return False
        self._ask(commands.SELECT, _NEVER)
        return True

    def status(self) -> None:
        """Return if the reader answers and its self-test passed."""
        if self._ask(commands.STATUS, _NEVER).code != commands.OK:
            raise _broken()

    def reset(self) -> bool:
        """Bring the reader to its first state; True if a paper lies on it (it moves none)."""
        with self._faults():
            self._port.open()
            self._exchange(commands.RESET, _NEVER)
            self._synchronise(_NEVER)
        return self.present()

    def sam_number(self) -> str:
        """Give the number of the security module: kind.version-day-serial-check, all decimal.

        Day, serial and check are little-endian words of 32 bits; the layout is [G], see the page.
        """
        data = self._ask(commands.SAM_NUMBER, _NEVER).data
        if not data:
            raise _broken()
        kind, version, day, serial, check = struct.unpack("<BBxxIII", data)
        return f"{kind:02}.{version:02}-{day:08}-{serial:010}-{check:010}"

    def close(self) -> None:
        """Let go of the port; the next command takes it again."""
        self._port.close()

    def _look(self, cancel: threading.Event) -> Reading | NoPaper | Unreadable:
        if not self._found(cancel):
            return NoPaper()
        selected = self._ask(commands.SELECT, cancel)
        if selected.code != commands.OK:
            return _blame(selected)
        reply = self._ask(commands.READ, cancel)
        if reply.code != commands.OK:
            return _blame(reply)
        return _understand(reply.data)

    def _found(self, cancel: threading.Event) -> bool:
        reply = self._ask(commands.FIND, cancel)
        if reply.code in commands.FIND.answers:
            return reply.code == commands.FOUND
        raise _broken()

    def _ask(self, command: Command, cancel: threading.Event) -> Reply:
        """Give the answer; a command whose answer got lost is repeated once after a good status."""
        with self._faults():
            if self._port.open() or not self._in_step:
                self._synchronise(cancel)
            try:
                return self._exchange(command, cancel)
            except _Lost:
                self._synchronise(cancel)
            try:
                return self._exchange(command, cancel)
            except _Lost as lost:
                if lost.damaged and command.of_paper:
                    return Reply(commands.CHECKSUM)
                raise

    def _synchronise(self, cancel: threading.Event) -> None:
        """Flush and ask for the status: readers answer in order, so nothing late can follow it.

        Asked twice: a reader that was left with half a command takes the first for its other half.
        """
        try:
            reply = self._exchange(commands.STATUS, cancel)
        except _Lost:
            reply = self._exchange(commands.STATUS, cancel)
        if reply.code == commands.SELF_TEST:  # any other answer shows at least that it listens
            self._in_step = False
            raise _broken()

    def _exchange(self, command: Command, cancel: threading.Event) -> Reply:
        if cancel.is_set():
            raise _Cancelled
        self._port.flush()
        self._in_step = False
        self._port.write(command.frame)
        decoder = Decoder()
        until = time.monotonic() + command.deadline(self._port.baudrate)
        for reply in self._replies(decoder, until, cancel):
            if command.accepts(reply):
                if reply.code in commands.GARBLED:
                    raise _Lost(noisy=True, damaged=True)
                self._in_step = True
                return reply
        raise _Lost(noisy=decoder.noisy, damaged=decoder.damaged)

    def _replies(self, decoder: Decoder, until: float, cancel: threading.Event) -> Iterator[Reply]:
        while (left := until - time.monotonic()) > 0:
            if cancel.is_set():
                raise _Cancelled
            data = self._port.read(min(left, self._look_up_s))
            yield from decoder.feed(data)
            if decoder.damaged and not data:
                break  # a frame came and was not whole, and nothing follows: why wait longer
        yield from decoder.rescue()

    @contextmanager
    def _faults(self) -> Generator[None]:
        try:
            yield
        except PortGone as gone:
            if gone.held:
                raise DeviceFault("id_reader", Cure.ATTENDANT, "device_not_ready") from gone
            raise DeviceFault("id_reader", Cure.REPLUG, "no_device") from gone
        except _Lost as lost:
            if lost.noisy:
                raise DeviceFault("id_reader", Cure.RETRY, "invalid_data") from None
            raise DeviceFault("id_reader", Cure.REPLUG, "time_out") from None


def _broken() -> DeviceFault:
    """Give the fault of a reader that answers, and says that it cannot."""
    return DeviceFault("id_reader", Cure.ATTENDANT, "hardware_error")


def _blame(reply: Reply) -> Unreadable:
    """Give why a paper was not read; a code of the reader's own is its fault."""
    meaning = commands.MEANINGS.get(reply.code)
    if meaning is None:
        return Unreadable(Reason.READ_FAILED)
    if meaning.reason is None:
        raise _broken()
    return Unreadable(meaning.reason)


def _understand(data: bytes) -> Reading | Unreadable:
    parts = text.split_payload(data)
    reading = Reason.INVALID_DATA if parts is None else text.parse(*parts)
    return Unreadable(reading) if isinstance(reading, Reason) else reading


class _Lost(Exception):  # noqa: N818 - what happened to the answer
    """No answer in time; `noisy` if something else came, `damaged` if a frame began."""

    def __init__(self, *, noisy: bool, damaged: bool) -> None:
        super().__init__()
        self.noisy = noisy
        self.damaged = damaged


class _Cancelled(Exception):  # noqa: N818 - nobody waits any more
    """The command was cancelled while it waited for its answer."""


_NEVER = threading.Event()
"""For commands that nobody cancels: they end within their deadlines."""
