"""Whether the kiosk's clock may be trusted with a day: compared with the centre's (F47)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.link import Centre, OutOfDate, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.answers import CLOCK_OFF
from kiosk.visit import NO_FACTS, Facts

COMPARE_S = 60.0
"""How often it is compared."""
MOST_SKEW_S = 300.0

OK, OFF, DATED = "ok", "off", "off_or_certificate"
"""`DATED`: the centre's certificate is of other days. Its end cannot be told from a wrong clock."""


@dataclass(slots=True, eq=False)
class Clocks:
    """The kiosk's clock beside the centre's; `compare` is for the link's thread.

    What is known stays so while the centre is away.
    """

    centre: Centre
    now: Callable[[], datetime]
    log: Log
    state: str = OK

    @property
    def off(self) -> bool:
        """Whether they are more than five minutes apart, or seem to be years apart."""
        return self.state != OK

    def known(self) -> Facts:
        """What a visit has to know of it: that no paper can be said to have expired."""
        return {CLOCK_OFF.name: True} if self.off else NO_FACTS

    def compare(self) -> None:
        """Ask the centre for its time; what changed is written down, for the attendant."""
        try:
            apart = self.centre.time() - self.now()
        except OutOfDate:
            self._know(DATED)
        except (Unreachable, Unknown, Rejected):
            return  # whoever needs the centre writes down that it is away
        else:
            self._know(OFF if abs(apart.total_seconds()) > MOST_SKEW_S else OK)

    def _know(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.log.write(LogEvent.DEVICE_STATE, device="clock", state=state)
