"""The way in that no citizen takes by accident: the two upper corners, each held, left then right.

Chosen so: nothing is there to be pressed, so a hand has no reason to be there; a hand that wipes
the glass or leans on it moves on or stays, and does not hold one corner for two seconds, let go,
and hold the other for two within six, with no touch in between (docs/attendant.md). Pure: the clock
is given.
"""

from collections.abc import Callable

HOLD_S = 2.0
"""A corner is held at least so long."""
WITHIN_S = 6.0
"""The second is let go within so long after the first."""
CORNER = 0.15
"""How much of the width, and how much of the height a corner is; 40 mm and 70 mm of 21.5 inches."""
DEEP = CORNER / 1.78

LEFT, RIGHT = "left", "right"


class Corners:
    """Follows touches: `down` with a touch's name and place (0..1 from left and from top), `up`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._down: tuple[object, str, float] | None = None
        self._first_at: float | None = None

    def down(self, touch: object, across: float, from_top: float) -> None:
        """A finger came; anywhere else than in the corner that is due it ends the attempt."""
        corner = _corner(across, from_top)
        due = LEFT if self._first_at is None else RIGHT
        if corner == LEFT and self._down is None:
            self._first_at, due = None, LEFT
        if corner != due or self._down is not None:
            self._down = self._first_at = None
            return
        self._down = (touch, corner, self._now())

    def up(self, touch: object) -> bool:
        """A finger went; True when both corners have been held."""
        down, self._down = self._down, None
        if down is None or down[0] != touch or self._now() - down[2] < HOLD_S:
            self._first_at = None
            return False
        if down[1] == LEFT:
            self._first_at = self._now()
            return False
        first, self._first_at = self._first_at, None
        return first is not None and self._now() - first <= WITHIN_S


def _corner(across: float, from_top: float) -> str:
    if from_top > DEEP:
        return ""
    return LEFT if across < CORNER else RIGHT if across > 1 - CORNER else ""
