"""When the kiosk serves: outside of its timetable it is closed, and says when it opens again."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from kiosk.closing import Closing
from kiosk.services.closed import By, Closed
from kiosk.settings import Settings
from regulation.timetable import opens, serves

WEEK_ZH = "一二三四五六日"


def keep(settings: Settings, closing: Closing, now: datetime) -> None:
    """Close or open the kiosk as the timetable says; main thread, as often as one likes."""
    if serves(settings.hours, settings.days, now):
        closing.open(By.HOURS)
    else:
        minute = now.replace(second=0, microsecond=0)
        closing.close(By.HOURS, _over(settings.hours, tuple(settings.days.items()), minute))


@lru_cache(maxsize=4)
def _over(hours: Sequence[str], days: Sequence[tuple[str, str]], now: datetime) -> Closed:
    """Why it is closed at a minute, and when it opens."""
    at = opens(hours, dict(days), now)
    if at is None:
        return Closed("hours")
    ahead = (at.date() - now.date()).days
    far = f"{at.month}月{at.day}日（星期{WEEK_ZH[at.weekday()]}）"
    day = {0: "今天", 1: "明天"}.get(ahead, far)
    english = {0: "today", 1: "tomorrow"}.get(ahead, f"on {at:%a} {at.day} {at:%b}")
    return Closed(
        f"现在不在服务时间，{day} {at:%H:%M} 开始办理",
        f"Closed at this hour; opens {english} at {at:%H:%M}",
    )
