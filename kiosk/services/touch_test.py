"""The touch screen is tried zone by zone: what was not heard is where it is deaf."""

from dataclasses import dataclass

from kiosk.services.answers import Agreed
from kiosk.visit import Fact, Facts, Patience, Step

COLUMNS, ROWS = 5, 8
"""The zones of the whole glass: each some 5 cm wide and 6 cm high on a panel of 21.5 inches."""


@dataclass(frozen=True, slots=True)
class TouchTest:
    """Try the touch screen."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The zones that heard no finger: 0 is the upper left one, then along the row."""

    zones: tuple[int, ...]


MISSED = Fact("touch_grid", Missed)


def _tried(facts: Facts) -> bool:
    return isinstance(facts.get("devices"), TouchTest)


TOUCH_STEPS = (
    Step(MISSED.name, (Missed,), when=_tried, patience=Patience.TYPING),
    Step("touch_written", (Agreed,), work="write_touch", auto=True, when=_tried),
    Step("touch_seen", (), when=_tried),
)
