"""A chip on the contacts of the reader: commands out, answers in, with the follow-ups of T=0."""

from collections.abc import Callable

from hardware.card_transport.reader import invalid
from hardware.chip import ChipGone
from hardware.t0 import BadAnswer, follow_up


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

        An answer that finds no end is `invalid_data`.
        """
        try:
            return follow_up(self._ask, command)
        except BadAnswer:
            raise invalid() from None

    def end(self) -> None:
        """Let it be gone for whoever still holds it."""
        self._ended = True

    def _ask(self, command: bytes | bytearray) -> bytes:
        if self._ended:
            raise ChipGone
        return self._send(bytes(command))
