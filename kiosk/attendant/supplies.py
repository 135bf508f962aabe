"""Paper, counted by what was printed: millimetres left on the roll, and days until it is empty.

The attendant says how long a new roll is; the printer says how far it fed. Nothing here guesses:
where no roll was entered nobody knows what is left, and the printer's own sensor is all there is.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk import whole_file

FILE = "supplies.json"
DAYS = 14
"""Days whose use is kept."""
PACE_DAYS = 7
"""The forecast goes by the mean of so many days, or of as many as are known."""
SAVE_MM = 1
"""What was printed is written down from this much on."""


class Paper:
    """The roll of this kiosk; any thread. `today` gives the local day."""

    def __init__(self, folder: Path, today: Callable[[], date]) -> None:
        self._path, self._today = folder / FILE, today
        self._lock = threading.Lock()
        self._left_mm, self._used = _read(self._path)
        self._told_mm = 0.0

    def fed(self, total_mm: float) -> None:
        """The printer has fed so much since the start of the program, all in all."""
        with self._lock:
            more = total_mm - self._told_mm
            if more < SAVE_MM:
                return
            self._told_mm, today = total_mm, self._today()
            kept = (today - timedelta(days=DAYS)).isoformat()
            used = {**self._used, today.isoformat(): self._used.get(today.isoformat(), 0.0) + more}
            self._used = {day: mm for day, mm in used.items() if day > kept}
            if self._left_mm is not None:
                self._left_mm = max(0.0, self._left_mm - more)
            self._write()

    def exchanged(self, metres: int) -> None:
        """A new roll of so many metres is in."""
        with self._lock:
            self._left_mm = metres * 1000.0
            self._write()

    @property
    def left_mm(self) -> float | None:
        """What is left on the roll; None where nobody has said how long it was."""
        with self._lock:
            return self._left_mm

    def days(self) -> float | None:
        """Days until it is empty at the pace of the last week; None where either is not known."""
        with self._lock:
            return days_left(self._left_mm, self._used, self._today())

    def _write(self) -> None:
        whole_file.put_json(self._path, {"left_mm": self._left_mm, "used": self._used})


def days_left(left_mm: float | None, used: Mapping[str, float], today: date) -> float | None:
    """Days until nothing is left, at the mean of the last days; today, not over yet, counts too.

    `used`: millimetres by ISO day. Days on which nothing was printed count: a kiosk has Sundays.
    """
    first = today - timedelta(days=PACE_DAYS - 1)
    lately = {day: mm for day, mm in used.items() if first.isoformat() <= day <= today.isoformat()}
    if left_mm is None or not lately:
        return None
    known = (today - date.fromisoformat(min(lately))).days + 1
    return left_mm / (sum(lately.values()) / known)


def _read(path: Path) -> tuple[float | None, dict[str, float]]:
    """What was kept; a file that cannot be read says nothing."""
    try:
        told: Any = whole_file.read_json(path) or {}
        left = told.get("left_mm")
        used = {date.fromisoformat(day).isoformat(): float(mm) for day, mm in told["used"].items()}
        return (None if left is None else float(left)), used
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, {}
