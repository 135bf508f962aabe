"""What the reader can be asked, a row a command, and what its SW3 means, a row a code.

Source: docs/devices/id_reader.md; rows marked [G] are general knowledge and not checked.
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from hardware.id_reader.frames import Reply, build

FINGER_READ = 6 + 256 + 1024 + 1024
"""Most bytes of data in the reply to a reading: three lengths, text, photo and fingerprints."""

ADDRESS = 70
"""Bytes of the newest address."""


@dataclass(frozen=True)
class Command:
    """A command: its body, how long the reader may take (seconds), and what its answer looks like.

    A reply does not say what it answers. `answers` (SW3) and `sizes` (bytes of data) tell the late
    reply of another command from this one's; a failure carries no data. `of_paper`: when the
    answer comes damaged again and again the paper is blamed, not the reader.
    """

    name: str
    body: bytes
    deadline_s: float
    answers: frozenset[int]
    sizes: Container[int]
    largest: int
    failures: frozenset[int] = frozenset()
    of_paper: bool = False

    @property
    def frame(self) -> bytes:
        """The bytes to send."""
        return build(self.body)

    def accepts(self, reply: Reply) -> bool:
        """Whether `reply` can be the answer to this command."""
        if reply.code in self.answers and len(reply.data) in self.sizes:
            return True
        return not reply.data and (reply.code in self.failures or reply.code not in _OWNED)

    def deadline(self, baudrate: int) -> float:
        """Give the seconds to wait at most: the reader's own and the wire's (ten bits a byte)."""
        return self.deadline_s + (len(self.frame) + _REPLY_FRAME + self.largest) * 10 / baudrate


class Reason(StrEnum):
    """Why a paper could not be read; the citizen lifts it and places it again."""

    SELECT_FAILED = "select_failed"
    READ_FAILED = "read_failed"
    NOT_AUTHENTIC = "not_authentic"
    UNKNOWN_CARD = "unknown_card"
    DAMAGED = "damaged"
    """Its bytes came, but not whole, twice."""
    INVALID_DATA = "invalid_data"
    """Its bytes came whole, but are no identity."""


@dataclass(frozen=True)
class Meaning:
    """What an SW3 says; `reason` where the paper is to blame, none where the reader is."""

    code: int
    text: str
    reason: Reason | None = None


OK, FOUND, NOT_FOUND, NOT_SELECTED, NOT_READ = 0x90, 0x9F, 0x80, 0x81, 0x41
CHECKSUM, LENGTH, UNKNOWN_COMMAND, UNKNOWN_CARD, SELF_TEST = 0x10, 0x11, 0x24, 0x40, 0x60
NONE = 0x91
_CARD = frozenset({0x31, 0x32, 0x33, UNKNOWN_CARD, NOT_READ})
_OWNED = _CARD | {OK, FOUND, NOT_FOUND, NOT_SELECTED, NONE}
"""Codes that answer certain commands only; any other failure may answer any command."""
UNKNOWN = frozenset({0x21, UNKNOWN_COMMAND})
"""This reader does not know the command."""
GARBLED = frozenset({CHECKSUM, LENGTH})
"""The command did not arrive whole."""
_REPLY_FRAME = 11  # preamble, LEN, SW1-3, CHK

MEANINGS = {
    row.code: row
    for row in (
        Meaning(OK, "done"),
        Meaning(FOUND, "a paper was found"),
        Meaning(NOT_FOUND, "no paper was found"),
        Meaning(NOT_SELECTED, "the paper could not be selected", Reason.SELECT_FAILED),
        Meaning(CHECKSUM, "checksum of the command wrong", Reason.DAMAGED),
        Meaning(LENGTH, "length of the command wrong", Reason.DAMAGED),
        Meaning(0x21, "command wrong"),
        Meaning(0x23, "not authorised"),
        Meaning(UNKNOWN_COMMAND, "command unknown"),
        Meaning(0x31, "the paper did not accept the reader", Reason.NOT_AUTHENTIC),
        Meaning(0x32, "the reader did not accept the paper", Reason.NOT_AUTHENTIC),
        Meaning(0x33, "the data could not be verified", Reason.NOT_AUTHENTIC),
        Meaning(UNKNOWN_CARD, "unknown kind of card", Reason.UNKNOWN_CARD),
        Meaning(NOT_READ, "the paper could not be read", Reason.READ_FAILED),
        Meaning(0x47, "random numbers failed"),
        Meaning(SELF_TEST, "self-test failed"),
        Meaning(0x66, "security module not authorised"),
        Meaning(NONE, "no such item"),
    )
}

_OK = frozenset({OK})
# The row's bytes are CMD PARA. SAM answers "status" and "reset" without data, "select" with the
# number of the chip (8 bytes in every source; readers differ, so 1 to 15 are taken).
STATUS = Command("status", b"\x11\xff", 0.3, _OK, (0,), 0)
RESET = Command("reset", b"\x10\xff", 2.0, _OK, (0,), 0)
SAM_NUMBER = Command("sam_number", b"\x12\xff", 0.5, _OK, (16,), 16)
FIND = Command("find", b"\x20\x01", 0.3, frozenset({FOUND, NOT_FOUND}), range(16), 15)
SELECT = Command(
    "select", b"\x20\x02", 0.5, _OK, range(1, 16), 15, _CARD | {NOT_SELECTED}, of_paper=True
)
# Some readers answer either reading with fingerprints, some neither: text.without_finger tells.
_READING = range(256, 2560)
READ = Command("read", b"\x30\x01", 2.5, _OK, _READING, FINGER_READ, _CARD, of_paper=True)
READ_FINGER = Command(
    "read_finger", b"\x30\x10", 2.5, _OK, _READING, FINGER_READ, _CARD, of_paper=True
)
NEWEST_ADDRESS = Command(  # [G]
    "newest_address", b"\x30\x03", 0.5, _OK, (ADDRESS,), ADDRESS, _CARD | {NONE}
)

COMMANDS = (STATUS, RESET, SAM_NUMBER, FIND, SELECT, READ, READ_FINGER, NEWEST_ADDRESS)
