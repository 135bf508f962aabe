"""So many at once, and no more: a fleet that comes back together is served as fast as it can be.

Whoever waits longer than their patience is served for nothing, and asks again: past some number
nobody is served at all. Who is sent away at once costs almost nothing, and is told when there will
be a place: later than whoever was sent away before. So they come one after the other.
"""

import math
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from central.problems import Kind, ProblemError

LONGEST_S = 300.0
"""Nobody is told to come later than that."""
WEIGHT = 0.1
"""Of the last one, in how long a place is taken on the average."""


class Crowd:
    """Places for so many callers of one process; for its event loop's thread alone."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock, self.inside = most, clock, 0
        self._taken_s = self._promised = 0.0

    @contextmanager
    def place(self) -> Generator[None]:
        """A place as long as the block lasts.

        Raises `BUSY` with the seconds until there will be one (`Retry-After`).
        """
        if self.inside >= self._most:
            raise ProblemError(Kind.BUSY, headers={"Retry-After": str(self._appointment())})
        self.inside += 1
        began = self._clock()
        try:
            yield
        finally:
            self.inside -= 1
            self._taken_s += WEIGHT * (self._clock() - began - self._taken_s)

    def _appointment(self) -> int:
        """Whole seconds until the places will have been given to all who were told before."""
        now = self._clock()
        next_s = max(self._promised - now, 0.0) + self._taken_s / self._most
        self._promised = now + min(next_s, LONGEST_S)
        return max(1, math.ceil(self._promised - now))
