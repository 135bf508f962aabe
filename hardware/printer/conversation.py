"""What is said on one open link: status asked for, and data waited for until it is used up."""

import time

from hardware.printer import frames
from hardware.printer.frames import Status
from hardware.printer.link import Link

_GLANCE_S = 0.05  # between two looks at the status while the printer works


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
    """Questions and answers over a link.

    Every method raises `TimeoutError` when the printer is silent for `patience_s`, `OSError`
    when the link is broken, `Garbage` when what came cannot be an answer.
    """

    def __init__(self, link: Link, patience_s: float) -> None:
        self._link = link
        self._patience_s = patience_s
        self._owed = 0  # echoes asked for that have not come
        self._asked = False  # for an echo, ever

    def status(self) -> Status:
        """What the printer says of itself now, in real time."""
        return frames.decode(*(self._ask(n) for n in (1, 2, 3, 4)))

    def check(self) -> Status:
        """The status of a printer that can print; `Unable` if it cannot."""
        status = self.status()
        if status.trouble:
            raise Unable(status)
        return status

    def send(self, data: bytes) -> None:
        """Give the printer bytes to print."""
        self._link.write(data, self._patience_s)

    def used_up(self, within_s: float) -> None:
        """Return when the printer has used up all that was sent, and is well.

        `Unable` if it cannot go on, `Stuck` if it is well and still does not go on in time.
        """
        self.send(frames.ECHO)
        self._owed += 1
        self._asked = True
        deadline = time.monotonic() + within_s
        while self._owed:
            byte = self._link.read(_GLANCE_S)
            if byte is not None:
                self._take_echo(byte)
                continue
            self.check()
            if time.monotonic() > deadline and self._owed:
                self._owed = 0
                raise Stuck
        self.check()

    def watch(self, for_s: float) -> None:
        """Look at the status for so long; `Unable` as soon as it is not well."""
        deadline = time.monotonic() + for_s
        while (left := deadline - time.monotonic()) > 0:
            self.check()
            byte = self._link.read(min(_GLANCE_S, left))
            if byte is not None:
                self._take_echo(byte)
        self.check()

    def cancel(self) -> None:
        """Make the printer forget what it has not printed; returns when it has heard."""
        self.send(frames.CANCEL)
        self._ask(1)

    def _ask(self, n: int) -> int:
        self.send(frames.request(n))
        deadline = time.monotonic() + self._patience_s
        while True:
            byte = self._link.read(deadline - time.monotonic())
            if byte is None:
                raise TimeoutError("the printer is silent")
            if frames.is_status(byte):
                return byte
            self._take_echo(byte)

    def _take_echo(self, byte: int) -> None:
        if frames.is_echo(byte) and not self._asked:
            return  # late, for a job that broke off
        if not (frames.is_echo(byte) and self._owed):
            raise Garbage
        self._owed -= 1
