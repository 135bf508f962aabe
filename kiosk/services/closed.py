"""Out of service: nobody is served for now, and the page says why and where to go instead."""

from dataclasses import dataclass
from enum import StrEnum

REASONS = ("maintenance", "device", "paper", "network", "hours")
"""The reasons an attendant may choose from; `screens.home` has their words."""

MAINTENANCE = REASONS[0]
"""The reason of whoever gives none."""


class By(StrEnum):
    """Who closes and opens."""

    NOT_ENROLLED = "not_enrolled"
    """Not kept: the kiosk has no certificate at its start, though it shall have one."""
    ATTENDANT = "attendant"
    """Kept over a restart, until an attendant opens it again."""
    OPERATOR = "operator"
    """Not kept: the configuration says it anew at each start."""
    HOURS = "hours"
    """Not kept: the clock says it anew."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Why the kiosk serves nobody for now, as citizens are told.

    `reason` is one of `REASONS`, or a Chinese sentence; `english` the same sentence in English.
    """

    reason: str
    english: str = ""
