"""When touches count: not just after a screen changed under the finger, and once a press.

Pure; the clock is given.
"""

from collections.abc import Callable

HOLD = 0.25
"""Seconds the gate stays closed: a second tap meant for the page before does not reach the next."""


class Gate:
    """Open, or closed for `HOLD` seconds. `now` answers seconds that never go back."""

    def __init__(self, now: Callable[[], float], hold: float = HOLD) -> None:
        self._now = now
        self._hold = hold
        self._opens = now()

    @property
    def open(self) -> bool:
        """Whether a touch counts."""
        return self._now() >= self._opens

    def close(self) -> None:
        """Let no touch through for a moment."""
        self._opens = self._now() + self._hold
