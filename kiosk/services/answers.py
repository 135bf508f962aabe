"""What people and work answer: the facts of every service, by type.

Nothing here shows a person's data when it is printed: every such field is left out of the repr.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kiosk.visit import Fact
from regulation.papers import Paper

TODAY = Fact("today", date)
"""The day the visit began, by the kiosk's clock: what is valid is judged by it."""


CLOCK_OFF = Fact("clock_off", bool)
"""The kiosk's clock is not the centre's (F47): nobody is told here that a paper has expired."""


@dataclass(frozen=True, slots=True)
class PaperRead:
    """A paper as a reader gave it: name as written, dates YYYYMMDD, `valid_until` maybe 长期.

    `social_number` 社会保障号码 is what a 社保卡 says of its holder, whose card number is `number`.
    """

    paper: Paper
    number: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(default="", repr=False)
    ethnicity: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    valid_until: str = field(default="", repr=False)
    social_number: str = field(default="", repr=False)

    @property
    def whose(self) -> str:
        """The person's own number, which tells people apart whatever paper they show."""
        return self.social_number or self.number


TAPPED = Fact("tapped", PaperRead)
"""A paper put on the reader at home: it is the paper of the person standing there."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The paper on the reader gave nothing: lift it, lay it flat, try again."""


@dataclass(frozen=True, slots=True)
class WrongPaper:
    """A paper the reader knows and the rule does not."""


@dataclass(frozen=True, slots=True)
class OtherPaper:
    """No resident ID card here: another paper will be shown."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Read, understood, confirmed."""


@dataclass(frozen=True, slots=True)
class NotMe:
    """The paper that was shown is somebody else's."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Ready for a picture, from the `camera` or from the `document_camera`."""

    source: str = "camera"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG picture. `doubt`: what is wrong with it, when it was taken all the same."""

    jpeg: bytes = field(repr=False)
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class BadPicture:
    """A picture that cannot serve: too_dark, too_bright or blurred."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoPicture:
    """The camera could not take the picture; the window sees to it."""


@dataclass(frozen=True, slots=True)
class NoPhone:
    """The person has no mobile telephone."""


@dataclass(frozen=True, slots=True)
class KnownPhone:
    """The number that the centre has is still right."""


class AddressSays(StrEnum):
    """What the person says of the address that is known."""

    RIGHT = "right"
    AT_WINDOW = "at_window"


class PhotoWish(StrEnum):
    """A child's card may go without a photo, a replacement keeps it (规程 1.1.1(2), 3.1.1)."""

    TAKE = "take"
    NONE = "none"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Strokes:
    """A signature: strokes of points, x right and y down, 0..1 of the pad."""

    strokes: tuple[tuple[tuple[float, float], ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignAtWindow:
    """The person signs at the window."""


@dataclass(frozen=True, slots=True)
class CardSeen:
    """One of the person's cards as the centre shows it: `card` names it, `number` is masked.

    `state_zh` and `state_en` are the centre's words; `lost_until` the end of a temporary loss, and
    `since` when the state began, ISO.
    """

    card: str
    number: str
    state: str
    state_zh: str
    state_en: str
    bank: str = ""
    lost_until: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Eligible:
    """The centre says yes, and what it knows: the name, the address and the cards on file.

    `phone` is masked; `fee_fen` is settled at the window; `in_hand`: the card that was shown is
    the one that would be reported lost (reading A13); `code_needed`: an agent needs a code from the
    holder's phone (A10).
    """

    name: str = field(repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    cards: tuple[CardSeen, ...] = field(default=(), repr=False)
    in_hand: bool = False
    fee_fen: int = 0
    code_needed: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """The centre has the application. `due` is ISO 8601 local time, `qr` what the code holds.

    `card` is what became of the card the service was about.
    """

    voucher_no: str
    qr: str = field(repr=False)
    window: str
    submitted: str
    due: str
    fee_fen: int = 0
    card: CardSeen | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """The application is safe in the kiosk, its result is not known yet."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The application is in the journal, under this key: from here on nothing is lost."""

    key: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """The slip as a picture (PNG): what is printed, and what the screen shows."""

    picture: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Printed:
    """The slip came out whole."""


@dataclass(frozen=True, slots=True)
class OnScreen:
    """The slip did not come out; the person keeps it by the picture on the screen."""


@dataclass(frozen=True, slots=True)
class WantSlip:
    """Print it."""


@dataclass(frozen=True, slots=True)
class Done:
    """Everything is taken."""
