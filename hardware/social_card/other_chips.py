"""Chips that are no card of ours, and the strictness of a reader, for the virtual slot."""

from typing import Protocol

from hardware.social_card.frames import BANK_AID, SELECT_APPLICATION
from hardware.social_card.virtual_card import VirtualCard

_GET_RESPONSE = bytes.fromhex("00C00000")
_CASE_2 = 5  # a command with Le and no data
_BANK_ATR = bytes.fromhex("3B6D000000640100000000000000000000")
_BANK_FCI = bytes.fromhex("6F0A8408") + BANK_AID


class VirtualChip(Protocol):
    """What is behind the contacts of a virtual card; any virtual reader can power it."""

    def power_on(self) -> bytes:
        """Power it, or reset it, and give the answer to reset; b"" from a mute one."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Give the R-APDU to a C-APDU."""
        ...

    def power_off(self) -> None:
        """Take its power, and what it knew without writing it down."""
        ...


class BankCard:
    """A bank's card: the debit application alone."""

    def power_on(self) -> bytes:
        """Give its answer to reset."""
        return _BANK_ATR

    def power_off(self) -> None:
        """Nothing to forget."""

    def transmit(self, command: bytes) -> bytes:
        """Give its FCI to SELECT by its name, 6A82 to anything else."""
        named = command[:4] == SELECT_APPLICATION.header and command[5:13] == BANK_AID
        return _BANK_FCI + b"\x90\x00" if named else b"\x6a\x82"


class MuteCard:
    """A card without a chip, or upside down: no answer to reset, nor to anything."""

    def power_on(self) -> bytes:
        """Give nothing."""
        return b""

    def power_off(self) -> None:
        """Nothing to forget."""

    def transmit(self, command: bytes) -> bytes:  # noqa: ARG002 - it hears nothing
        """Give nothing."""
        return b""


class LockedCard(VirtualCard):
    """A social security card whose application is locked for good."""

    def transmit(self, command: bytes) -> bytes:  # noqa: ARG002 - whatever it is
        """Give 9303 to whatever is asked."""
        return b"\x93\x03"


class StrictT0:
    """A card behind a strict T=0 reader: data come by GET RESPONSE, a wrong Le is told by 6Cxx."""

    def __init__(self, card: VirtualChip) -> None:
        self._card = card
        self._waiting = b""

    def power_on(self) -> bytes:
        """Power the card."""
        self._waiting = b""
        return self._card.power_on()

    def power_off(self) -> None:
        """Take its power."""
        self._waiting = b""
        self._card.power_off()

    def transmit(self, command: bytes) -> bytes:
        """Give the R-APDU as T=0 has it."""
        waiting, self._waiting = self._waiting, b""
        if command[:4] == _GET_RESPONSE:
            return self._rest(command, waiting)
        reply = self._card.transmit(command)
        data, status = reply[:-2], reply[-2:]
        if not data:
            return reply
        if len(command) == _CASE_2:
            return reply if command[4] == len(data) & 0xFF else bytes([0x6C, len(data) & 0xFF])
        self._waiting = data + status
        return bytes([0x61, len(data) & 0xFF])

    @staticmethod
    def _rest(command: bytes, waiting: bytes) -> bytes:
        if not waiting:
            return b"\x69\x85"
        size = len(waiting) - 2
        return waiting if command[4:5] == bytes([size & 0xFF]) else bytes([0x6C, size & 0xFF])
