"""A ZT598 pad without hardware: the same bytes, at the same pace, from a pty, and a hand on it."""

from collections.abc import Mapping
from pathlib import Path

from hardware.pin_pad.commands import KEY_BROKEN
from hardware.pin_pad.keys import Key
from hardware.pin_pad.pad import Pad
from hardware.wire.serial_device import SerialDevice

DEMO_KEYS: Mapping[int, bytes] = {0x20: bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")}
"""The SM4 standard's own example key, as work key 20: nobody's secret."""


class PinPadSimulator(SerialDevice):
    """A pad that is plugged in at `link`, a symbolic link to its pty.

    `keys` are its SM4 work keys by number. In the language of faults its commands have the names
    of `commands.COMMANDS`; keys that are pressed are no answers, and no fault bends them.
    """

    def __init__(
        self, link: Path | str, baudrate: int = 9600, *, keys: Mapping[int, bytes] = DEMO_KEYS
    ) -> None:
        self._pad = Pad(keys)
        super().__init__(link, baudrate, self._pad)

    @property
    def on(self) -> bool:
        """Whether the keypad is on: pressed while it is off, keys do nothing."""
        return self._pad.on

    @property
    def work_keys(self) -> frozenset[int]:
        """The numbers of the keys that are in it."""
        return frozenset(self._pad.keys)

    def press(self, *keys: str) -> None:
        """Press keys one after the other: "123456" is six, "enter", "cancel", "backspace"."""
        for word in keys:
            for key in [Key(word)] if word in list(Key) else [int(digit) for digit in word]:
                self.say(self._pad.press(key))

    def press_broken_key(self) -> None:
        """Press a key that reports a hardware error."""
        self.say(bytes([KEY_BROKEN]))

    def refuse(self, code: int = 0) -> None:
        """Answer everything with this RTN (E0 battery low, FF taken out, ...); 0 ends it."""
        self._pad.refuses = code

    def erase_keys(self) -> None:
        """Lose all keys, as a pad does that was opened."""
        self._pad.keys.clear()
