"""The reader kept in step: each command is answered or known to be lost, and where the card is.

A command whose answer was lost is followed by the question where the card is, and is never sent
again blindly. Source: docs/devices/card_transport.md.
"""

import contextlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

from hardware.card_transport import commands
from hardware.card_transport.commands import Command, Refusal
from hardware.card_transport.frames import Reply
from hardware.card_transport.link import Link, Lost
from hardware.card_transport.position import Event, Position, after
from hardware.card_transport.profile import Profile
from hardware.fault import Cure, DeviceFault
from hardware.serial_port import PortGone, SerialPort

NAME = "card_transport"
T = TypeVar("T")


class Refused(DeviceFault):
    """The device answered, and said no."""

    def __init__(self, row: Refusal) -> None:
        super().__init__(NAME, row.cure, row.detail)
        self.row = row


class Interrupted(Exception):  # noqa: N818 - what happened to the command
    """Nobody knows whether the command was done; the device is back in step."""

    def __init__(self, fault: DeviceFault) -> None:
        super().__init__()
        self.fault = fault


class Reader:
    """One reader; for one thread. Every method but `close` raises `DeviceFault`.

    `position` is where the card is as the device said last, `in_step` whether the last command got
    its answer, so that none can come late; `gate_open` and `powered` what it was told last, and
    taken back whenever it was lost.
    """

    def __init__(self, port: str, baudrate: int, profile: Profile) -> None:
        self._port = SerialPort(port, baudrate)
        self._link = Link(self._port, profile)
        self.position = Position.UNKNOWN
        self.in_step = False
        self.gate_open = False
        self.powered = False

    def close(self) -> None:
        """Let go of the port; the next command takes it again."""
        self._port.close()

    def ask(self, command: Command, data: bytes = b"") -> Reply:
        """Give the reply of a command that was done, and note what it says of the card.

        When its answer was lost the device is brought back into step, which ends with knowing
        where the card is. A command that may be done twice is then sent again, unless all was
        silent; any other is `Interrupted`. One that the device does not do is `Refused`.
        """
        with self._faults():
            fresh = self._port.open()
            if fresh or not self.in_step:
                self._synchronise(clear=not fresh)
            try:
                return self._say(command, data)
            except (Lost, _NotReset) as trouble:
                if command.repeatable and isinstance(trouble, Lost) and not trouble.noisy:
                    raise  # it was asked three times, and all was silent
                self._synchronise(clear=True)
                if not command.repeatable:
                    raise Interrupted(_fault_of(trouble)) from None
            return self._say(command, data)

    def look(self) -> Position:
        """Ask where the card is."""
        self.ask(commands.STATUS)
        if self.position is Position.UNKNOWN:
            raise invalid()
        return self.position

    def twice(self, deed: Callable[[], T]) -> T:
        """Do it, and begin again if the device was lost on the way and is back.

        So `deed` must begin with where the card is now.
        """
        try:
            return deed()
        except Interrupted:
            pass
        try:
            return deed()
        except Interrupted as interrupted:
            raise interrupted.fault from None

    def note(self, event: Event) -> None:
        """Take down what was heard of the card."""
        self.position = after(self.position, event)

    def _synchronise(self, *, clear: bool) -> None:
        """Bring a device that was lost to a known state, and learn where the card is."""
        self.note(Event.LOST)
        if clear:
            self._link.clear()
        try:
            self._say(commands.STATUS)
        except _NotReset:
            self.powered = False
            self._say(commands.INITIALISE_LEAVE)
        self._say(commands.FORBID)
        self.gate_open = False
        if self.powered:
            with contextlib.suppress(Refused):  # "it has no power" is what is wanted
                self._say(commands.POWER_OFF)
            self.powered = False

    def _say(self, command: Command, data: bytes = b"") -> Reply:
        self.in_step = False
        self.powered = self.powered or command is commands.COLD_RESET
        reply = self._link.exchange(command, data)
        self.in_step = True
        if not reply.refused:
            for event in commands.events(command, reply):
                self.note(event)
            return reply
        if reply.words == commands.NOT_RESET:
            raise _NotReset
        refusal = commands.REFUSALS.get(reply.words, commands.UNLISTED)
        if refusal.event is not None:
            self.note(refusal.event)
        raise Refused(refusal)

    @contextmanager
    def _faults(self) -> Generator[None]:
        try:
            yield
        except PortGone as gone:
            self.in_step = False
            self.note(Event.LOST)
            raise gone.fault(NAME) from gone
        except (Lost, _NotReset) as trouble:
            self.note(Event.LOST)
            raise _fault_of(trouble) from None


class _NotReset(Exception):  # noqa: N818 - what the device said
    """The device lost its power and did nothing of what it was asked."""


def jammed() -> DeviceFault:
    """Give the fault of a card that is stuck."""
    return DeviceFault(NAME, Cure.ATTENDANT, "media_jam")


def invalid() -> DeviceFault:
    """Give the fault of a device that says what it cannot say."""
    return DeviceFault(NAME, Cure.RETRY, "invalid_data")


def _fault_of(trouble: Lost | _NotReset) -> DeviceFault:
    if isinstance(trouble, _NotReset):
        return DeviceFault(NAME, Cure.RETRY, "device_not_ready")
    return invalid() if trouble.noisy else DeviceFault(NAME, Cure.REPLUG, "time_out")
