"""A slot with a card in it, without hardware: virtual cards that come to vpcd over TCP.

Wire (vsmartcard): u16 big-endian length, then the payload. One byte from vpcd: 00 power off,
01 power on, 02 reset, 04 give the answer to reset; anything else is a C-APDU. Only 04 and C-APDUs
are answered. vpcd polls with 04: a connection is a card in the slot.
"""

import contextlib
import math
import socket
import struct
import threading
import time
from collections.abc import Mapping
from typing import Self

from hardware.social_card import frames
from hardware.social_card.other_chips import VirtualChip
from hardware.wire.faults import Kind, WireFault
from hardware.wire.wire import Wire

_OFF, _ON, _RESET, _ATR = b"\x00", b"\x01", b"\x02", b"\x04"
_NO_ATR = b"\x00"  # vpcd takes an empty answer for an empty slot: this is a mute chip
_IN_PIECES = (Kind.HALVES, Kind.DRIP)
_AGAIN_S = 0.05  # between two tries to reach a pcscd that is away
_HAND_S = 0.5
"""A slot is empty at least so long: pcscd looks every 0.4 s, and one that misses a change may take
the card in the slot for none until it is pulled again (seen with 1.9.9 and vpcd)."""
_NAMES = {row.header[:2]: row.name for row in frames.COMMANDS} | {
    b"\x00\xa4": "select",
    b"\x84\x24": "secured",
    b"\x00\xc0": "get_response",
}
_BY_FILE = (b"\x00", b"\x02")  # P1 of SELECT


def command_name(command: bytes) -> str:
    """Give what a C-APDU is called in the language of faults."""
    name = _NAMES.get(command[:2], "other")
    if name == "select":
        return "select_file" if command[2:3] in _BY_FILE else "select_application"
    if name == "secured":
        return "reload" if command[3:4] == b"\x01" else "unblock"
    return name


class SocialCardSimulator:
    """Cards for the slot behind vpcd's `port`; may be told anything from any thread.

    One card is in at most; the others wait in `cards` by name. A context manager: on leaving the
    slot is empty. Each fault of the language happens to the answers to C-APDUs; to pull the plug
    is to pull the card.
    """

    def __init__(
        self, port: int, cards: Mapping[str, VirtualChip], host: str = "127.0.0.1"
    ) -> None:
        self.cards = dict(cards)
        self.wire = Wire(self._tear_out, self._power_cycle)
        self._address = (host, port)
        self._plugging = threading.RLock()
        self._visit: _Visit | None = None
        self._inserted = ""
        self._empty_since = -math.inf

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    @property
    def inserted(self) -> str:
        """The name of the card in the slot, "" for none."""
        visit = self._visit
        return self._inserted if visit is not None and not visit.over else ""

    def insert(self, name: str) -> None:
        """Put this card in, in place of any other; KeyError if there is none of this name."""
        card = self.cards[name]
        with self._plugging:
            self.remove()
            self._inserted = name
            empty_s = self._empty_since + _HAND_S - time.monotonic()
            self._visit = _Visit(self._address, card, self.wire, empty_s)

    def remove(self) -> None:
        """Pull the card, in the middle of a command too; nothing if there is none."""
        with self._plugging:
            visit, self._visit = self._visit, None
            self._inserted = ""
            if visit is not None:
                visit.end()
                self._empty_since = visit.ended_at

    def go_wrong(self, fault: WireFault) -> None:
        """Let it go wrong in this way from now on."""
        self.wire.go_wrong(fault)

    def go_right(self) -> None:
        """End every fault, and put the card that was torn out in again."""
        self.wire.go_right()
        if self._inserted and not self.inserted:
            self.insert(self._inserted)

    def tear_out(self, at: int, *, brown_out: bool = False) -> None:
        """Pull the card at the n-th C-APDU from now, counted from 1.

        The card has not carried it out; with `brown_out` it has, and its answer is lost.
        """
        visit = self._visit
        if visit is not None:
            visit.tear_out(at, brown_out=brown_out)

    def _tear_out(self) -> None:
        visit = self._visit
        if visit is not None:
            visit.end()

    def _power_cycle(self) -> None:
        visit = self._visit
        if visit is not None:
            visit.interrupt()


