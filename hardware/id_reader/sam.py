"""The inside of a reader, simulated: its state, and the papers that can lie on it."""

import threading
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum

from hardware.id_reader import commands, text
from hardware.id_reader.commands import COMMANDS, Command
from hardware.id_reader.frames import Deframer, Frame, build, build_reply
from hardware.wire.serial_device import Order

SAM_NUMBER = bytes.fromhex("05010000 05253501 87D61200 4DE640BB")
"""Synthetic: 05.01-20260101-0001234567-3141592653."""


class Trouble(StrEnum):
    """What can be wrong with a paper."""

    NONE = "none"
    CANNOT_BE_SELECTED = "cannot_be_selected"
    CANNOT_BE_READ = "cannot_be_read"
    CANNOT_BE_VERIFIED = "cannot_be_verified"
    UNKNOWN_CARD = "unknown_card"


_REFUSALS: dict[Trouble, tuple[Command, int]] = {
    Trouble.CANNOT_BE_SELECTED: (commands.SELECT, commands.NOT_SELECTED),
    Trouble.CANNOT_BE_READ: (commands.READ, commands.NOT_READ),
    Trouble.CANNOT_BE_VERIFIED: (commands.READ, 0x33),
    Trouble.UNKNOWN_CARD: (commands.READ, commands.UNKNOWN_CARD),
}


@dataclass(frozen=True, repr=False)
class IdCard:
    """A paper: what its chip says, in the chip's own codes.

    `mark` is " " resident, "J" 港澳台居民居住证, "I" and "Y" foreigner. `birth` and `sex` left
    empty are taken from the number (GB 11643: digits 7-14, and the 17th, odd for men).
    """

    number: str
    name: str
    address: str = ""
    birth: str = ""
    sex: str = ""
    ethnicity: str = "01"
    issuer: str = "重庆市公安局渝中分局"
    valid_from: str = "20200101"
    valid_to: str = "长期"
    mark: str = " "
    latin_name: str = ""
    country: str = ""
    permit_number: str = ""
    permit_issue: str = ""
    photo: bytes = bytes(1024)
    fingers: bytes = bytes(1024)
    newest_address: str = ""

    def payload(self) -> bytes:
        """Give READ's data: both lengths, the text block, the photo."""
        block, photo = self._text(), self.photo
        return len(block).to_bytes(2, "big") + len(photo).to_bytes(2, "big") + block + photo

    def payload_with_finger(self) -> bytes:
        """Give READ_FINGER's data: three lengths, the text block, the photo, the fingerprints."""
        plain, fingers = self.payload(), self.fingers
        return plain[:4] + len(fingers).to_bytes(2, "big") + plain[4:] + fingers

    def _text(self) -> bytes:
        return text.build(
            self.mark,
            {
                **{row.field: getattr(self, row.field, "") for row in text.LAYOUTS[self.mark].rows},
                "birth": self.birth or self.number[6:14],
                "sex": self.sex or ("1" if int(self.number[16]) % 2 else "2"),
            },
        )


_KNOWN = {command.name: command for command in COMMANDS}
_NAMES = {command.body: command.name for command in COMMANDS}
_DAMAGED, _UNKNOWN = "damaged", "unknown"


class Sam:
    """Answers commands as a reader does: first find, then select, then read.

    `finds_again` False is the stricter kind of reader, which finds a paper once; `knows` are the
    commands it has. While it is `broken` its self-test fails. Papers may be placed and removed from
    any thread.
    """

    broken = False

    def __init__(self, *, finds_again: bool = True, knows: Container[Command] = COMMANDS) -> None:
        self._finds_again = finds_again
        self._knows = knows
        self._deframer = Deframer()
        self._lock = threading.Lock()
        self._card: IdCard | None = None
        self._trouble = Trouble.NONE
        self._found = self._selected = False

    def place(self, card: IdCard | None, trouble: Trouble) -> None:
        """Put a paper on the glass, in place of any other; None takes it away."""
        with self._lock:
            self._card, self._trouble = card, trouble
            self._found = self._selected = False

    def power_on(self) -> None:
        """Forget what was found and half a command; the paper lies where it lay."""
        self._deframer = Deframer()
        with self._lock:
            self._found = self._selected = False

    def hear(self, data: bytes) -> list[Order]:
        """Give the commands that are complete with these bytes, damaged and unknown ones too."""
        return [_order(frame) for frame in self._deframer.feed(data)]

    def obey(self, order: Order) -> bytes:
        """Give the frame that answers a command."""
        if order.name == _DAMAGED:
            return build_reply(commands.CHECKSUM)
        if self.broken:
            return build_reply(commands.SELF_TEST)
        command = _KNOWN.get(order.name)
        if command is None or command not in self._knows:
            return build_reply(commands.UNKNOWN_COMMAND)
        with self._lock:
            return self._obey(command)

    def _obey(self, command: Command) -> bytes:
        refusing, code = _REFUSALS.get(self._trouble, (None, 0))
        what = commands.READ if command is commands.READ_FINGER else command
        if self._card is not None and what is refusing and self._found:
            self._found = self._selected = False
            return build_reply(code)
        if command is commands.FIND:
            return self._find()
        if command is commands.SELECT:
            return self._select()
        if command in _READS:
            return self._read(command)
        if command is commands.RESET:
            self._found = self._selected = False
        return build_reply(commands.OK, SAM_NUMBER if command is commands.SAM_NUMBER else b"")

    def _find(self) -> bytes:
        refound = self._found and not self._finds_again
        if self._card is None or refound:
            return build_reply(commands.NOT_FOUND)
        self._found, self._selected = True, False
        return build_reply(commands.FOUND, bytes(4))

    def _select(self) -> bytes:
        if not self._found:
            return build_reply(commands.NOT_SELECTED)
        self._selected = True
        return build_reply(commands.OK, bytes(8))

    def _read(self, command: Command) -> bytes:
        if self._card is None or not self._selected:
            return build_reply(commands.NOT_READ)
        return build_reply(*_READS[command](self._card))


def _newest_address(card: IdCard) -> tuple[int, bytes]:
    if not card.newest_address:
        return commands.NONE, b""
    return commands.OK, card.newest_address.ljust(commands.ADDRESS // 2).encode("utf-16-le")


_READS: dict[Command, Callable[[IdCard], tuple[int, bytes]]] = {
    commands.READ: lambda card: (commands.OK, card.payload()),
    commands.READ_FINGER: lambda card: (commands.OK, card.payload_with_finger()),
    commands.NEWEST_ADDRESS: _newest_address,
}


def _order(frame: Frame) -> Order:
    if not frame.intact:
        return Order(_DAMAGED, b"")
    return Order(_NAMES.get(frame.body, _UNKNOWN), build(frame.body))
