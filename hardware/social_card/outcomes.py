"""What became of an operation with the card: values, for all of this is to be expected."""

from dataclasses import dataclass, field

from hardware.fault import DeviceFault
from hardware.social_card.keys import Algorithm
from hardware.social_card.status_words import Word


@dataclass(frozen=True)
class Card:
    """卡基本信息: what EF05, the FCI and the ATR say of a card. Shows nothing of it.

    `card_id` 卡识别码 (hex), `version` 规范版本 ("3.00"), `issuer` 初始化机构编号, `issued` and
    `expires` YYYYMMDD, `card_number` 卡号; a record the card has not is "". `generation` is 1 to 3.
    `foreign`: issued in another region; it can be read, but is not served here.
    """

    card_id: str = field(repr=False)
    kind: str = field(repr=False)
    version: str
    issuer: str = field(repr=False)
    issued: str = field(repr=False)
    expires: str = field(repr=False)
    card_number: str = field(repr=False)
    atr: str = field(repr=False)
    algorithm: Algorithm
    generation: int
    foreign: bool

    @property
    def region(self) -> str:
        """行政区划: the first six digits of the 卡识别码 (AAB301)."""
        return self.card_id[:6]


@dataclass(frozen=True)
class Holder:
    """持卡人基本信息: EF06. Shows nothing of it.

    `social_number` 社会保障号码, `name` with its 姓名扩展, `sex` "1" or "2", `nation` 民族 and
    `birthplace` as digits, `born` YYYYMMDD. `genuine`: the HSM found the card's own answer right;
    False for a card of generation 1 or 2, which gives this to anybody.
    """

    social_number: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(repr=False)
    nation: str = field(repr=False)
    birthplace: str = field(repr=False)
    born: str = field(repr=False)
    genuine: bool


@dataclass(frozen=True)
class NotOurs:
    """A chip without the social security application."""


@dataclass(frozen=True)
class BankOnly:
    """A bank's card: it has the debit application, and no social security application."""


@dataclass(frozen=True)
class Locked:
    """The application is locked for good (9303): the card has to be replaced."""


@dataclass(frozen=True)
class Blank:
    """A card of ours that was initialised and is not personalised; it has no PIN.

    `card_id`, `atr`, `algorithm` and `foreign` as in `Card`. `card_number` 卡号: a personalisation
    with it was begun, and may be repeated; "" on a card that nothing was written to.
    """

    card_id: str = field(repr=False)
    card_number: str = field(repr=False)
    atr: str = field(repr=False)
    algorithm: Algorithm
    foreign: bool


@dataclass(frozen=True)
class NotBlank:
    """The card is personalised, or was begun for another card number; nothing was written."""


@dataclass(frozen=True)
class Personalised:
    """The card has what was given for it, read back and found the same, and its initial PIN."""


@dataclass(frozen=True)
class Differs:
    """The card gives back something else than was written; it has no PIN and is not in use."""


@dataclass(frozen=True)
class AnotherCard:
    """Not the card that was identified before; nothing was done to it."""


@dataclass(frozen=True)
class Verified:
    """The PIN was right."""


@dataclass(frozen=True)
class Changed:
    """The card has the new PIN, and all its tries."""


@dataclass(frozen=True)
class Unblocked:
    """The card has all its tries again; its PIN is what it was."""


@dataclass(frozen=True)
class WrongPin:
    """The PIN was wrong; so many tries are left (1 or more)."""

    tries_left: int


@dataclass(frozen=True)
class Blocked:
    """The PIN is blocked: no tries are left."""


@dataclass(frozen=True)
class TriesLeft:
    """What the card says when it is asked: so many tries are left (1 or more)."""

    count: int


@dataclass(frozen=True)
class TriesUnknown:
    """Nobody can ask: by its profile the question might cost this card a try."""


@dataclass(frozen=True)
class Pulled:
    """The card was pulled before anything was changed."""


@dataclass(frozen=True)
class Unknown:
    """The card or its reader was lost in the middle: whether it was done, nobody knows.

    Never to be repeated by the program: the person puts the card in again, and says by a PIN which
    one it has. `fault` is the reader's, none when the card was pulled.
    """

    fault: DeviceFault | None = None


@dataclass(frozen=True)
class Declined:
    """The card said no; `word` says why, `status` is its status word."""

    word: Word
    status: int


@dataclass(frozen=True)
class Refused:
    """The centre's HSM said no; nothing was changed. `reason`: `not_genuine`, ..."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """The centre's HSM did not answer; nothing was changed."""


NoCard = NotOurs | BankOnly | Locked | Blank
"""There is no application to work with."""

Failure = NoCard | AnotherCard | Pulled | Unknown | Declined | Refused | Unreachable
"""How any operation may end instead of what was asked for."""


@dataclass(frozen=True)
class Unfinished:
    """Writing had begun and did not come to its end: the card says by itself how far it is.

    `why`: what came between. The same personalisation may be repeated on the same card, unless
    the card has it whole already (`Unknown`: the answer to its last command was lost).
    """

    why: Failure
