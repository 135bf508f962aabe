"""When the kiosk serves: parts of the day; outside of them it is closed."""

from collections.abc import Sequence
from datetime import datetime

from kiosk.closing import Closing
from kiosk.services.closed import By, Closed

OVER = Closed("hours")


def serves(hours: Sequence[str], now: datetime) -> bool:
    """Whether a kiosk with these hours ("08:30-12:00") serves now; without any it always does."""
    clock = f"{now:%H:%M}"
    return not hours or any(first <= clock < last for first, _, last in _parts(hours))


def keep(hours: Sequence[str], closing: Closing, now: datetime) -> None:
    """Close or open the kiosk as the hour says; main thread, as often as one likes."""
    if serves(hours, now):
        closing.open(By.HOURS)
    else:
        closing.close(By.HOURS, OVER)


def _parts(hours: Sequence[str]) -> list[tuple[str, str, str]]:
    return [each.partition("-") for each in hours]
