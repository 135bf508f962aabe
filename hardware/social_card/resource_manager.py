"""pcscd as the driver needs it: a context of its own, an end to every call, faults with cures.

Over pyscard's `smartcard.scard` alone: its CardMonitor and its contexts do not outlive a pcscd that
is restarted. Source: docs/devices/social_card.md.
"""

import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from hardware.chip import ChipGone, ChipMute
from hardware.fault import Cure, DeviceFault
from hardware.social_card.pcsc_codes import (
    CODE,
    GONE,
    MUTE,
    OK,
    PCI,
    PROTOCOLS,
    SERVICE,
    fault_of,
    scard,
)
from hardware.social_card.watchdog import Watchdog

NOTIFICATION = "\\\\?PnP?\\Notification"
"""The name under which pcscd tells that readers come and go."""

_PAUSE_S = 0.05
_ANSWER_S = 3.0  # for what pcscd answers by itself
_SOCKET = "pcscd.comm"


@dataclass(frozen=True)
class Handle:
    """A card that is powered for us alone."""

    number: int
    protocol: int
    atr: bytes


class ResourceManager:
    """pcscd's client; for one thread at a time.

    Nothing is opened before the first call. A context whose pcscd was restarted is made anew, once
    a call; a call that hangs is ended by shutting its socket, so the thread never hangs for ever.
    Raises `DeviceFault`: `offline` (retry), `no_device` and `time_out` (replug),
    `device_not_ready` and `hardware_error` (attendant); `connect` and `transmit` also `ChipGone`.
    """

    def __init__(self, device: str, transmit_s: float) -> None:
        self._device = device
        self._transmit_s = transmit_s
        self._context: int | None = None
        self._made = 0
        self._hung = False  # whether a card may still be held by a call of ours that was ended
        self._opening: Future[_Opened] | None = None
        self._own: frozenset[int] = frozenset()  # the context's socket
        self._watchdog = Watchdog(f"{device}-watchdog", self._shut_sockets)

    @property
    def contexts(self) -> int:
        """How many contexts were made: another number is perhaps another pcscd."""
        return self._made

    def readers(self) -> list[str]:
        """Give the names of all readers."""
        code, names = self._ask(lambda context: scard.SCardListReaders(context, []), _ANSWER_S)
        if code == scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        self._require(code)
        return list(names)

    def states(self, known: Sequence[tuple[str, int]], wait_s: float) -> list[int]:
        """Give the state of each reader as soon as one is not as known, after `wait_s` at most."""
        within = round(wait_s * 1000)
        rows = [(name, state & ~scard.SCARD_STATE_CHANGED) for name, state in known]
        code, states = self._ask(
            lambda context: scard.SCardGetStatusChange(context, within, rows), wait_s + _ANSWER_S
        )
        if code != scard.SCARD_E_TIMEOUT:
            self._require(code)
        return [state for _, state, _ in states]

    def connect(self, reader: str) -> Handle:
        """Power the card for our own use alone; also raises `ChipMute`."""
        until = time.monotonic() + self._transmit_s
        while (answer := self._connect(reader))[0] == scard.SCARD_E_SHARING_VIOLATION:
            if not self._hung:
                break
            if time.monotonic() > until:
                raise self._time_out()
            time.sleep(_PAUSE_S)  # it is ourselves: pcscd has not ended yet the call that was cut
        code, number, protocol = answer
        if code in MUTE:
            raise ChipMute
        self._require_card(code)
        self._hung = False
        try:
            status = self._guarded(lambda: scard.SCardStatus(number), _ANSWER_S)
            self._require_card(status[0])
        except (ChipGone, DeviceFault):
            self.disconnect(Handle(number, protocol, b""))
            raise
        return Handle(number, protocol, bytes(status[4]))

    def transmit(self, handle: Handle, command: bytes | bytearray) -> bytes:
        """Give what the card answers to one command; nothing is repeated."""
        values = list(command)
        try:
            code, reply = self._guarded(
                lambda: scard.SCardTransmit(handle.number, PCI[handle.protocol], values),
                self._transmit_s,
            )
        except DeviceFault:
            self._hung = True
            raise
        finally:
            values[:] = bytes(len(values))
        # Without power since; or a success without a byte, vpcd's when it loses the card just now.
        if code in MUTE or (code == OK and not reply):
            raise ChipGone
        self._require_card(code)
        return bytes(reply)

    def disconnect(self, handle: Handle) -> None:
        """Take the card's power, and with it all that it granted; raises nothing."""
        with suppress(DeviceFault):  # then pcscd resets the card when the context goes
            number = handle.number
            code = self._guarded(
                lambda: [scard.SCardDisconnect(number, scard.SCARD_UNPOWER_CARD)], _ANSWER_S
            )[0]
            if code == OK:
                return
        self._drop()

    def close(self) -> None:
        """Let go of pcscd; the next call finds it again."""
        self._drop()
        self._watchdog.close()

    def _connect(self, reader: str) -> Sequence[Any]:
        exclusive = scard.SCARD_SHARE_EXCLUSIVE
        try:
            return self._ask(
                lambda context: scard.SCardConnect(context, reader, exclusive, PROTOCOLS),
                self._transmit_s,
            )
        except DeviceFault:
            self._hung = True
            raise

    def _ask(self, call: Callable[[int], Sequence[Any]], within_s: float) -> Sequence[Any]:
        """Give the answer to a question that may be asked again of a pcscd that is new."""
        known = self._context
        answer = self._ask_once(call, within_s)
        if answer[0] in SERVICE.codes and known is not None:
            self._drop()
            answer = self._ask_once(call, within_s)
        return answer

    def _ask_once(self, call: Callable[[int], Sequence[Any]], within_s: float) -> Sequence[Any]:
        context = self._context
        if context is None:
            context = self._context = self._establish()
        return self._guarded(lambda: call(context), within_s)

    def _establish(self) -> int:
        """Give a fresh context; one that takes too long goes on being made for the next call."""
        if self._opening is None:
            self._opening = _open(f"{self._device}-opening")
        try:
            opened = self._opening.result(_ANSWER_S)
        except TimeoutError:
            raise self._time_out() from None
        self._opening = None
        self._require(opened.code)
        self._own = opened.sockets
        self._made += 1
        return opened.context

    def _guarded(self, call: Callable[[], Sequence[Any]], within_s: float) -> Sequence[Any]:
        """Give what a call gives, its code first and without a sign, if it is over in time."""
        self._watchdog.arm(within_s)
        try:
            answer = call()
        finally:
            cut = self._watchdog.disarm()
        if cut:
            self._drop()
            raise self._time_out()
        return [answer[0] & CODE, *answer[1:]]

    def _drop(self) -> None:
        context, self._context = self._context, None
        if context is None:
            return
        self._watchdog.arm(_ANSWER_S)
        scard.SCardReleaseContext(context)  # whatever it says: the context is gone
        self._watchdog.disarm()

    def _shut_sockets(self) -> None:
        """End the call that hangs, on the watchdog's thread: it returns with a broken line."""
        for number in _sockets_to_pcscd() & self._own:
            with suppress(OSError), _borrowed(number) as one:
                one.shutdown(socket.SHUT_RDWR)

    def _require_card(self, code: int) -> None:
        if code in GONE:
            raise ChipGone
        self._require(code)

    def _require(self, code: int) -> None:
        if code == OK:
            return
        fault = fault_of(code)
        if fault is SERVICE:
            self._drop()
        raise DeviceFault(self._device, fault.cure, fault.detail)

    def _time_out(self) -> DeviceFault:
        return DeviceFault(self._device, Cure.REPLUG, "time_out")


