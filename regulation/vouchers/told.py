"""What slips tell of, as data. Names and numbers come in whole: the parts of a slip mask them.

No record has a place for a PIN or an address. Times are local: nothing here has a clock.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from regulation.cells import Applicant, Cell
from regulation.papers import Paper


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a slip, as the paper says; the slip masks it."""

    name: str = field(repr=False)
    paper: Paper
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when something was taken, or a slip was made."""

    site: str
    kiosk_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """The card a service was about, as the centre shows it (reading A14: nothing is computed).

    `state` is the centre's word (临时挂失), `sealed`: it was never activated; `expires_at` the end
    of a temporary loss.
    """

    number: str
    state: str = ""
    sealed: bool = False
    bank: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """An order that the centre has taken. `cell` is the row of the rules it was taken under.

    `service` is its name; `qr` the centre's code, opaque and without personal data; `window` a
    number; `due_at` when a new card is made at the latest (规程 1.1.3(1)); `reason` and `portrait`
    are the request's words for a replacement; `fee_fen` is settled at the window; `hotline` the
    bank's telephone, "" if nobody knows it; `marks` are the request's, what the window looks
    after. Of a case that was mended, `mended` names the parts, `earlier` the number sent back.
    """

    cell: Cell
    service: str
    voucher_no: str
    qr: str
    holder: Person
    agent: Person | None
    origin: Origin
    phone: str | None = field(default=None, repr=False)
    window: str = ""
    due_at: datetime | None = None
    reason: str = ""
    portrait: str = ""
    fee_fen: int = 0
    card: Card | None = None
    hotline: str = ""
    marks: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A request whose result is not known. `code` is what a clerk asks for.

    `voucher_no` is "" unless the centre gave one. `by_paper`: an ID card was read, and the same
    one gets the voucher at the kiosk later.
    """

    cell: Cell
    service: str
    code: str
    holder: Person
    agent: Person | None
    origin: Origin
    voucher_no: str = ""
    by_paper: bool = True


@dataclass(frozen=True, slots=True)
class BatchPart:
    """One batch of a unit's list: a long list is taken in several. `due_on` is its last day.

    `due_sure`: False where a year was counted without its calendar.
    """

    batch_no: str
    qr: str
    taken: int
    left_out: int
    due_on: date
    due_sure: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """A unit's list that the centre has taken (规程 1.2.2(2)).

    `unit` is its name, else its code; `outlet` the number of the only place where the cards are
    picked up; `pick_up` the centre's words for it.
    """

    cell: Cell
    service: str
    unit: str = field(repr=False)
    clerk: Person
    parts: tuple[BatchPart, ...]
    origin: Origin
    outlet: str = ""
    fee_fen: int = 0
    pick_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing to mend in a list: its row, the column's name, the cure; never what stands there.

    `row` is counted from 1 as the person counts; 0 is the file as a whole.
    """

    row: int
    column: str
    cure: str


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong with a list of so many `rows` (F42). `qr` is a code for it, "" without one."""

    service: str
    clause: str
    rows: int
    errors: tuple[RowError, ...]
    origin: Origin
    qr: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """Why something cannot be done here, and the nearest way.

    `applicant` is who stands here, `reason` a clerk's sentence ("" for a list of materials),
    `clause` the regulation's, `ways` the cells of `Rules.nearest`, the nearest first; `place` the
    nearest address, "" if none is known. `instead` names another service that `ways` are of.
    """

    cell: Cell
    service: str
    reason: str
    clause: str
    ways: tuple[Cell, ...]
    origin: Origin
    place: str = ""
    instead: str = ""

    @property
    def applicant(self) -> Applicant:
        """Who stands here."""
        return self.cell.applicant


@dataclass(frozen=True, slots=True)
class LossByPhone:
    """A loss that could not be reported here, for the centre is down (规程 6.2(1))."""

    clause: str
    origin: Origin
    by_agent: bool = False
    bank: str = ""
    hotline: str = ""
