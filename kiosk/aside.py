"""A citizen's visit that is put aside while an attendant helps, and taken up where it was.

It stays in memory alone, for five minutes at most: then it ends as if the person had walked away.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeGuard

from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant import ENTRY, HELPING, OF_ATTENDANTS
from kiosk.services.attendant_answers import ATTENDANT
from kiosk.services.helping import HELPED, Outcome, state_of
from kiosk.visit import (
    HELP,
    MORE_TIME,
    NOT_IN_THE_WAY,
    OF_NOBODY,
    Begin,
    Broke,
    Event,
    Help,
    Idle,
    Opened,
    Overlay,
    Resume,
    Said,
    Visit,
    advance,
)

LONGEST_S = 300.0
"""So long a visit stays aside: nobody stands beside an attendant for longer with nothing to do."""


@dataclass(slots=True, eq=False)
class Aside:
    """Moves visits as `advance` does, and knows of the one that waits. Main thread only.

    `called`: the person asked for help and has not taken it back; `visit` is what was put aside.
    `_last` failed last, `_open` is what of it still stands in the way, perhaps below F36 or F50.
    """

    log: Log
    called: bool = False
    visit: Visit | None = None
    _began: float = 0.0
    _since: float = 0.0
    _last: Overlay | None = None
    _open: Overlay | None = None

    def begin(self, visit: Visit | None, now: float) -> None:
        """A visit that was kept goes on: it counts from now, and help that was called still is."""
        if visit is not None:
            self._follow(None, Help() if visit.overlay == HELP else Resume(), visit, now)

    def advance(
        self, before: Visit | None, event: Event, now: float, *, busy: bool
    ) -> Visit | None:
        """The visit after an event; `busy`: what is under way has to end before anybody helps."""
        if self.visit is not None and before is not None:
            return self._beside(self.visit, before, event)
        if before and self.called and not busy and _enters(event):
            return self._put(before, event, now)
        after = advance(before, event)
        self._follow(before, event, after, now)
        return after

    def late(self, now: float) -> bool:
        """Whether a visit has been aside for too long."""
        return self.visit is not None and now - self._since >= LONGEST_S

    def ended(self) -> Visit | None:
        """Give up what is aside, as when whoever it was of walked away."""
        citizen = self.visit
        self._forget()
        return _walked_away(citizen) if citizen else None

    def _put(self, before: Visit, event: Begin, now: float) -> Visit:
        self.visit, self._since = before, now
        seen = state_of(before, int((now - self._began) // 60), self._last)
        return Visit(event.service, MappingProxyType({**event.facts, HELPED.name: seen}))

    def _beside(self, citizen: Visit, before: Visit, event: Event) -> Visit | None:
        """The attendant's own steps, and then the citizen's visit again."""
        after = advance(before, event)
        if after is not None and after.service.name in (ENTRY, HELPING):
            return after
        if isinstance(event, Broke | Opened):
            self._forget()
            return after
        self.visit, who = None, ATTENDANT.of(before.facts)
        if who is None:  # nobody came in: help is still called
            return replace(citizen, overlay=HELP)
        answer = event.answer if isinstance(event, Said) else None
        outcome = answer if isinstance(answer, Outcome) else Outcome.BACK
        self.log.write(LogEvent.ATTENDANT_DID, id=who.id, what="help", detail=outcome)
        if outcome is Outcome.END:
            self._forget()
            return _walked_away(citizen)
        self.called = False
        return replace(citizen, overlay=None if outcome is Outcome.RETRY else self._open)

    def _follow(self, before: Visit | None, event: Event, after: Visit | None, now: float) -> None:
        """What a helper will have to know, while a person is served."""
        if after is None or after.service in OF_NOBODY or after.service.name in OF_ATTENDANTS:
            self._forget()
            return
        if before is None or before.service in OF_NOBODY:
            self._began = now
        if after.overlay is None:
            self._open = None
        if isinstance(event, Help):
            self.called = True
        elif isinstance(event, Resume) and before is not None:
            self.called = self.called and before.overlay != HELP
        if after.overlay is not None and after.overlay not in NOT_IN_THE_WAY:
            self._last = self._open = after.overlay

    def _forget(self) -> None:
        self.called, self.visit = False, None
        self._last = self._open = None


def _enters(event: Event) -> TypeGuard[Begin]:
    return isinstance(event, Begin) and event.service.name == ENTRY


def _walked_away(citizen: Visit) -> Visit | None:
    return advance(replace(citizen, overlay=MORE_TIME), Idle())
