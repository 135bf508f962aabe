"""How loud and how bright the kiosk is: what an attendant sees of it, and sets."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.visit import Change, Fact, Step

VOLUMES = (20, 40, 60, 80, 100)
"""Per cent of what the speaker gives. Never mute: a kiosk that calls after a card is heard."""
LEAST_LIGHT, FULL = 30, 100
BRIGHTNESSES = (LEAST_LIGHT, 50, 65, 80, FULL)
"""Per cent of what the panel gives. Never dark: whoever set it has to find the way back."""


class Level(StrEnum):
    """What is set."""

    VOLUME = "volume"
    BRIGHTNESS = "brightness"


LEVEL = Fact("levels", Level)


@dataclass(frozen=True, slots=True)
class LevelsSeen:
    """Both in per cent; None for what this machine cannot set."""

    volume: int | None
    brightness: int | None

    def of(self, level: Level) -> int | None:
        """One of them."""
        return self.volume if level is Level.VOLUME else self.brightness


LEVELS = Fact("levels_seen", LevelsSeen)


@dataclass(frozen=True, slots=True)
class SetTo:
    """So many per cent from now on."""

    percent: int


SET_TO = Fact("level", SetTo)

LEVEL_STEPS = (
    Step(LEVELS.name, (LevelsSeen,), work="look_at_levels", auto=True),
    Step(LEVEL.name, (Level,)),
    Step(SET_TO.name, (SetTo,)),
    Step("level_set", (), work="set_level", auto=True),
)
"""Whoever sets one hears or sees it, and may set it again, until it is right."""

SET_AGAIN = Change(drop=(LEVELS.name, SET_TO.name))
