"""The reader of identity cards: places on the glass in, people out."""

import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hardware.device import Capabilities, Media, State, Status
from hardware.fault import DeviceFault
from hardware.id_reader import commands, text
from hardware.id_reader.commands import Reason
from hardware.id_reader.conversation import Cancelled, Conversation, broken
from hardware.id_reader.frames import Reply
from hardware.id_reader.photo import PhotoDecoder
from hardware.id_reader.ports import Ports
from hardware.id_reader.text import Reading

__all__ = ["IdReader", "NoPaper", "Options", "Reading", "Reason", "Unreadable"]

_BY_ID = Ports()
POLL_S = 0.3  # readers ask for at least 300 ms between two finds


@dataclass(frozen=True)
class NoPaper:
    """No paper was placed in time, or nobody waits for it any more."""


@dataclass(frozen=True)
class Unreadable:
    """A paper lies there and could not be read; it has to be lifted and placed again."""

    reason: Reason


@dataclass(frozen=True)
class Options:
    """What is asked of a reader beside the text on the paper.

    `fingerprint`: read with the command that also gives fingerprints, which are dropped at once;
    a reader that knows only one of the two commands, or answers one as the other, is understood
    anyhow. `newest_address`: ask for the address that was written to the chip last, and take it
    for the printed one.
    `photo_command` opens photos, see `PhotoDecoder`; empty for none.
    """

    fingerprint: bool = False
    newest_address: bool = True
    photo_command: Sequence[str] = ()
    photo_deadline_s: float = 2.0


class IdReader:
    """An SDT / SAM-V reader on a serial port; for one thread at a time (its `Worker`).

    `port` "" looks for it on `ports`. Nothing is opened before the first command. Every command may
    raise `DeviceFault`: `no_device` and `time_out` (replug), `invalid_data` (retry),
    `device_not_ready` and `hardware_error` (attendant). No fault is final: the next command opens
    the port again if need be, flushes it and asks for the status first.
    Source: docs/devices/id_reader.md.
    """

    name = "id_reader"

    def __init__(
        self,
        port: str = "",
        baudrate: int = 115200,
        options: Options = Options(),
        ports: Ports = _BY_ID,
    ) -> None:
        self._talk = Conversation(port, baudrate, ports)
        self._options = options
        self._reading = commands.READ_FINGER if options.fingerprint else commands.READ
        self._without_address = 0  # the opening of the port whose reader does not know it
        self._photo = PhotoDecoder(options.photo_command, options.photo_deadline_s)

    @property
    def port(self) -> str:
        """Where it is; "" if it was not found yet."""
        return self._talk.path

    def capabilities(self) -> Capabilities:
        """Give what it is: a reader without contacts and without moving parts."""
        return Capabilities("card_reader", "contactless", frozenset({"identity", "photo"}))

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
        except Cancelled:
            return NoPaper()

    def present(self) -> bool:
        """Whether a paper lies there, also one that was read already.

        Reading tells first: a selected paper can be read as long as it lies there, while a reader
        may refuse to find it again (80). A paper found is selected at once, for the next time.
        What was read is not looked at, and not left in memory (docs/guardian.md).
        """
        reply = self._text(_NEVER)
        if reply.code == commands.OK or _blame(reply).reason != Reason.READ_FAILED:
            return True
        if not self._found(_NEVER):
            return False
        self._talk.ask(commands.SELECT, _NEVER)
        return True

    def status(self) -> Status:
        """Give ONLINE if the reader answers and its self-test passed."""
        if self._talk.ask(commands.STATUS, _NEVER).code != commands.OK:
            raise broken()
        return Status(State.ONLINE)

    def reset(self) -> Media:
        """Bring the reader to its first state; PRESENT if a paper lies on it (it moves none)."""
        self._talk.restart(_NEVER)
        return Media.PRESENT if self.present() else Media.NOT_PRESENT

    def sam_number(self) -> str:
        """Give the number of the security module: kind.version-day-serial-check, all decimal.

        Day, serial and check are little-endian words of 32 bits; the layout is [G], see the page.
        """
        data = self._talk.ask(commands.SAM_NUMBER, _NEVER).data
        if not data:
            raise broken()
        kind, version, day, serial, check = struct.unpack("<BBxxIII", data)
        return f"{kind:02}.{version:02}-{day:08}-{serial:010}-{check:010}"

    def close(self) -> None:
        """Let go of the port; the next command takes it again."""
        self._talk.close()

    def _look(self, cancel: threading.Event) -> Reading | NoPaper | Unreadable:
        if not self._found(cancel):
            return NoPaper()
        selected = self._talk.ask(commands.SELECT, cancel)
        if selected.code != commands.OK:
            return _blame(selected)
        reply = self._text(cancel)
        if reply.code != commands.OK:
            return _blame(reply)
        reading = text.decode(text.without_finger(reply.data))
        if isinstance(reading, Reason):
            return Unreadable(reading)
        return self._completed(reading, cancel)

    def _found(self, cancel: threading.Event) -> bool:
        reply = self._talk.ask(commands.FIND, cancel)
        if reply.code in commands.FIND.answers:
            return reply.code == commands.FOUND
        raise broken()

    def _text(self, cancel: threading.Event) -> Reply:
        """Give the answer to the reading this reader knows, perhaps with fingerprints."""
        reply = self._talk.ask(self._reading, cancel)
        if reply.code in commands.UNKNOWN:
            self._reading = _OTHER[self._reading]
            reply = self._talk.ask(self._reading, cancel)
        return reply

    def _completed(self, reading: Reading, cancel: threading.Event) -> Reading:
        """Add what is not in the text; whatever becomes of it, the reading is one."""
        address = self._newest_address(cancel) if reading.kind != "foreigner" else ""
        picture = self._photo.decode(reading.photo, cancel)
        return replace(reading, address=address or reading.address, picture=picture)

    def _newest_address(self, cancel: threading.Event) -> str:
        """Give it, or "": where there is none, and of a reader that does not know it."""
        opening = self._talk.openings
        if not self._options.newest_address or self._without_address == opening:
            return ""
        try:
            reply = self._talk.ask(commands.NEWEST_ADDRESS, cancel)
        except DeviceFault:  # silent, or unplugged: what was read was read
            self._without_address = opening
            return ""
        if reply.code in commands.UNKNOWN:
            self._without_address = opening
        return text.address(reply.data)


_OTHER = {commands.READ: commands.READ_FINGER, commands.READ_FINGER: commands.READ}


def _blame(reply: Reply) -> Unreadable:
    """Give why a paper was not read; a code of the reader's own is its fault."""
    meaning = commands.MEANINGS.get(reply.code)
    if meaning is None:
        return Unreadable(Reason.READ_FAILED)
    if meaning.reason is None:
        raise broken()
    return Unreadable(meaning.reason)


_NEVER = threading.Event()
"""For commands that nobody cancels: they end within their deadlines."""
