"""What operators hear of a kiosk as soon as it is so: it serves nobody, somebody calls for help."""

from dataclasses import dataclass

from kiosk.house import House
from kiosk.log import Event

CALLED_S = 120.0
"""So long help is called after it was wished for at home, where nobody takes it back."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Whether it is closed, by whomever, and whether a citizen calls for an attendant."""

    closed: bool = False
    called: bool = False


class Noticing:
    """Looks at a house on the main thread; `now` is for any."""

    def __init__(self, house: House) -> None:
        self._house, self.now = house, Noticed()
        self._calls, self._until = house.log.counts[Event.HELP_CALLED], 0.0

    def look(self) -> bool:
        """Look again; whether something is not as it was."""
        before, self.now = self.now, Noticed(self._house.closing.why is not None, self._called())
        return self.now != before

    def _called(self) -> bool:
        house, time = self._house, self._house.pace.clock()
        before, self._calls = self._calls, house.log.counts[Event.HELP_CALLED]
        if self._calls > before and house.desk.visit is None:
            self._until = time + CALLED_S
        return house.desk.called or time < self._until
