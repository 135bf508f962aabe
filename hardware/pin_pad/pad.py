"""The inside of a ZT598 pad, simulated: its keys, its keypad, and the PIN that is typed on it."""

import re
import threading
from collections.abc import Mapping

from hardware.pin_pad import commands
from hardware.pin_pad.commands import COMMANDS
from hardware.pin_pad.frames import Deframer, Frame, build
from hardware.pin_pad.keys import Key
from hardware.pin_pad.pin_block import encipher
from hardware.secret import Secret
from hardware.wire.serial_device import Order

STATUS_DATA = b"0000000000000000111111"
ERASE_ALL = b"5031"
_DONE = 0x90
_NO_SUCH_KEY, _WRONG_DATA = 0xE4, 0xE9
_CODES = {key: code for code, key in commands.KEY_MAP.items()}
_HEAD, _TAIL = 4, 3
_DATA = {
    commands.MINIMUM.name: rb"\d\d",
    commands.MAXIMUM.name: rb"\d\d",
    commands.PIN_BLOCK.name: rb"[0-9A-F]{2}0\d{12}",
}
_SHAPES = {
    "erase_all": re.compile(ERASE_ALL),
    **{row.name: re.compile(row.body + _DATA.get(row.name, b"")) for row in COMMANDS},
}


class Pad:
    """Answers commands, and sends keys while its keypad is on.

    `keys` are its SM4 work keys by number; they outlive a power cycle, and `ERASE_ALL` ends them.
    `refuses` is an RTN it gives to everything, 0 for none. Used from the line's thread and, the
    keys, from a hand's.
    """

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        self.keys = dict(keys)
        self.refuses = 0
        self._lock = threading.Lock()
        self._pin = Secret()
        self.power_on()

    def power_on(self) -> None:
        """Forget the PIN, the lengths and half a command; the keypad is off."""
        with self._lock:
            self._deframer = Deframer()
            self._pin.wipe()
            self._mode = commands.KEYPAD_OFF.name
            self._minimum, self._maximum = 4, 12

    @property
    def on(self) -> bool:
        """Whether its keys do anything."""
        return self._mode != commands.KEYPAD_OFF.name

    def hear(self, data: bytes) -> list[Order]:
        """Give the commands that are complete with these bytes, damaged and unknown ones too."""
        items = self._deframer.feed(data)
        return [_order(item) for item in items if isinstance(item, Frame)]

    def obey(self, order: Order) -> bytes:
        """Give the frame that answers a command."""
        with self._lock:
            code, data = self._obey(order)
        return build(bytes([code]) + data)

    def press(self, key: int | Key) -> bytes:
        """Press a digit or a key; give what the pad sends, b"" for nothing."""
        with self._lock:
            if self._mode == commands.CLEAR_TEXT.name:
                return bytes([_CODES[key] if isinstance(key, Key) else ord("0") + key])
            if self._mode == commands.PIN_ENTRY.name:
                return self._type(key)
            return b""

    def _obey(self, order: Order) -> tuple[int, bytes]:
        body = order.frame[_HEAD:-_TAIL]
        if self.refuses:
            return self.refuses, b""
        match order.name:
            case commands.STATUS.name:
                return _DONE, STATUS_DATA
            case commands.PIN_BLOCK.name:
                return self._block(body)
            case commands.MINIMUM.name:
                self._minimum = int(body[-2:])
            case commands.MAXIMUM.name:
                self._maximum = int(body[-2:])
            case "erase_all":
                self.keys.clear()
            case "damaged" | "unknown":
                return _WRONG_DATA, b""
            case _:
                self._switch(order.name)
        return _DONE, b""

    def _switch(self, name: str) -> None:
        self._pin.wipe()
        self._mode = commands.KEYPAD_OFF.name if name == commands.RESET.name else name

    def _block(self, body: bytes) -> tuple[int, bytes]:
        key = self.keys.get(int(body[1:3], 16))
        if key is None:
            return _NO_SUCH_KEY, b""
        if len(self._pin) < self._minimum or self.on:
            return commands.NO_PIN, b""
        block = encipher(self._pin, body[4:].decode("ascii"), key)
        self._pin.wipe()  # a PIN is good for one block
        return _DONE, b"0000" + block.hex().upper().encode("ascii")

    def _type(self, key: int | Key) -> bytes:
        if not isinstance(key, Key):
            if len(self._pin) >= self._maximum:
                return b""
            self._pin.append(ord("0") + key)
            return bytes([commands.MASK])
        if key is Key.ENTER:
            if len(self._pin) < self._minimum:
                return b""
            self._mode = commands.KEYPAD_OFF.name
        elif key is Key.BACKSPACE:
            self._pin = Secret(self._pin.data[:-1])
        elif key is Key.CANCEL:
            self._switch(commands.KEYPAD_OFF.name)
        return bytes([_CODES[key]])


def _order(frame: Frame) -> Order:
    if not frame.intact:
        return Order("damaged", b"")
    whole = build(frame.body)
    for name, shape in _SHAPES.items():
        if shape.fullmatch(frame.body):
            return Order(name, whole)
    return Order("unknown", whole)
