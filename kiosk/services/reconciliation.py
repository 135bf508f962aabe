"""What came of holding today's cases against the centre, number by number. No person is in it."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.visit import Fact


class Differs(StrEnum):
    """How a case here is not what the centre has."""

    MISSING = "missing"
    """The slip has a number that the centre does not know."""
    OTHER = "other"
    """The centre has another number under this case's key, or has one where there is none here."""
    OPEN = "open"
    """It has not been handed in; the centre may have it all the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that differs: its service, when it was opened (ISO 8601), its number here and there.

    "" is no number.
    """

    kind: Differs
    service: str
    opened: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """So many numbers agree, these cases do not, and of so many the centre said nothing."""

    agree: int
    differing: tuple[Difference, ...] = ()
    unasked: int = 0


RECONCILED = Fact("reconciled", Reconciled)
