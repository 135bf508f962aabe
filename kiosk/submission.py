"""Work with the centre: may this person, put it down, hand it in, and settle what is open."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk import journal as store
from kiosk.application import application, question
from kiosk.desk import Ask
from kiosk.journal import Case, Journal, State
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.pace import Pace
from kiosk.services import handing
from kiosk.services.answers import CardSeen, Eligible, Sealed, Submitted
from kiosk.visit import Event, Failed, Refusal, Said, Visit
from regulation.rules import Rules, Service

PAUSE_S = 0.5

OUTCOMES: dict[str, str] = {
    "has_card": "F12",
    "in_batch_data_generated": "F13",
    "in_batch_in_production": "F14",
    "unknown_person": "F15",
    "not_insured": "F15",
    "agent_limit": "F40",
    "application_open": "application_open",
}
"""The centre's outcome and the failure it is for the person."""


@dataclass(frozen=True, slots=True)
class Handing:
    """The work of the link; every method runs on its worker."""

    centre: Centre
    journal: Journal
    rules: Rules
    kiosk_id: str
    pace: Pace
    log: Log

    def eligibility(self, ask: Ask) -> Event | None:
        """Ask the centre before anything is typed (A25)."""
        if ask.visit is None:
            return None
        try:
            answer = self.centre.eligibility(
                question(self.rules, _service(ask.visit), ask.visit.facts)
            )
        except (Unreachable, Unknown) as error:
            return self._failed("eligibility", error, "F35")
        except Rejected as no:
            return Said(self._rejected("eligibility", no))
        return self._outcome(answer)

    def seal(self, ask: Ask) -> Event | None:
        """Put the application down, durably, before anything is sent."""
        if ask.visit is None:
            return None
        service, now = _service(ask.visit), self.pace.now()
        case = application(self.rules, service, self.kiosk_id, ask.visit.facts, now)
        try:
            key = self.journal.open(case.body, case.images, case.holders, now)
        except (*store.errors, OSError) as error:
            self.log.write(LogEvent.STORE_FAILED, error=type(error).__name__)
            return Failed("F35", "journal", "not_enough_space")
        self.log.write(LogEvent.CASE_MOVED, state=State.INTENT)
        return Said(Sealed(key))

    def submit(self, ask: Ask) -> Event | None:
        """Hand the sealed application in, and keep at it for as long as a person waits."""
        sealed = handing.SEALED.of(ask.visit.facts) if ask.visit else None
        if sealed is None:
            return None
        end = time.monotonic() + self.pace.centre_s
        failed: Failed | None = None
        while failed is None or (time.monotonic() < end and not ask.cancel.wait(PAUSE_S)):
            try:
                return Said(self.hand_in(self.journal.case(sealed.key)))
            except Unreachable as error:
                failed = self._failed("submit", error, "F32")
            except Unknown as error:
                failed = self._failed("submit", error, "F33")
        return failed

    def hand_in(self, case: Case) -> Submitted | Refusal:
        """Hand one case in, or learn what became of it; the same key has one effect.

        Raises Unreachable or Unknown: the case stays open, ask again later.
        """
        if case.state is State.REFUSED:
            return Refusal("F34")
        if case.state is not State.INTENT:
            return _submitted(case.answer)
        began = time.monotonic()
        try:
            for picture in self.journal.images(case.key).values():
                self.centre.image(picture)
            answer = self.centre.submit(case.key, case.body)
            submitted = _submitted(answer)
        except Rejected as no:
            self.journal.move(case.key, State.REFUSED)
            self.log.write(LogEvent.CASE_MOVED, state=State.REFUSED, ms=_ms(began))
            return self._rejected("submit", no)
        except (KeyError, TypeError, ValueError):
            raise Unknown("the answer is not an application's") from None
        self.journal.submitted(case.key, answer, self.pace.now())
        self.log.write(LogEvent.CASE_MOVED, state=State.SUBMITTED, ms=_ms(began))
        return submitted

    def settle(self) -> int:
        """Hand in the open cases while the centre answers; gives how many are left."""
        cases = self.journal.cases(State.INTENT)
        left = len(cases)
        for case in cases:
            try:
                self.hand_in(case)
                left -= 1
            except Unknown as error:  # one that stays unknown must not keep the others
                self._failed("settle", error, "F33")
            except Unreachable as error:
                self._failed("settle", error, "F33")
                break
        if cases:
            self.log.write(LogEvent.SETTLED, open=len(cases), left=left)
        self.journal.purge(self.pace.now())
        return left

    def _outcome(self, answer: dict[str, Any]) -> Event:
        outcome = answer.get("outcome")
        if outcome == "eligible":
            return Said(_eligible(answer))
        code = OUTCOMES.get(str(outcome))
        if code is None:
            return self._failed("eligibility", Unknown("an outcome nobody knows"), "F35")
        return Said(Refusal(code, str(answer.get("clause") or ""), _detail(code, answer)))

    def _rejected(self, request: str, no: Rejected) -> Refusal:
        self.log.write(LogEvent.CENTRE_FAILED, request=request, problem=no.type)
        if no.type.endswith(":application-open"):
            return Refusal("application_open", no.clause, str(no.body.get("voucher_no") or ""))
        if no.code in KNOWN:
            return Refusal(no.code, no.clause, _detail(no.code, no.body))
        reason = str(no.body.get("reason_zh") or "")
        return Refusal("F34", no.clause, f"：{reason}" if reason else "")

    def _failed(self, request: str, error: Exception, code: str) -> Failed:
        self.log.write(LogEvent.CENTRE_FAILED, request=request, problem=type(error).__name__)
        return Failed(code, "central", type(error).__name__.lower())


KNOWN = ("F04", "F06", "F07", "F12", "F13", "F14", "F15", "F40")
"""The failures that the centre may name and the screen has words for."""


def _detail(code: str, answer: Mapping[str, Any]) -> str:
    if code == "F14" and answer.get("ready_on"):
        return str(answer["ready_on"])
    return str(answer.get("voucher_no") or "") if code == "application_open" else ""


def _service(visit: Visit) -> Service:
    return Service(visit.service.name)


def _eligible(answer: Mapping[str, Any]) -> Eligible:
    return Eligible(
        name=str(answer.get("name") or ""),
        address=str(answer.get("address") or ""),
        phone=str(answer.get("phone_masked") or ""),
        cards=tuple(card_seen(each) for each in answer.get("cards") or ()),
        in_hand=bool(answer.get("card_in_hand")),
        fee_fen=int(answer.get("fee_fen") or 0),
    )


def card_seen(told: Mapping[str, Any]) -> CardSeen:
    """A card as the centre tells of it; raises KeyError for what is none."""
    return CardSeen(
        card=str(told["card"]),
        number=str(told["number"]),
        state=str(told["state"]),
        state_zh=str(told["state_zh"]),
        state_en=str(told["state_en"]),
        bank=str(told.get("bank") or ""),
        lost_until=str(told.get("loss_expires_at") or ""),
    )


def _submitted(answer: dict[str, Any]) -> Submitted:
    due = datetime.fromisoformat(answer["due_at"])
    return Submitted(
        voucher_no=str(answer["voucher_no"]),
        qr=str(answer["qr"]),
        window=str(answer["window"]),
        submitted=str(answer["submitted_at"]),
        due=due.isoformat(),
        fee_fen=int(answer.get("fee_fen") or 0),
        card=card_seen(answer["card"]) if answer.get("card") else None,
    )


def _ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
