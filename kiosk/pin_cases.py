"""The case of a PIN that is written: in the journal before the card hears of it, and its end.

A reset is a transaction of the centre too. Its id, and the keys of what is said about it, are made
of the case's key: so whoever takes the case up after a power cut can say what became of it.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from kiosk.application import application
from kiosk.journal import Case, Journal, State
from kiosk.link import PROBLEM, Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services import people
from kiosk.visit import Visit
from regulation.rules import Rules, Service

DONE, UNKNOWN = "done", "unknown"
"""What a case says of its PIN: the card has the new one, or nobody knows."""
_OUTCOMES = {DONE: "changed", UNKNOWN: "unknown"}
_OVER = f"{PROBLEM}pin-reset-over"


@dataclass(frozen=True, slots=True)
class PinCases:
    """The journal, and the centre's word on a reset; for the thread that writes the card.

    The journal's methods raise `kiosk.journal.errors` and OSError, `prepare` those of the link.
    """

    centre: Centre
    journal: Journal
    rules: Rules
    kiosk_id: str
    now: Callable[[], datetime]
    log: Log

    def plan(self, visit: Visit) -> str:
        """Put the case down before anything is written; its outcome is unknown until it is said."""
        now, service = self.now(), Service(visit.service.name)
        case = application(self.rules, service, self.kiosk_id, visit.facts, now)
        body = case.body | {"outcome": UNKNOWN}
        self._moved(State.WRITING)
        return self.journal.open(body, case.images, case.holders, now, State.WRITING)

    def end(self, key: str, outcome: str) -> None:
        """The card says (or cannot say) what it has: the case may be handed in."""
        self.journal.written(key, outcome)
        self._moved(State.INTENT)

    def undone(self, key: str, reason: str) -> None:
        """Nothing was written: there is no case, and a reset is taken back.

        One whose taking back is not heard lapses by itself after five minutes.
        """
        case = self.journal.case(key)
        self.journal.drop(key)
        if case.body["service"] == Service.PIN_RESET:
            with suppress(Unreachable, Unknown, Rejected):
                reverse(self.centre, key, reason)

    def prepare(self, key: str, card_id: str, visit: Visit) -> None:
        """Have the centre authorise a reset; asked twice if need be, it is one.

        Raises `Unreachable`, `Unknown` and `Rejected`.
        """
        body = {
            "kiosk_id": self.kiosk_id,
            "card_id": card_id,
            "nonce": _made_of(key, "nonce").hex,
            "by_agent": people.by_agent(visit.facts),
        }
        try:
            self.centre.pin_reset(reset_id(key), body)
        except Unknown:
            self.centre.pin_reset(reset_id(key), body)

    def _moved(self, state: State) -> None:
        self.log.write(LogEvent.CASE_MOVED, state=state)


def reset_id(key: str) -> str:
    """The id of the reset that a case is about."""
    return str(_made_of(key, "reset"))


def tell(centre: Centre, case: Case) -> None:
    """Say to the centre what became of the reset a case is about; may be said again and again.

    One that was never used is taken back. Raises `Unreachable` and `Unknown`.
    """
    outcome = str(case.body.get("outcome", UNKNOWN))
    key = str(_made_of(case.key, f"confirm {outcome}"))
    try:
        body = {"outcome": _OUTCOMES[outcome]}
        centre.pin_reset_ended(reset_id(case.key), "confirm", body, key)
    except Rejected as no:
        if no.type == _OVER:
            with suppress(Rejected):
                reverse(centre, case.key, "not_used")


def reverse(centre: Centre, key: str, reason: str) -> None:
    """Take a reset back, even one that never began. Raises those of the link."""
    body = {"reason": reason}
    centre.pin_reset_ended(reset_id(key), "reverse", body, str(_made_of(key, "reverse")))


def _made_of(key: str, name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.UUID(key), name)
