"""So many at once, and no more: a fleet that comes back together is served as fast as it can be.

Whoever waits longer than their patience is served for nothing, and asks again: past some number
nobody is served at all. Who is sent away at once costs almost nothing and comes back later.
"""

from collections.abc import Generator
from contextlib import contextmanager

from central.problems import Kind, ProblemError


class Crowd:
    """Places for so many callers of one process; for its event loop's thread alone."""

    def __init__(self, most: int) -> None:
        self._most, self.inside = most, 0

    @contextmanager
    def place(self) -> Generator[None]:
        """A place as long as the block lasts. Raises `BUSY`, which may be asked again."""
        if self.inside >= self._most:
            raise ProblemError(Kind.BUSY)
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
