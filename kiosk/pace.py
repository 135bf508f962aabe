"""What time it is, and how long the kiosk has for things; a test brings its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from kiosk.push import Rhythm

CHINA = timezone(timedelta(hours=8), "China")
"""The law's time: ages, validity and terms go by it, whatever the machine's zone is."""


def local_now() -> datetime:
    """The time in Chongqing, with its offset."""
    return datetime.now(CHINA)


@dataclass(frozen=True, slots=True)
class Pace:
    """The clocks of a kiosk, and its patience with papers, devices and the centre, in seconds.

    How long people have is in the settings (`[patience]`). `clock` only grows, `now` is local.
    """

    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = local_now
    calendar: Callable[[], float] = time.time
    """Seconds since 1970: goes on over a restart, and may be set."""
    paper_s: float = 30.0
    """After this long without a paper the person is asked whether there is one (F01)."""
    beat_s: float = 1.0
    """Three, two, one: the countdown before a portrait."""
    picture_s: float = 4.0
    """How long a camera may take for a picture."""
    centre_s: float = 8.0
    """How long a person is kept waiting for the centre before the other ways out are shown."""
    printer_s: float = 3.0
    """How long the printer may be silent."""
    push: Rhythm = field(default_factory=Rhythm)
    """How often the centre is asked for a new configuration."""
