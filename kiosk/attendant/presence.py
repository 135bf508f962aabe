"""Who is in attendant mode: when they leave it is written down, and an open door is seen again."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant import attending
from kiosk.services.attendant_answers import Attendant
from kiosk.visit import Visit


@dataclass(slots=True, eq=False)
class Presence:
    """Follows the visit on the main thread. `left` is called when attendant mode was left."""

    log: Log
    left: Callable[[], None]
    _who: Attendant | None = field(default=None)

    def look(self, visit: Visit | None) -> None:
        """Follow the visit."""
        now, before = attending(visit), self._who
        if now == before:
            return
        self._who = now
        if before is not None:
            self.log.write(LogEvent.ATTENDANT_LEFT, id=before.id)
            self.left()
