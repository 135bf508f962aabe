"""Paper and the parts it wears, counted by what was printed; days until they are used up.

The attendant says how long a new roll is, and that a print head or a cutter is new; the printer
says how far it fed and how often it cut. Nothing here guesses: where no roll was entered nobody
knows what is left, and the printer's own sensor is all there is; where nobody knows what a part is
rated for, only what it did is told.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk import whole_file
from kiosk.services.attendant_answers import Exchange, Worn
from kiosk.settings import Settings

FILE = "supplies.json"
DAYS = 14
"""Days whose use is kept."""
PACE_DAYS = 7
"""The forecast goes by the mean of so many days, or of as many as are known."""
SAVE_MM = 1
"""What was printed is written down from this much on."""
UNIT = {Exchange.HEAD: 1000, Exchange.CUTTER: 1}
"""So much of what is counted, millimetres and cuts, makes one of what a part is rated in."""


def rated(settings: Settings) -> Mapping[Exchange, int]:
    """What the printer's parts are made for, in metres of paper and in cuts; 0: nobody knows."""
    return {
        Exchange.HEAD: settings.printer_head_km * 1000,
        Exchange.CUTTER: settings.printer_cutter_cuts,
    }


@dataclass(frozen=True, slots=True)
class _Since:
    """What a part did from a day on, in millimetres or cuts."""

    day: date
    done: float = 0.0


@dataclass(frozen=True, slots=True)
class _Counts:
    """What is kept: millimetres left, millimetres and cuts by ISO day, and the parts."""

    left_mm: float | None = None
    used: Mapping[str, float] = field(default_factory=dict[str, float])
    cuts: Mapping[str, float] = field(default_factory=dict[str, float])
    parts: Mapping[Exchange, _Since] = field(default_factory=dict[Exchange, _Since])


class PrinterSupplies:
    """The roll of this kiosk, and the parts of its printer; any thread. `today`: the local day."""

    def __init__(self, folder: Path, today: Callable[[], date]) -> None:
        self._path, self._today = folder / FILE, today
        self._lock = threading.Lock()
        kept = _read(self._path)
        parts = {part: kept.parts.get(part, _Since(today())) for part in UNIT}
        self._counts = replace(kept, parts=parts)
        self._told: tuple[float, int] = 0.0, 0

    def fed(self, total_mm: float, total_cuts: int = 0) -> None:
        """The printer has fed and cut so much since the start of the program, all in all."""
        with self._lock:
            more, cuts = total_mm - self._told[0], total_cuts - self._told[1]
            if more < SAVE_MM and cuts < 1:
                return
            self._told, today, was = (total_mm, total_cuts), self._today(), self._counts
            left_mm = None if was.left_mm is None else max(0.0, was.left_mm - more)
            done = {Exchange.HEAD: more, Exchange.CUTTER: cuts}
            parts = {
                part: replace(since, done=since.done + done[part])
                for part, since in was.parts.items()
            }
            used, all_cuts = _grown(was.used, today, more), _grown(was.cuts, today, cuts)
            self._keep(_Counts(left_mm, used, all_cuts, parts))

    def exchanged(self, metres: int) -> None:
        """A new roll of so many metres is in."""
        with self._lock:
            self._keep(replace(self._counts, left_mm=metres * 1000.0))

    def renewed(self, part: Exchange) -> None:
        """A new print head or cutter is in."""
        with self._lock:
            parts = {**self._counts.parts, part: _Since(self._today())}
            self._keep(replace(self._counts, parts=parts))

    @property
    def left_mm(self) -> float | None:
        """What is left on the roll; None where nobody has said how long it was."""
        with self._lock:
            return self._counts.left_mm

    def days(self) -> float | None:
        """Days until it is empty at the pace of the last week; None where either is not known."""
        with self._lock:
            return days_left(self._counts.left_mm, self._counts.used, self._today())

    def worn(self, rated: Mapping[Exchange, int]) -> tuple[Worn, ...]:
        """What the head and the cutter did, and how long they last; `rated` as of `rated()`."""
        with self._lock:
            counts, today = self._counts, self._today()
        by_day = {Exchange.HEAD: counts.used, Exchange.CUTTER: counts.cuts}
        return tuple(
            _worn(part, since, rated[part], by_day[part], today)
            for part, since in counts.parts.items()
        )

    def _keep(self, counts: _Counts) -> None:
        self._counts = counts
        parts = {
            part: {"since": since.day.isoformat(), "done": since.done}
            for part, since in counts.parts.items()
        }
        told = {"left_mm": counts.left_mm, "used": counts.used, "cuts": counts.cuts, "parts": parts}
        whole_file.put_json(self._path, told)


def days_left(left: float | None, used: Mapping[str, float], today: date) -> float | None:
    """Days until nothing is left, at the mean of the last days; today, not over yet, counts too.

    `used`: as much as `left` is in, by ISO day. Days on which nothing was printed count: a kiosk
    has Sundays.
    """
    first = today - timedelta(days=PACE_DAYS - 1)
    lately = {day: much for day, much in used.items() if first.isoformat() <= day <= str(today)}
    if left is None or not lately:
        return None
    known = (today - date.fromisoformat(min(lately))).days + 1
    return left / (sum(lately.values()) / known)


def _worn(
    part: Exchange, since: _Since, rated: int, by_day: Mapping[str, float], today: date
) -> Worn:
    unit = UNIT[part]
    left = max(0.0, rated * unit - since.done) if rated else None
    days = days_left(left, by_day, today)
    return Worn(part, int(since.done / unit), since.day.isoformat(), rated, days)


def _grown(by_day: Mapping[str, float], today: date, more: float) -> Mapping[str, float]:
    """So much more today; days long past are forgotten, and nothing is no pace."""
    if more <= 0:
        return by_day
    kept, day = (today - timedelta(days=DAYS)).isoformat(), today.isoformat()
    grown = {**by_day, day: by_day.get(day, 0.0) + more}
    return {each: much for each, much in grown.items() if each > kept}


def _read(path: Path) -> _Counts:
    """What was kept; a file that cannot be read says nothing, one without parts counts none yet."""
    try:
        told: Any = whole_file.read_json(path) or {}
        left = told.get("left_mm")
        parts = {
            Exchange(part): _Since(date.fromisoformat(kept["since"]), float(kept["done"]))
            for part, kept in told.get("parts", {}).items()
        }
        used, cuts = _by_day(told["used"]), _by_day(told.get("cuts", {}))
        return _Counts(None if left is None else float(left), used, cuts, parts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Counts()


def _by_day(told: Any) -> dict[str, float]:
    return {date.fromisoformat(day).isoformat(): float(much) for day, much in told.items()}
