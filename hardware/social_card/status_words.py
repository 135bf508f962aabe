"""What a status word says, a row a word. Pure.

Source: docs/devices/social_card.md; ISO/IEC 7816-4, 5.1.3; 63Cx counts tries only after a PIN.
"""

from dataclasses import dataclass
from enum import StrEnum

OK = 0x9000
BLOCKED = 0x6983
NO_RECORD = 0x6A83
_COUNTER = 0x63C0


class Word(StrEnum):
    """What a card says, in a word for logs and screens."""

    DONE = "done"
    MORE_DATA = "more_data"
    WRONG_LE = "wrong_le"
    TRIES_LEFT = "tries_left"
    WRONG_LENGTH = "wrong_length"
    NOT_ALLOWED = "not_allowed"
    PIN_BLOCKED = "pin_blocked"
    NO_CHALLENGE = "no_challenge"
    OUT_OF_ORDER = "out_of_order"
    WRONG_MAC = "wrong_mac"
    WRONG_DATA = "wrong_data"
    NOT_SUPPORTED = "not_supported"
    NO_FILE = "no_file"
    NO_RECORD = "no_record"
    WRONG_PARAMETERS = "wrong_parameters"
    NO_KEY = "no_key"
    LOCKED = "locked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Meaning:
    """A status word under its mask, and what it says."""

    status: int
    word: Word
    text: str
    mask: int = 0xFFFF


MEANINGS = (
    Meaning(OK, Word.DONE, "done"),
    Meaning(0x6100, Word.MORE_DATA, "so many bytes wait for GET RESPONSE", 0xFF00),
    Meaning(0x6C00, Word.WRONG_LE, "wrong Le, this is the right one", 0xFF00),
    Meaning(_COUNTER, Word.TRIES_LEFT, "wrong, and so many tries are left", 0xFFF0),
    Meaning(0x6700, Word.WRONG_LENGTH, "wrong length"),
    Meaning(0x6982, Word.NOT_ALLOWED, "an authentication is missing"),
    Meaning(BLOCKED, Word.PIN_BLOCKED, "the PIN is blocked"),
    Meaning(0x6984, Word.NO_CHALLENGE, "no challenge, or a used one"),
    Meaning(0x6985, Word.OUT_OF_ORDER, "conditions of use not satisfied"),
    Meaning(0x6988, Word.WRONG_MAC, "the MAC is wrong"),
    Meaning(0x6A80, Word.WRONG_DATA, "wrong data"),
    Meaning(0x6A81, Word.NOT_SUPPORTED, "function not supported"),
    Meaning(0x6A82, Word.NO_FILE, "no such application or file"),
    Meaning(NO_RECORD, Word.NO_RECORD, "no such record"),
    Meaning(0x6A86, Word.WRONG_PARAMETERS, "wrong P1 or P2"),
    Meaning(0x6A88, Word.NO_KEY, "no such key"),
    Meaning(0x6D00, Word.NOT_SUPPORTED, "command unknown"),
    Meaning(0x6E00, Word.NOT_SUPPORTED, "class unknown"),
    Meaning(0x9303, Word.LOCKED, "the application is locked for good"),
)
_OTHER = Meaning(0, Word.UNKNOWN, "not in the table", 0)


def meaning(status: int) -> Meaning:
    """Give what a status word says; any number has a meaning, `UNKNOWN` at the least."""
    rows = (row for row in MEANINGS if status & row.mask == row.status)
    return next(rows, _OTHER)


def tries_left(status: int) -> int | None:
    """Give how many tries a PIN has after VERIFY or CHANGE PIN; none if the word does not say."""
    if status == BLOCKED:
        return 0
    return status & 0x0F if status & 0xFFF0 == _COUNTER else None
