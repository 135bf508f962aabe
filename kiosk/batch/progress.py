"""How far a long work is: rows or pictures, how many a second, and the time left."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

EVERY_S = 0.1


class Stage(StrEnum):
    """What is counted."""

    ROWS = "rows"
    PICTURES = "pictures"
    CENTRE = "centre"
    UPLOAD = "upload"
    SUBMIT = "submit"


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total`; `rate` a second, since this stage began; `left_s` at this rate."""

    stage: Stage
    done: int
    total: int
    rate: float
    left_s: float


Tell = Callable[[Progress], None]
"""Called on the working thread, ten times a second at most, and when a stage ends."""


class Meter:
    """Counts one stage."""

    def __init__(self, stage: Stage, total: int, tell: Tell) -> None:
        self._stage, self._total, self._tell = stage, total, tell
        self._done, self._began = 0, time.monotonic()
        self._told = self._began

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self._done += count
        now = time.monotonic()
        if now - self._told >= EVERY_S:
            self._told = now
            self._say(now)

    def end(self) -> None:
        """The stage is over."""
        self._total = self._done
        self._say(time.monotonic())

    def _say(self, now: float) -> None:
        rate = self._done / max(now - self._began, 1e-6)
        left = max(self._total - self._done, 0) / rate if rate else 0.0
        self._tell(Progress(self._stage, self._done, max(self._total, self._done), rate, left))