class _Opened(NamedTuple):
    code: int
    context: int
    sockets: frozenset[int]


_making = threading.Lock()
"""Contexts are made one at a time, so that each knows its own socket."""


def _open(name: str) -> Future[_Opened]:
    """Make a context on a thread of its own: a pcscd that hangs may never take the connection."""
    opened: Future[_Opened] = Future()

    def make() -> None:
        with _making:
            others = _sockets_to_pcscd()
            code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            sockets = _sockets_to_pcscd() - others
        opened.set_result(_Opened(code & CODE, context, sockets))

    threading.Thread(target=make, name=name, daemon=True).start()
    return opened


@contextmanager
def _borrowed(number: int) -> Generator[socket.socket]:
    """Give a socket by its number, closing only our copy of it; OSError if it is no socket."""
    copy = os.dup(number)
    try:
        one = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
    with one:
        yield one


def _sockets_to_pcscd() -> frozenset[int]:
    """Give the numbers of this process's sockets to pcscd: libpcsclite does not tell them."""
    numbers = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
    return frozenset(number for number in numbers if _leads_to_pcscd(number))


def _leads_to_pcscd(number: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        with _borrowed(number) as one:
            return one.family == socket.AF_UNIX and str(one.getpeername()).endswith(_SOCKET)
    except OSError:  # closed meanwhile, or not connected
        return False
