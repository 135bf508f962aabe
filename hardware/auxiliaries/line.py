"""The serial line as minimalmodbus wants it, which hears nothing but the answer to its request."""

import time

from hardware.auxiliaries.frames import LONGEST, decode_reply
from hardware.auxiliaries.profile import MOST
from hardware.serial_port import SerialPort

REPLY_S = 0.3
"""How long a board may take to answer (most need 0.05 s); the wire's own time is added."""
QUIET_S = 0.05
_SETTLE_S = 0.5
_KEPT = 2 * LONGEST
_REPLY = 5 + MOST // 8  # bytes of the longest answer


class Line:
    """An 8N1 port with the methods of pyserial that minimalmodbus calls; `PortGone` from each.

    minimalmodbus reads as many bytes as a good answer has, whatever they are. Here noise, echoes,
    and answers to others are passed over, and an exception of the board ends the wait at once.
    """

    is_open = True  # never for minimalmodbus to open: it is closed and opened by the board
    port = None
    timeout = REPLY_S

    def __init__(self, path: str, baudrate: int) -> None:
        self.baudrate = baudrate
        self.noisy = False
        """Whether something came instead of the last answer."""
        self._port = SerialPort(path, baudrate)
        self._request = b""

    def open(self) -> bool:
        """Make the port usable; True if it was opened anew."""
        return self._port.open()

    def close(self) -> None:
        """Let go of the port."""
        self._port.close()

    def settle(self) -> None:
        """Drop what still comes, until nothing has come for `QUIET_S` (0.5 s at most)."""
        until = time.monotonic() + _SETTLE_S
        while time.monotonic() < until and self._port.read(QUIET_S):
            pass

    def reset_input_buffer(self) -> None:
        """Forget what came and was not asked for."""
        self._port.flush()

    def reset_output_buffer(self) -> None:
        """Do nothing: what was written has been sent."""

    def write(self, data: bytes) -> None:
        """Send a request."""
        self._request = bytes(data)
        self._port.write(self._request)

    def read(self, _size: int) -> bytes:
        """Give the answer to the request, b"" if it did not come in time."""
        wire_s = (len(self._request) + _REPLY) * 10 / self.baudrate
        until = time.monotonic() + REPLY_S + wire_s
        received = bytearray()
        answer: bytes | None = None
        while answer is None and (left := until - time.monotonic()) > 0:
            received += self._port.read(left)
            del received[:-_KEPT]
            answer = decode_reply(self._request, bytes(received))
        self.noisy = bool(received)
        return answer or b""