class _Visit:
    """The time a card is in the slot: it connects, again if pcscd was restarted, until pulled."""

    def __init__(
        self, address: tuple[str, int], card: VirtualChip, wire: Wire, empty_s: float
    ) -> None:
        self.ended_at = math.inf
        self._address = address
        self._card = card
        self._wire = wire
        self._atr = b""
        self._empty_s = empty_s  # how long the contacts stay open first
        self._owing = False  # whether vpcd waits for an answer that never comes
        self._pulled = threading.Event()
        self._lock = threading.Lock()  # guards the two below
        self._line: socket.socket | None = None
        self._countdown: tuple[int, bool] | None = None
        wire.on_change(self._changed)
        self._thread = threading.Thread(target=self._run, name="virtual-card", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether the card was pulled."""
        return self._pulled.is_set()

    def tear_out(self, at: int, *, brown_out: bool) -> None:
        with self._lock:
            self._countdown = (at, brown_out)

    def interrupt(self) -> None:
        """Let the contacts open for a moment."""
        with self._lock:
            if self._line is not None:
                self._empty_s = _HAND_S
                with contextlib.suppress(OSError):  # vpcd has hung up already
                    self._line.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Pull the card; waits for the thread unless it is the caller's own."""
        self._pulled.set()
        self._wire.interrupt()
        self.interrupt()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _changed(self) -> None:
        if self._owing:  # as a reader that gives up on a silent card
            self.interrupt()

    def _run(self) -> None:
        while not self._pulled.wait(max(0.0, self._empty_s)):
            self._empty_s = 0.0
            try:
                with socket.create_connection(self._address) as line:
                    self._serve(line)
            except OSError:  # pcscd is away, or went
                self._pulled.wait(_AGAIN_S)
            self._card.power_off()
        self._wire.forget(self._changed)
        self.ended_at = time.monotonic()

    def _serve(self, line: socket.socket) -> None:
        with self._lock:
            self._line = line
        try:
            self._atr, self._owing = self._card.power_on(), False
            while not self.over and (payload := _receive(line)) is not None:
                self._hear(line, payload)
        finally:
            with self._lock:
                self._line = None

    def _hear(self, line: socket.socket, payload: bytes) -> None:
        if payload == _ATR:
            _Framed(line).send(self._atr or _NO_ATR)
        elif payload in (_ON, _RESET):
            self._atr = self._card.power_on()
        elif payload == _OFF:
            self._card.power_off()
        else:
            self._obey(line, payload)

    def _obey(self, line: socket.socket, command: bytes) -> None:
        passage = self._wire.heard(command_name(command))
        torn, brown_out = self._torn()
        reply = b""
        if not (passage.deaf or passage.cut) and (brown_out or not torn):
            reply = self._card.transmit(command)
        if torn:
            self.end()
            return
        framed = _Framed(line, len(reply) if self._wire.fault.kind in _IN_PIECES else None)
        passage.deliver(framed, command, reply)
        self._owing = not framed.sent

    def _torn(self) -> tuple[bool, bool]:
        """Whether the card is pulled at this command, and whether it still carries it out."""
        with self._lock:
            if self._countdown is None:
                return False, False
            left, brown_out = self._countdown
            self._countdown = (left - 1, brown_out)
            return left <= 1, brown_out


class _Framed:
    """Puts the length before an answer: of what is sent first, or `whole` if more will follow."""

    def __init__(self, line: socket.socket, whole: int | None = None) -> None:
        self._line = line
        self._whole = whole
        self.sent = False

    def send(self, data: bytes) -> None:
        """Send a piece of the answer; nothing if vpcd is gone."""
        size = len(data) if self._whole is None else self._whole
        head = b"" if self.sent else struct.pack(">H", size)
        self.sent = True
        with contextlib.suppress(OSError):  # the next receive ends the visit
            self._line.sendall(head + data)


def _receive(line: socket.socket) -> bytes | None:
    """Give the next payload; none when vpcd has hung up."""
    head = _take(line, 2)
    return None if head is None else _take(line, struct.unpack(">H", head)[0])


def _take(line: socket.socket, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        # vpcd writes length and body apart: without this each command waits 40 ms for an ACK.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        more = line.recv(size - len(data))
        if not more:
            return None
        data += more
    return data
