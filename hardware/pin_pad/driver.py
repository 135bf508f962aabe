"""A serial encrypting PIN pad, ZT598: the keys that encipher a PIN never leave it."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager

from hardware.device import Capabilities, Media, State, Status
from hardware.fault import Cure, DeviceFault
from hardware.pin_pad import commands
from hardware.pin_pad.commands import Command, Reply
from hardware.pin_pad.entry import (
    NAME,
    Block,
    Digits,
    Entry,
    EntryCancelled,
    EntryTimedOut,
    Heard,
    Outcome,
    Want,
)
from hardware.pin_pad.frames import Deframer, Frame, Item
from hardware.pin_pad.keys import Key, NextKey, collect, handed_over
from hardware.pin_pad.pin_block import PinBlock
from hardware.secret import Secret
from hardware.serial_port import PortGone, SerialPort

_LOOK_UP_S = 0.05  # how soon a waiting entry hears that it is cancelled
_UNFINISHED_S = 0.3  # how long a frame between two keys may take


class EncryptingPad:
    """A ZT598 pad on a serial port; for one thread at a time (its `Worker`).

    `work_key` is the number of the pad's SM4 work key for PIN blocks, `terminal_key` the centre's
    name of it. Nothing is opened before the first command. `DeviceFault`: `no_device`, `time_out`
    (replug), `invalid_data`, `no_pin` (retry), `device_not_ready`, `hardware_error`,
    `key_not_found`, `key_no_value`, `access_denied`, `fraud_attempt` (attendant). No fault is
    final: the next command opens the port again if need be, flushes it and asks for the status
    first. Source: docs/devices/pin_pad.md.
    """

    name = NAME

    def __init__(
        self,
        port: str,
        *,
        work_key: int = 0x20,
        terminal_key: str = "",
        key_map: Mapping[int, Key] = commands.KEY_MAP,
        baudrate: int = 9600,
    ) -> None:
        self._port = SerialPort(port, baudrate)
        self._work_key = work_key
        self._terminal_key = terminal_key
        self._key_map = key_map
        self._in_step = False  # whether the last command got its answer, so none can come late

    def capabilities(self) -> Capabilities:
        """Give what it can do."""
        return Capabilities("PinPad", "epp", frozenset({Want.DIGITS, Want.BLOCK, "fixed"}))

    def status(self) -> Status:
        """Ask the pad how it is; one that was tampered with says so."""
        with self._faults():
            reply = self._ask(commands.STATUS)
        if reply.code in commands.OK:
            return Status(State.ONLINE)
        meaning = commands.meaning_of(reply.code)
        return Status(meaning.state, detail=meaning.detail, cure=meaning.cure)

    def reset(self) -> Media:
        """Bring the pad to its first state, keypad off, keys kept; it holds nothing."""
        with self._faults():
            self._do(commands.RESET)
            self._do(commands.KEYPAD_OFF)
        return Media.UNKNOWN

    def close(self) -> None:
        """Let go of the port; the next command takes it again."""
        self._port.close()

    def enter(
        self, cancel: threading.Event, timeout_s: float, entry: Entry, heard: Heard
    ) -> Outcome:
        """Let a person type on the pad; see `PinPad.enter`. At most 9 digits (`LONGEST_PIN`)."""
        if entry.maximum > commands.LONGEST_PIN:
            raise DeviceFault(NAME, Cure.ATTENDANT, "unsupported_data")
        with self._faults():
            if entry.want is Want.BLOCK:
                return self._enter_block(cancel, timeout_s, entry, heard)
            return self._enter_digits(cancel, timeout_s, entry, heard)

    def _enter_digits(
        self, cancel: threading.Event, timeout_s: float, entry: Entry, heard: Heard
    ) -> Digits | EntryCancelled | EntryTimedOut:
        with Secret() as pin:
            with self._keypad(commands.CLEAR_TEXT):
                next_key = self._keys(cancel, timeout_s, masked=False)
                given_up = collect(pin, next_key, entry.minimum, entry.maximum, heard)
            return given_up or Digits(handed_over(pin))

    def _enter_block(
        self, cancel: threading.Event, timeout_s: float, entry: Entry, heard: Heard
    ) -> Block | EntryCancelled | EntryTimedOut:
        self._do(commands.MINIMUM, commands.length_data(entry.minimum))
        self._do(commands.MAXIMUM, commands.length_data(entry.maximum))
        with self._keypad(commands.PIN_ENTRY):
            next_key = self._keys(cancel, timeout_s, masked=True)
            # The pad itself keeps the digits and sees to the minimum; here its stars are counted.
            stars = Secret()
            given_up = collect(stars, next_key, 0, entry.maximum, heard)
            if given_up:
                return given_up
            if len(stars) < entry.minimum:
                raise DeviceFault(NAME, Cure.RETRY, "no_pin")
            request = commands.block_request(self._work_key, entry.account)
            block = commands.block_of(self._do(commands.PIN_BLOCK, request).data)
        if block is None:
            raise DeviceFault(NAME, Cure.RETRY, "invalid_data")
        return Block(PinBlock(block, entry.account, terminal_key=self._terminal_key))

    @contextmanager
    def _keypad(self, start: Command) -> Generator[None]:
        """Let the keypad be on for so long; it is off on every way out, if the pad hears it."""
        try:
            self._do(commands.KEYPAD_ON)
            self._do(start)
            yield
        except BaseException:
            with contextlib.suppress(DeviceFault, PortGone, _Lost):  # the first fault is told
                self._do(commands.KEYPAD_OFF)
            raise
        self._do(commands.KEYPAD_OFF)

    def _keys(self, cancel: threading.Event, timeout_s: float, *, masked: bool) -> NextKey:
        deframer, items = Deframer(), deque[Item]()
        until = time.monotonic() + timeout_s

        def next_key() -> int | Key | EntryTimedOut:
            while not cancel.is_set():
                while items:
                    key = self._understand(items.popleft(), masked=masked)
                    if key is not None:
                        return key
                left = until - time.monotonic()
                if left <= 0:
                    return EntryTimedOut()
                items.extend(self._heard(deframer, min(left, _LOOK_UP_S)))
            return Key.CANCEL

        return next_key

    def _heard(self, deframer: Deframer, within_s: float) -> list[Item]:
        """Give what comes; a frame that has begun is waited for, or given as damaged."""
        items = deframer.feed(self._port.read(within_s))
        until = time.monotonic() + _UNFINISHED_S
        while deframer.unfinished:
            left = until - time.monotonic()
            if left <= 0:
                return items + deframer.rescue()
            items += deframer.feed(self._port.read(left))
        return items

    def _understand(self, item: Item, *, masked: bool) -> int | Key | EntryTimedOut | None:
        """Give the key of a byte, None if it is none: what cannot be a key spoils the entry."""
        if isinstance(item, Frame):
            return _between_keys(item)
        if item in self._key_map:
            return self._key_map[item]
        if item == commands.KEY_BROKEN:
            raise DeviceFault(NAME, Cure.ATTENDANT, "hardware_error")
        if masked and item == commands.MASK:
            return 0
        if not masked and ord("0") <= item <= ord("9"):
            return item - ord("0")
        if item in commands.NOT_USED or item in (commands.KEY_NOTHING, commands.MASK):
            return None
        raise DeviceFault(NAME, Cure.RETRY, "invalid_data")

    def _do(self, command: Command, data: bytes = b"") -> Reply:
        """Give the good answer; a refusal is a fault."""
        reply = self._ask(command, data)
        if reply.code not in commands.OK:
            meaning = commands.meaning_of(reply.code)
            raise DeviceFault(NAME, meaning.cure, meaning.detail)
        return reply

    def _ask(self, command: Command, data: bytes = b"") -> Reply:
        """Give the answer; a command whose answer got lost is repeated once after a status."""
        if self._port.open() or not self._in_step:
            self._synchronise()
        try:
            return self._exchange(command, data)
        except _Lost:
            self._synchronise()
        return self._exchange(command, data)

    def _synchronise(self) -> None:
        """Flush and ask for the status: pads answer in order, so nothing late follows its answer.

        What comes later than its deadline may pass for that answer; the next command flushes again.
        Asked twice: a pad that was left with half a command takes the first for its other half.
        """
        try:
            self._exchange(commands.STATUS)
        except _Lost:
            self._exchange(commands.STATUS)

    def _exchange(self, command: Command, data: bytes = b"") -> Reply:
        self._port.flush()
        self._in_step = False
        frame = command.frame(data)
        self._port.write(frame)
        deframer, noisy = Deframer(), False
        until = time.monotonic() + command.deadline(len(frame), self._port.baudrate)
        for item in self._items(deframer, until):
            noisy = True
            if isinstance(item, Frame) and item.intact:
                reply = commands.reply_of(item)
                if reply.code in commands.GARBLED:
                    raise _Lost(noisy=True)
                if command.accepts(reply):
                    self._in_step = True
                    return reply
        raise _Lost(noisy=noisy)

    def _items(self, deframer: Deframer, until: float) -> Iterator[Item]:
        while (left := until - time.monotonic()) > 0:
            yield from deframer.feed(self._port.read(left))
        yield from deframer.rescue()

    @contextmanager
    def _faults(self) -> Generator[None]:
        try:
            yield
        except PortGone as gone:
            raise gone.fault(NAME) from gone
        except _Lost as lost:
            if lost.noisy:
                raise DeviceFault(NAME, Cure.RETRY, "invalid_data") from None
            raise DeviceFault(NAME, Cure.REPLUG, "time_out") from None


def _between_keys(frame: Frame) -> EntryTimedOut | None:
    """Give what a frame between two keys says: the repeat of an answer says nothing."""
    if not frame.intact:
        raise DeviceFault(NAME, Cure.RETRY, "invalid_data")
    code = commands.reply_of(frame).code
    if code == commands.OVERTIME:
        return EntryTimedOut()
    if code in commands.REFUSALS:
        meaning = commands.meaning_of(code)
        raise DeviceFault(NAME, meaning.cure, meaning.detail)
    return None


class _Lost(Exception):  # noqa: N818 - what happened to the answer
    """No answer in time; `noisy` if something else came."""

    def __init__(self, *, noisy: bool) -> None:
        super().__init__()
        self.noisy = noisy
