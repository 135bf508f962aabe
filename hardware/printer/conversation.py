"""What is said on one open link: status asked for, and data waited for until it is used up."""

import time
from contextlib import suppress

from hardware.printer import frames
from hardware.printer.answers import Heard, Sorter
from hardware.printer.frames import Status
from hardware.printer.link import Link

_GLANCE_S = 0.05  # between two looks at the status while the printer works
_HUSH_S = 0.02  # in which answers to somebody before us show themselves
_GREETINGS = 3
_LATE = 4  # echoes not asked for: one of a job before, three of a report cut off by the opening
_MOST = 256  # bytes read between two commands; more is no printer
_IN_THE_WAY = 8192  # bytes that the system and the line take before they stop taking


class Garbage(Exception):  # noqa: N818 - what came
    """The printer sent a byte that answers nothing."""


class Unable(Exception):  # noqa: N818 - what it says
    """The printer says that it cannot print; `status` tells why."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.trouble)
        self.status = status


class Stuck(Exception):  # noqa: N818 - what it is
    """The printer is well, and does not go on with what it was sent."""


class Conversation:
    """Questions and answers over a link that brings `bytes_per_s` to the printer.

    Every method raises `TimeoutError` when the printer is silent for `patience_s` from when the
    link has brought it the question, `OSError` when the link is broken, `Garbage` when what came
    cannot be an answer.
    """

    def __init__(self, link: Link, patience_s: float, bytes_per_s: float) -> None:
        self.bytes_per_s = bytes_per_s
        self._link = link
        self._patience_s = patience_s
        self._glance_s = min(_GLANCE_S, patience_s / 10)
        self._arrives = 0.0  # when all that was sent has reached the printer
        self._sorter = Sorter()
        self._owed = 0  # echoes asked for that have not come
        self._asked = False  # for an echo, ever
        self._late = _LATE
        self._reported: Status | None = None  # the first trouble that came unasked

    def greet(self) -> None:
        """Hear the printer, and let by what still answers somebody before us."""
        hush_s = min(_HUSH_S, self._glance_s)
        for _ in range(_GREETINGS):
            self._sorter = Sorter()
            self._hear_out(0)
            with suppress(Garbage):  # of before; the printer's own comes again
                self._ask(1)
                if not self._hear_out(hush_s):
                    self._reported = None  # the status asked next tells what is so now
                    return
            hush_s *= 2
        raise Garbage

    def status(self) -> Status:
        """What the printer says of itself now, in real time."""
        return frames.decode(*(self._ask(n) for n in (1, 2, 3, 4)))

    def check(self) -> Status:
        """The status of a printer that can print; `Unable` if it cannot, or once could not."""
        status = self.status()
        for each in (status, self._reported):
            if each and each.trouble:
                raise Unable(each)
        return status

    def send(self, data: bytes) -> None:
        """Give the printer bytes to print."""
        now = time.monotonic()
        self._arrives = max(self._arrives, now) + len(data) / self.bytes_per_s
        self._link.write(data, self._patience_s + _IN_THE_WAY / self.bytes_per_s)

    def used_up(self, within_s: float) -> None:
        """Return when the printer has used up all that was sent, and is well.

        `within_s` counts from when it has it all. `Unable` if it cannot go on, `Stuck` if it is
        well and still does not go on in time.
        """
        self.send(frames.ECHO)
        self._owed += 1
        self._asked = True
        deadline = self._arrives + within_s
        while self._owed:
            byte = self._link.read(self._glance_s)
            if byte is None:
                self.check()
            else:
                self._note(self._sorter.take(byte))
            if self._owed and time.monotonic() > deadline:
                self._owed = 0
                raise Stuck
        self.check()

    def watch(self, for_s: float) -> None:
        """Look at the status for so long; `Unable` as soon as it is not well."""
        deadline = time.monotonic() + for_s
        while (left := deadline - time.monotonic()) > 0:
            self.check()
            byte = self._link.read(min(self._glance_s, left))
            if byte is not None:
                self._note(self._sorter.take(byte))
        self.check()

    def cancel(self) -> None:
        """Make the printer forget what it has not printed; returns when it has heard."""
        self.send(frames.CANCEL)
        self._ask(1)

    def _ask(self, n: int) -> int:
        """A status byte says nothing of n: it is told by order, so none may be there before."""
        self._note_all()
        self.send(frames.request(n))
        deadline = self._arrives + self._patience_s
        while (left := deadline - time.monotonic()) > 0:
            byte = self._link.read(left)
            heard = None if byte is None else self._sorter.take(byte)
            if heard and heard.kind == "status":
                return heard.data[0]
            self._note(heard)
        raise TimeoutError("the printer is silent")

    def _hear_out(self, hush_s: float) -> bool:
        """Read until nothing comes for so long; True if an answer was among it."""
        heard = False
        for _ in range(_MOST):
            byte = self._link.read(hush_s)
            if byte is None:
                return heard
            heard = heard or not frames.begins_report(byte)
        raise Garbage

    def _note_all(self) -> None:
        for _ in range(_MOST):
            byte = self._link.read(0)
            if byte is None:
                return
            self._note(self._sorter.take(byte))
        raise Garbage

    def _note(self, heard: Heard | None) -> None:
        if heard is None:
            return
        if heard.kind == "report":
            status = frames.decode_report(heard.data)
            if status.trouble and self._reported is None:
                self._reported = status
        elif heard.kind == "echo" and self._owed:
            self._owed -= 1
        elif heard.kind == "echo" and self._late and not self._asked:
            self._late -= 1
        else:
            raise Garbage
