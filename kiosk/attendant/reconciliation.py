"""Today's cases, and those open of any day, held against the centre's word on their numbers.

The centre is asked for the answer to each case's key (`GET /v1/requests/{key}`): it is the very
answer that the slip was made of, and there is none for what the centre does not have.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from kiosk.desk import Ask
from kiosk.journal import Entry, Journal, State
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant_answers import ATTENDANT
from kiosk.services.reconciliation import Difference, Differs, Reconciled
from kiosk.visit import NO_FACTS, Event, Said

WITHIN_S = 20.0
"""So long an attendant waits; what was not asked by then is told as such."""
OPEN = (State.WRITING, State.INTENT)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Holds the journal against the centre, on the link's worker."""

    centre: Centre
    journal: Journal
    now: Callable[[], datetime]
    log: Log

    def reconcile(self, ask: Ask) -> Event | None:
        """What agrees and what differs; None when nobody waits for it any more."""
        midnight = self.now().replace(hour=0, minute=0, second=0, microsecond=0)
        entries = self.journal.entries(midnight)
        there = self._asked(entries, ask)
        if ask.cancel.is_set():
            return None
        told = held(entries, there)
        who = ATTENDANT.of(ask.visit.facts if ask.visit else NO_FACTS)
        count = [each.kind for each in told.differing].count
        self.log.write(
            LogEvent.RECONCILED,
            id=who.id if who else "",
            agree=told.agree,
            missing=count(Differs.MISSING),
            other=count(Differs.OTHER),
            open=count(Differs.OPEN),
            unasked=told.unasked,
        )
        return Said(told)

    def _asked(self, entries: list[Entry], ask: Ask) -> dict[str, str]:
        """The centre's numbers by key, as far as it tells them; "" for what it does not have.

        A centre that cannot be connected to is asked once, not once a case.
        """
        until, there = time.monotonic() + WITHIN_S, dict[str, str]()
        for entry in entries:
            if ask.cancel.is_set() or time.monotonic() > until:
                break
            try:
                there[entry.key] = self._number(entry.key)
            except (Unreachable, Unknown) as error:
                problem = type(error).__name__
                self.log.write(LogEvent.CENTRE_FAILED, request="reconcile", problem=problem)
                if isinstance(error, Unreachable):
                    break
        return there

    def _number(self, key: str) -> str:
        """The number the centre gave to a key; raises Unreachable and Unknown."""
        try:
            return str(self.centre.answered(key)["body"]["voucher_no"])
        except Rejected as no:
            if no.status == HTTPStatus.NOT_FOUND:
                return ""
            raise Unknown(no.type) from None
        except (KeyError, TypeError):
            raise Unknown("no number in the answer") from None


def held(entries: list[Entry], there: dict[str, str]) -> Reconciled:
    """The journal's rows against the centre's numbers, by key.

    What neither has a number of was refused: it agrees, and is not counted.
    """
    known = [(entry, there[entry.key]) for entry in entries if entry.key in there]
    found = [_difference(entry, number) for entry, number in known]
    agree = sum(
        each is None and entry.number != ""
        for (entry, _number), each in zip(known, found, strict=True)
    )
    return Reconciled(agree, tuple(filter(None, found)), len(entries) - len(known))


def _difference(entry: Entry, there: str) -> Difference | None:
    if entry.state in OPEN:
        kind = Differs.OPEN
    elif entry.number == there:
        return None
    else:
        kind = Differs.OTHER if there else Differs.MISSING
    return Difference(kind, entry.service, entry.opened.isoformat(), entry.number, there)
