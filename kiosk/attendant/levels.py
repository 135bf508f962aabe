"""An attendant sets how loud and how bright the kiosk is."""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.sound.driver import Chime, Sound
from kiosk.attendant.backlight import Backlight
from kiosk.attendant.loudness import Loudness
from kiosk.desk import Ask
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant_answers import ATTENDANT
from kiosk.services.levels import LEVEL, SET_AGAIN, SET_TO, Level, LevelsSeen
from kiosk.visit import NO_FACTS, Event, Failed, Said


@dataclass(frozen=True, slots=True)
class Levels:
    """Both levels; `operator` gives the volume the settings say now. Any thread."""

    sound: Sound | None
    loudness: Loudness
    backlight: Backlight
    operator: Callable[[], int]
    log: Log

    def look(self, _ask: Ask) -> Event:
        """How they are."""
        volume = self.loudness.under(self.operator()) if self.sound else None
        return Said(LevelsSeen(volume, self.backlight.percent()))

    def set(self, ask: Ask) -> Event | None:
        """Set one: a chime to hear it, the panel to see it; what did not work is told."""
        facts = ask.visit.facts if ask.visit else NO_FACTS
        level, wanted, who = LEVEL.of(facts), SET_TO.of(facts), ATTENDANT.of(facts)
        if level is None or wanted is None:
            return None
        try:
            if level is Level.VOLUME:
                self._louder(wanted.percent)
            else:
                self.backlight.set(wanted.percent)
        except (OSError, ValueError) as error:
            self.log.write(LogEvent.STORE_FAILED, error=type(error).__name__)
            return Failed("attendant_failed", level)
        self.log.write(
            LogEvent.ATTENDANT_DID,
            id=who.id if who else "",
            what=level,
            detail=f"to {wanted.percent}",
        )
        return Said(SET_AGAIN)

    def _louder(self, percent: int) -> None:
        if self.sound is not None:
            self.sound.set_volume(percent)
            self.sound.chime(Chime.SUCCESS)
            self.loudness.keep(self.operator(), percent)
