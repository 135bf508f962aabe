"""Whether the kiosk's clock may be trusted with a day: compared with the centre's (F47)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.answers import CLOCK_OFF
from kiosk.visit import NO_FACTS, Facts

COMPARE_S = 60.0
"""How often it is compared."""
MOST_SKEW_S = 300.0


@dataclass(slots=True, eq=False)
class Clocks:
    """The kiosk's clock beside the centre's; `compare` is for the link's thread.

    `off`: they are more than five minutes apart. What is known stays so while the centre is away.
    """

    centre: Centre
    now: Callable[[], datetime]
    log: Log
    off: bool = False

    def known(self) -> Facts:
        """What a visit has to know of it: that no paper can be said to have expired."""
        return {CLOCK_OFF.name: True} if self.off else NO_FACTS

    def compare(self) -> None:
        """Ask the centre for its time; what changed is written down, for the attendant."""
        try:
            apart = self.centre.time() - self.now()
        except (Unreachable, Unknown, Rejected):
            return  # whoever needs the centre writes down that it is away
        off = abs(apart.total_seconds()) > MOST_SKEW_S
        if off != self.off:
            self.off = off
            self.log.write(LogEvent.DEVICE_STATE, device="clock", state="off" if off else "ok")
