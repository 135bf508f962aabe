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


@dataclass(frozen=True, slots=True)
class PaperRead:
    """A paper as a reader gave it: name as written, dates YYYYMMDD, `valid_until` maybe 长期."""

    paper: Paper
    number: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(default="", repr=False)
    ethnicity: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    valid_until: str = field(default="", repr=False)


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


class AddressSays(StrEnum):
    """What the person says of the address that is known."""

    RIGHT = "right"
    AT_WINDOW = "at_window"


class PhotoWish(StrEnum):
    """A child's card may go without a photo (规程 1.1.1(2))."""

    TAKE = "take"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Strokes:
    """A signature: strokes of points, x right and y down, 0..1 of the pad."""

    strokes: tuple[tuple[tuple[float, float], ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignAtWindow:
    """The person signs at the window."""


@dataclass(frozen=True, slots=True)
class Eligible:
    """The centre says yes, and what it knows: the name and the address on file."""

    name: str = field(repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Submitted:
    """The centre has the application. `due` is ISO 8601 local time, `qr` what the code holds."""

    voucher_no: str
    qr: str = field(repr=False)
    window: str
    submitted: str
    due: str


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
