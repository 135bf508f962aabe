"""What work with a card and its PIN answers: facts of the PIN services, and words of progress.

No digit of a PIN is in any of them: a PIN is in `kiosk.pin_vault` alone, from the pad to the card.
Source: services.md 2.4, 2.5; failures F05, F16 to F28; pin_errors.csv.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.services.answers import PaperRead
from kiosk.visit import Fact


@dataclass(frozen=True, slots=True)
class CardRead:
    """A social card as the slot gave it: its holder as a paper, and its PIN by the card's own word.

    `tries_left` 1 to 15, None where the card may not be asked; `blocked`: none are left (F22).
    """

    paper: PaperRead = field(repr=False)
    tries_left: int | None = None
    blocked: bool = False


CARD = Fact("card", CardRead)
"""The holder's card in the slot, whose PIN is changed or reset."""


@dataclass(frozen=True, slots=True)
class CardUnusable:
    """What is in the slot is of no use here: `code` is a row of `kiosk.services.failures`.

    F25 another card than before, F27 mute or unreadable, F28 of another region, `card_not_ours`,
    `card_bank_only`, `card_locked` (pin_errors.csv -37635), `card_not_genuine` (-21, -25).
    """

    code: str


@dataclass(frozen=True, slots=True)
class PinRight:
    """The card took the PIN."""


@dataclass(frozen=True, slots=True)
class PinWrong:
    """It did not (F21), and has so many tries left, 1 or more; at 1 nobody is asked any more."""

    left: int


@dataclass(frozen=True, slots=True)
class PinBlocked:
    """No tries are left (F22): a reset leads on."""


OLD_PIN = Fact("old_pin", PinRight)


@dataclass(frozen=True, slots=True)
class NewPin:
    """A new PIN was entered twice the same, and is not easily guessed."""


@dataclass(frozen=True, slots=True)
class BadPin:
    """It is easily guessed (F23), by this rule of `regulation.pins.Weakness`."""

    rule: str


@dataclass(frozen=True, slots=True)
class PinsDiffer:
    """The two entries are not the same (F24)."""


NEW_PIN = Fact("new_pin", NewPin)


@dataclass(frozen=True, slots=True)
class ResetReady:
    """The centre has authorised one reset of this card, for five minutes."""


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code was sent to the holder's registered phone, of which this is masked (reading A10)."""

    phone: str = field(repr=False)


CODE_SENT = Fact("code_sent", CodeSent)
CODE = Fact("code", str)
"""The code as the agent was told it by the holder."""
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class PinSet:
    """The card has the new PIN; its case is in the journal under `key`, to be handed in."""

    key: str


@dataclass(frozen=True, slots=True)
class PinKept:
    """Nothing was changed: the card has the PIN it had. No case is left; it may be tried again."""


@dataclass(frozen=True, slots=True)
class PinUnknown:
    """Nobody can say which PIN the card has (F26); the case is handed in under `key` as such."""

    key: str


@dataclass(frozen=True, slots=True)
class PinLost:
    """What was typed is no longer kept (the program began anew): it has to be typed again."""


WRITTEN = Fact("pin_write", PinSet)
DOUBT = Fact("pin_write", PinUnknown)


class CardWord(StrEnum):
    """Progress of work with a card: what the person should do, or what is being done."""

    PUT_IN = "put_card"
    TAKE_OUT = "take_card"
    PUT_BACK = "same_card"
    """The card from before has to be put in again."""
    ANOTHER = "another_card"
    """This is not the card from before: it has to be taken out (F25)."""
    READING = "reading_card"
    WRITING = "writing_card"
    """The card must stay where it is (F25)."""
    CHECKING = "checking_card"


class PinPhase(StrEnum):
    """Which PIN is being typed."""

    OLD = "old_pin"
    NEW = "new_pin"
    AGAIN = "new_pin_again"


@dataclass(frozen=True, slots=True)
class PinEntry:
    """Progress of typing: which PIN, how many digits are in, the tries the card has left if known.

    `word` is what `Ask.progress` is told; `of(word)` reads it back, None for any other word.
    """

    phase: PinPhase
    dots: int
    left: int | None = None

    @property
    def word(self) -> str:
        """As a word of progress."""
        left = "-" if self.left is None else str(self.left)
        return f"{self.phase} {self.dots} {left}"

    @classmethod
    def of(cls, word: str) -> "PinEntry | None":
        """Read a word of progress."""
        match word.split(" "):
            case [phase, dots, left] if phase in set(PinPhase):
                return cls(PinPhase(phase), int(dots), None if left == "-" else int(left))
            case _:
                return None
