"""The centre's clock: an aware time in China, where the law counts its days."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")
"""One zone, no summer time: no time zone database is needed."""

Clock = Callable[[], datetime]


def china_now() -> datetime:
    """Now, with the offset +08:00, to the second."""
    return datetime.now(CHINA).replace(microsecond=0)
