"""A chip on the contacts of the reader: commands out, answers in, with the follow-ups of T=0."""

from collections.abc import Callable

from hardware.chip import ChipGone

_CASE_2 = 5
"""Length of a command that is its header and Le."""
_MORE, _WRONG_LE = 0x61, 0x6C
_GET_RESPONSE = bytes.fromhex("00C00000")
_LONGEST = 65536
"""More than any short APDU can bring, were a chip to answer 61xx for ever."""


class MotorChip:
    """A powered chip; `end` makes it one that is gone. Nothing that passes is kept or shown."""

    def __init__(self, atr: bytes, send: Callable[[bytes], bytes]) -> None:
        self.atr = atr
        self._send = send
        self._ended = False

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Send one short C-APDU and give the R-APDU; 61xx and 6Cxx are followed up here.

        Source: ISO 7816-3, 7816-4 (T=0); docs/devices/card_transport.md.
        """
        if self._ended:
            raise ChipGone
        sent = bytes(command)
        answer = self._send(sent)
        if answer[-2] == _WRONG_LE:
            answer = self._send(_with_le(sent, answer[-1]))
        data = answer[:-2]
        while answer[-2] == _MORE and len(data) < _LONGEST:
            answer = self._send(_GET_RESPONSE + answer[-1:])
            data += answer[:-2]
        return data + answer[-2:]

    def end(self) -> None:
        """Let it be gone for whoever still holds it."""
        self._ended = True


def _with_le(command: bytes, le: int) -> bytes:
    """Give the command with this Le: in place of its own, or behind it when it has none."""
    has_le = len(command) == _CASE_2 or (
        len(command) > _CASE_2 and len(command) == _CASE_2 + command[4] + 1
    )
    return (command[:-1] if has_le else command) + bytes([le])
