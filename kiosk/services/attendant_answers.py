"""What attendants and the work of attendant mode answer. No answer holds anybody's datum."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.services.proved import Proved
from kiosk.visit import Fact


class Role(StrEnum):
    """What somebody who looks after kiosks is."""

    ATTENDANT = "attendant"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Attendant:
    """Who entered: the id by which they are known here."""

    id: str
    role: Role


ATTENDANT = Fact("who_attends", Attendant)
SECOND = Fact("second_pin", Attendant)
"""Another one, where two are needed."""


@dataclass(frozen=True, slots=True)
class NotAdmitted:
    """No PIN of this id, or no such id: which of the two nobody is told."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many wrong PINs: the next may be typed after so many seconds."""

    seconds: int


class Task(StrEnum):
    """What an attendant does here."""

    DEVICES = "devices"
    FIGURES = "figures"
    CUSTODY = "custody"
    SUPPLIES = "supplies"
    REPRINT = "reprint"
    EXPORT = "export"
    CLOSE = "close"
    OPEN = "open"
    RESTART = "restart"
    NETWORK = "network"
    LEVELS = "levels"


TASK = Fact("attendant", Task)


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """How a device is: words of XFS4IoT (`hardware.device`), and what it was last unable to do.

    `cure` is who can mend it; `did` what it was seen to do in a self-test; `last` the detail of
    its last fault since the start, `last_at` when (HH:MM), both "" for none.
    """

    name: str
    state: str
    detail: str = ""
    cure: str = ""
    supplies: Mapping[str, str] = field(default_factory=dict[str, str])
    did: tuple[str, ...] = ()
    last: str = ""
    last_at: str = ""

    @property
    def fine(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.state in ("online", "not_configured") and not self.detail


@dataclass(frozen=True, slots=True)
class DevicesSeen:
    """All devices, as they were found, and what the kiosk last proved of itself, if it did."""

    devices: tuple[DeviceSeen, ...]
    proved: Proved | None = None


DEVICES = Fact("devices_seen", DevicesSeen)
TRIED = Fact("devices_tried", DevicesSeen)


@dataclass(frozen=True, slots=True)
class Try:
    """Try a device by its name; "" all of them."""

    device: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """Show how a fault of a device is mended, by its detail."""

    device: str
    detail: str


@dataclass(frozen=True, slots=True)
class Count:
    """So many cases of a service are in a state of the journal."""

    service: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Today's cases by service and state, and how many of any day are not settled yet."""

    counts: tuple[Count, ...]
    unsettled: int


FIGURES = Fact("figures_seen", Figures)


@dataclass(frozen=True, slots=True)
class Kept:
    """A thing in custody: in which device or bin, and since when (ISO 8601)."""

    place: str
    since: str


@dataclass(frozen=True, slots=True)
class InCustody:
    """What is in custody, the longest kept first."""

    things: tuple[Kept, ...]


CUSTODY = Fact("custody_seen", InCustody)


@dataclass(frozen=True, slots=True)
class TakeOut:
    """What is in custody at a place is being taken out by the attendant."""

    place: str


TAKE_OUT = Fact("custody", TakeOut)


class Exchange(StrEnum):
    """What is exchanged."""

    PAPER = "paper"
    HEAD = "print_head"
    CUTTER = "cutter"
    BIN = "retain_bin"


EXCHANGE = Fact("supplies", Exchange)

WORN_OUT_SOON = 90
"""A part that has done so much of what it is rated for, in percent, is warned of."""


@dataclass(frozen=True, slots=True)
class Worn:
    """A part of the printer that wears out: metres of paper under the head, cuts of the cutter.

    It did so much from the day `since` (ISO) on, and is `rated` for so much, 0 where that is not
    known; `days` until then at the pace of the last week, None where either is not known.
    """

    part: Exchange
    done: int
    since: str
    rated: int = 0
    days: float | None = None

    @property
    def percent(self) -> int | None:
        """How much of its life is used, perhaps more than 100; None where nobody knows it."""
        return 100 * self.done // self.rated if self.rated else None

    @property
    def over(self) -> bool:
        """Whether it did all it is rated for."""
        return bool(self.rated) and self.done >= self.rated

    @property
    def soon(self) -> bool:
        """Whether a new one should be at hand."""
        return self.percent is not None and self.percent >= WORN_OUT_SOON


@dataclass(frozen=True, slots=True)
class SuppliesSeen:
    """Paper: millimetres left (None: nobody has said how long the roll was), the printer's word.

    `days` until it runs out at the pace of the last week, None where that is not known; `bin`
    cards in the bin; `parts` those of the printer that wear out.
    """

    paper_mm: int | None
    paper: str
    days: float | None
    bin: int
    parts: tuple[Worn, ...] = ()


SUPPLIES = Fact("supplies_seen", SuppliesSeen)


@dataclass(frozen=True, slots=True)
class Metres:
    """How long a new roll is."""

    metres: int


METRES = Fact("paper_length", Metres)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """It was exchanged; `expected` and `counted` cards of a bin, metres of a roll.

    Of a part: what the old one was rated for, and what it did (`Worn`).
    """

    counted: int
    expected: int


EXCHANGED = Fact("exchange_ended", Exchanged)


@dataclass(frozen=True, slots=True)
class NoSlip:
    """No slip of the last 24 hours has this number, or several have it."""


class Wanted(StrEnum):
    """Which lines of the log are exported."""

    ERRORS = "errors"
    ALL = "all"


WANTED = Fact("export_what", Wanted)


@dataclass(frozen=True, slots=True)
class Exported:
    """The log is on the stick, under this name, with so many lines."""

    file: str
    lines: int


EXPORTED = Fact("export", Exported)


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of the way to the centre: dns, tcp, tls, answer (`figure` ms) or clock (seconds)."""

    name: str
    ok: bool
    figure: int


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    """The steps that were tried; only the last may have failed."""

    hops: tuple[Hop, ...]


NETWORK = Fact("network_seen", NetworkSeen)


@dataclass(frozen=True, slots=True)
class PowerOff:
    """The machine shall be off, not begin anew."""
