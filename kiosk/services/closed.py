"""Out of service: nobody is served for now, and the page says why and where to go instead."""

from dataclasses import dataclass

REASONS = ("maintenance", "device", "paper", "network", "hours")
"""The reasons an attendant may choose from; `screens.home` has their words."""

MAINTENANCE = REASONS[0]
"""The reason of whoever gives none."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Why the kiosk serves nobody for now, as citizens are told.

    `reason` is one of `REASONS`, or a Chinese sentence; `english` the same sentence in English.
    """

    reason: str
    english: str = ""
