"""What a unit's clerk and the work with a list answer; never the list itself.

A list stays with the work that looks at it. Facts hold counts, and of wrong rows what a page shows.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.services.answers import Drawn
from kiosk.visit import Fact
from regulation.card_list.faults import RowFault


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit the clerk may act for: its code, and its name as it may be shown."""

    code: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Units:
    """Those of a clerk, at least one. `partial`: good rows are taken without the wrong ones."""

    units: tuple[Unit, ...] = field(repr=False)
    partial: bool = False


class ListSource(StrEnum):
    """Where the list comes from; `TEMPLATE` is for who has none yet."""

    STICK = "stick"
    PHONE = "phone"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file that may be the list: its place among those found, and its name."""

    place: int
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lists:
    """The files of a stick or phone that may be the list, at least one."""

    files: tuple[ListFile, ...]


@dataclass(frozen=True, slots=True)
class NoList:
    """Nothing that can be taken, or no longer (F41).

    `why` is a word of `screens.failure_words.REASONS`, or a sentence.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Scan:
    """An address for a phone, as a QR code (PNG)."""

    picture: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PhoneDone:
    """Everything was sent from the phone."""


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row with faults: its line from 1, whose it is (masked), and every fault."""

    line: int
    name: str = field(repr=False)
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True)
class Clean:
    """A list of so many people, and nothing wrong with it."""

    rows: int


@dataclass(frozen=True, slots=True)
class Faulty:
    """A list with faults in `wrong` of its rows; of them the first ones (F42)."""

    rows: int
    wrong: int
    shown: tuple[WrongRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Picked:
    """A row to be mended."""

    line: int


@dataclass(frozen=True, slots=True)
class GoodOnes:
    """The good rows alone are handed in."""


@dataclass(frozen=True, slots=True)
class WantErrors:
    """What is wrong, to take along."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A field of the row is written anew."""

    field: str


@dataclass(frozen=True, slots=True)
class Remove:
    """The row is taken out of the list."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The centre takes it; the day of the pick-up (ISO), "" where it is not known."""

    rows: int
    due_on: str = ""
    due_sure: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A batch the centre has taken, as its answer tells it (`POST /v1/batches`)."""

    batch_no: str
    qr: str = field(repr=False)
    rows: int
    taken: int
    submitted_at: str
    due_on: str
    due_sure: bool
    outlet: str
    fee_fen: int
    pick_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """All of these people were handed in before, in these batches (F44)."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """The pictures are at the centre: the medium is not needed any more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The list is taken; of its good rows `left` were not."""

    parts: tuple[Part, ...]
    left: int = 0


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Of some of the list nobody knows yet whether it was taken: the keys of its parts."""

    keys: tuple[str, ...]


UNITS = Fact("units", Units)
UNIT = Fact("unit", Unit)
SOURCE = Fact("list_source", ListSource)
STICK_LISTS = Fact("stick", Lists)
PHONE_LISTS = Fact("phone_lists", Lists)
FILE = Fact("list_file", ListFile)
PHONE_CODE = Fact("phone_code", Scan)
TEMPLATE_CODE = Fact("template", Scan)
CLEAN = Fact("preflight", Clean)
FAULTY = Fact("preflight", Faulty)
PICKED = Fact("rows", Picked)
MEND = Fact("row", Mend)
ERRORS = Fact("errors_drawn", Drawn)
PROMISED = Fact("centre_check", Promised)
BEFORE = Fact("centre_check", Before)
TAKEN = Fact("batch_submit", Taken)
NOT_KNOWN = Fact("batch_submit", NotKnown)
