"""What a ZT598 pad can be asked, what it answers, and its keys: a row each.

"5031" erases every key of the pad, and "n32" those of SM4: neither has a row, and none may ever
get one. Source: docs/devices/pin_pad.md; rows marked [G] are general knowledge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from hardware.device import State
from hardware.fault import Cure
from hardware.pin_pad.frames import Frame, build
from hardware.pin_pad.keys import Key
from hardware.pin_pad.pin_block import SIZE


@dataclass(frozen=True)
class Reply:
    """What the pad says: RTN, and the data behind it (never shown, it may be a PIN block)."""

    code: int
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Command:
    """A command: the beginning of its body, the seconds the pad may take, its good reply's data.

    A reply does not say what it answers. `sizes` tells the late reply of another command apart:
    that of a switch is short, that of a block has one length; a status may have any. A refusal that
    has a meaning may carry data, any other carries none.
    """

    name: str
    body: bytes
    deadline_s: float
    sizes: Sequence[int]

    def frame(self, data: bytes = b"") -> bytes:
        """Give the bytes to send."""
        return build(self.body + data)

    def accepts(self, reply: Reply) -> bool:
        """Whether `reply` can be the answer to this command."""
        if reply.code in OK:
            return len(reply.data) in self.sizes
        return reply.code in MEANINGS or (reply.code in REFUSALS and not reply.data)

    def deadline(self, sent: int, baudrate: int) -> float:
        """Give the seconds to wait at most: the pad's own and the wire's (ten bits a byte)."""
        return self.deadline_s + (sent + _AROUND + self.sizes[-1]) * 10 / baudrate


_AROUND = 8  # bytes of a reply besides its data
_SHORT = range(17)  # what a switch answers with, if anything, is not known
_BLOCK_HEAD = 4  # characters before the block; their meaning is not known
_ACCOUNT_KIND = b"0"
_BLOCK_DATA = _BLOCK_HEAD + 2 * SIZE
_ANY = range(147)  # how much a status says is not known; the longest reply known has 147 bytes

STATUS = Command("status", b"I", 0.5, _ANY)
RESET = Command("reset", b"5030", 2.0, _SHORT)
KEYPAD_OFF = Command("keypad_off", b"5032", 0.5, _SHORT)
CLEAR_TEXT = Command("clear_text", b"5033", 0.5, _SHORT)
KEYPAD_ON = Command("keypad_on", b"5035", 0.5, _SHORT)
MINIMUM = Command("minimum", b"54", 0.5, _SHORT)
MAXIMUM = Command("maximum", b"55", 0.5, _SHORT)
PIN_ENTRY = Command("pin_entry", b"600011", 0.5, _SHORT)  # the clear key takes one digit back
PIN_BLOCK = Command("pin_block", b"o", 1.0, (_BLOCK_DATA,))

COMMANDS = (
    STATUS, RESET, KEYPAD_OFF, CLEAR_TEXT, KEYPAD_ON, MINIMUM, MAXIMUM, PIN_ENTRY, PIN_BLOCK,
)  # fmt: skip
LONGEST_PIN = 9
"""Digits: over 9 the sources differ on whether a length is written in decimal or in hex."""


@dataclass(frozen=True)
class Meaning:
    """What an RTN says: the fault's word and cure, and the pad's state while it says so."""

    code: int
    text: str
    detail: str = "hardware_error"
    cure: Cure = Cure.ATTENDANT
    state: State = State.HARDWARE_ERROR


OK = frozenset({*range(0x60, 0xA0), 0xA0, 0xA1, 0xA3, 0xAB, *range(0xB0, 0xB8)})
REFUSALS = range(0xC0, 0x100)
"""Any other code is none: an echo of a command has one."""
GARBLED = frozenset({0xE8, 0xE9, 0xEB})
"""The command did not arrive as it was sent."""
OVERTIME = 0xEE
NO_PIN = 0xEF

MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {
        row.code: row
        for row in (
            Meaning(0xD7, "the cipher chip does not answer"),
            Meaning(0xDD, "it was tampered with", "fraud_attempt", state=State.FRAUD_ATTEMPT),
            Meaning(0xDE, "the cipher chip is not mounted"),
            Meaning(0xE0, "its battery is low"),
            Meaning(0xE4, "no such key", "key_not_found"),
            Meaning(0xE5, "no such key", "key_not_found"),
            Meaning(0xE8, "length of the command wrong", "invalid_data", Cure.RETRY),
            Meaning(0xE9, "data of the command wrong", "invalid_data", Cure.RETRY),
            Meaning(0xEB, "parameter of the command wrong", "invalid_data", Cure.RETRY),
            Meaning(0xEC, "not authenticated", "access_denied"),
            Meaning(0xED, "authentication is locked", "access_denied"),
            Meaning(OVERTIME, "nobody typed for the pad's own time", "entry_timeout", Cure.RETRY),
            Meaning(NO_PIN, "no PIN was entered", "no_pin", Cure.RETRY),
            Meaning(0xFA, "its keys are not initialised", "key_no_value"),
            Meaning(0xFB, "the command is locked", "access_denied"),
            Meaning(0xFE, "its memory is broken"),
            Meaning(
                0xFF, "it was taken out of its mount", "fraud_attempt", state=State.FRAUD_ATTEMPT
            ),
        )
    }
)


def meaning_of(code: int) -> Meaning:
    """Give what a refusal says; one that is not known is the pad's own fault."""
    return MEANINGS.get(code, Meaning(code, "not known"))


KEY_BROKEN = 0x80
KEY_NOTHING = 0x00
MASK = 0x2A
"""A digit, which one is not said, while a PIN is entered for a block [G]."""
NOT_USED = frozenset(b'".#%ABCDEFGH')
"""Keys that pads have and a PIN has no use for: 00, point, paging, F1 to F8."""

KEY_MAP: Mapping[int, Key] = MappingProxyType(
    {0x0D: Key.ENTER, 0x1B: Key.CANCEL, 0x08: Key.BACKSPACE}
)
"""The keys that are no digits; pads are made with other maps, so it can be given."""


def reply_of(frame: Frame) -> Reply:
    """Give what an intact frame says; its body has one byte at least."""
    return Reply(frame.body[0], frame.body[1:])


def block_request(key_number: int, account: str) -> bytes:
    """Give the data of PIN_BLOCK: number of the work key (0 to FF), kind of data, 12 digits."""
    return b"%02X" % key_number + _ACCOUNT_KIND + account.encode("ascii")


def block_of(data: bytes) -> bytes | None:
    """Give the 16 bytes of the reply to PIN_BLOCK, None if there are none in it."""
    digits = data[_BLOCK_HEAD:]
    if len(digits) != 2 * SIZE or not all(byte in b"0123456789ABCDEFabcdef" for byte in digits):
        return None
    return bytes.fromhex(digits.decode("ascii"))


def length_data(digits: int) -> bytes:
    """Give the data of MINIMUM and MAXIMUM, 0 to 9 digits."""
    return b"%02d" % digits
