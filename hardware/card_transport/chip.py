"""A chip on the contacts of the reader: commands out, answers in, with the follow-ups of T=0."""

from collections.abc import Callable

from hardware.card_transport.reader import invalid
from hardware.chip import ChipGone

_CASE_2 = 5  # CLA INS P1 P2 Le
_MORE, _WRONG_LE = 0x61, 0x6C
_GET_RESPONSE = bytes.fromhex("00C00000")
_ROUNDS = 4  # a short answer comes in one part or two
_LARGEST = 256


class MotorChip:
    """A powered chip; `end` makes it one that is gone. Nothing that passes is kept or shown."""

    def __init__(self, atr: bytes, send: Callable[[bytes], bytes]) -> None:
        self._atr = atr
        self._send = send
        self._ended = False

    @property
    def atr(self) -> bytes:
        """The answer to reset."""
        return self._atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """Send one short C-APDU and give the R-APDU; 61xx and 6Cxx are followed up here.

        Only a command that has Le and no data is sent again after 6Cxx: such a one changes
        nothing. An answer that finds no end is `invalid_data`. Source: ISO/IEC 7816-3, 12.2.1.
        """
        answer = self._ask(bytes(command))
        if answer[-2] == _WRONG_LE and len(command) == _CASE_2:
            answer = self._ask(bytes(command[:4]) + answer[-1:])
        data = b""
        for _ in range(_ROUNDS):
            if answer[-2] != _MORE:
                return data + answer
            data += answer[:-2]
            answer = self._ask(_GET_RESPONSE + answer[-1:])
            if answer[-2] == _WRONG_LE:
                answer = self._ask(_GET_RESPONSE + answer[-1:])
            if len(data) + len(answer) - 2 > _LARGEST:
                break
        raise invalid()

    def end(self) -> None:
        """Let it be gone for whoever still holds it."""
        self._ended = True

    def _ask(self, command: bytes) -> bytes:
        if self._ended:
            raise ChipGone
        return self._send(command)
