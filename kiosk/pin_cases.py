"""The case of a PIN that is written: in the journal before the card hears of it, and its end.

A reset is a transaction of the centre too: authorised before a PIN is typed, for the centre judges
the right to it, and living five minutes. Its id is made of the case's key, and the case names it:
what the case says when it is handed in is what became of the reset (docs/centre/issuance.md).
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from kiosk.application import application, question
from kiosk.journal import Journal, State
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services import people
from kiosk.services.card_answers import CODE
from kiosk.visit import Visit
from regulation.rules import Rules, Service

DONE, UNKNOWN = "done", "unknown"
"""What a case says of its PIN: the card has the new one, or nobody knows."""


@dataclass(slots=True, eq=False)
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

    def plan(self, key: str, visit: Visit) -> None:
        """Put the case down before anything is written; its outcome is unknown until it is said."""
        now, service = self.now(), Service(visit.service.name)
        case = application(self.rules, service, self.kiosk_id, visit.facts, now)
        body = case.body | {"outcome": UNKNOWN}
        if service is Service.PIN_RESET:
            body["reset_id"] = reset_id(key)
        state = State.WRITING
        self._moved(state)
        self.journal.open(body, case.images, case.holders, now, state=state, key=key)

    def end(self, key: str, outcome: str) -> None:
        """The card says (or cannot say) what it has: the case may be handed in."""
        self.journal.written(key, outcome)
        self._moved(State.INTENT)

    def drop(self, key: str) -> None:
        """Nothing was written: there is no case."""
        self.journal.drop(key)

    def take_back(self, key: str) -> None:
        """Tell the centre that a reset came to nothing; one that is not heard lapses by itself."""
        body, of_its_own = {"reason": "not_done"}, str(_made_of(key, "reverse"))
        with suppress(Unreachable, Unknown, Rejected):
            self.centre.take_back_pin_reset(reset_id(key), body, of_its_own)

    def prepare(self, key: str, card_id: str, visit: Visit) -> None:
        """Have the centre authorise a reset for whoever stands there; asked twice, it is one.

        `card_id` 卡识别码 in hex. Raises `Unreachable`, `Unknown` and `Rejected`.
        """
        body = {
            "kiosk_id": self.kiosk_id,
            "card_id": card_id,
            "nonce": _made_of(key, "nonce").hex,
            "by_agent": people.by_agent(visit.facts),
            "asked": question(self.rules, Service.PIN_RESET, visit.facts),
            "code": CODE.of(visit.facts),
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


def _made_of(key: str, name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.UUID(key), name)
