"""Work with the centre: may this person, put it down, hand it in, and settle what is open."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from kiosk import journal as store
from kiosk.application import Application, application, question
from kiosk.desk import Ask
from kiosk.journal import Case, Journal, State
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.mending import mending, sent
from kiosk.pace import Pace
from kiosk.services import handing
from kiosk.services.answers import CardSeen, Eligible, Sealed, Submitted
from kiosk.services.failures import FAILURES
from kiosk.services.menu import MENDING
from kiosk.visit import Event, Failed, Refusal, Said, Visit
from regulation.rules import Rules, Service

PAUSE_S = 0.5
LOSS_S = 5.0
"""Whoever lost a card is not kept waiting longer for a centre that does not answer: 12333 does."""

LOSS_STANDS = timedelta(minutes=2)
"""So long a loss may still be handed in by the visit it belongs to."""

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


@dataclass(slots=True, eq=False)
class Handing:
    """The work of the link; every method runs on its worker."""

    centre: Centre
    journal: Journal
    rules: Rules
    kiosk_id: str
    pace: Pace
    log: Log
    _left: tuple[int, int] = field(default=(0, 0), init=False)

    def eligibility(self, ask: Ask) -> Event | None:
        """Ask the centre before anything is typed (A25)."""
        if ask.visit is None:
            return None
        try:
            answer = self.centre.eligibility(
                question(self.rules, _service(ask.visit), ask.visit.facts)
            )
        except (Unreachable, Unknown) as error:
            failed = self._failed("eligibility", error, "F35")
            loss = _service(ask.visit) is Service.LOSS_REPORT
            return Said(Refusal("F35")) if loss else failed
        except Rejected as no:
            return Said(self._rejected("eligibility", no))
        return self._outcome(_service(ask.visit), answer)

    def seal(self, ask: Ask) -> Event | None:
        """Put the application down, durably, before anything is sent."""
        if ask.visit is None:
            return None
        now = self.pace.now()
        case = self._written(ask.visit, now)
        try:
            key = self.journal.open(case.body, case.images, case.holders, now)
        except (*store.errors, OSError) as error:
            self.log.write(LogEvent.STORE_FAILED, error=type(error).__name__)
            return Failed("F35", "journal", "not_enough_space")
        self.log.write(LogEvent.CASE_MOVED, state=State.INTENT)
        return Said(Sealed(key))

    def _written(self, visit: Visit, now: datetime) -> Application:
        """The request of a visit: an application, or what a case that was sent back lacked."""
        if visit.service.name == MENDING:
            return mending(self.kiosk_id, visit.facts, now)
        return application(self.rules, _service(visit), self.kiosk_id, visit.facts, now)

    def submit(self, ask: Ask) -> Event | None:
        """Hand the sealed application in, and keep at it for as long as a person waits.

        A loss that did not arrive is given up, and its person told to call 12333.
        """
        sealed = handing.SEALED.of(ask.visit.facts) if ask.visit else None
        if sealed is None:
            return None
        loss = _is_loss(self.journal.case(sealed.key))
        end = time.monotonic() + min(self.pace.centre_s, LOSS_S if loss else self.pace.centre_s)
        code, failed = "F32", None
        while failed is None or (time.monotonic() < end and not ask.cancel.wait(PAUSE_S)):
            try:
                return Said(self.hand_in(self.journal.case(sealed.key)))
            except Unreachable as error:
                failed = self._failed("submit", error, code)
            except Unknown as error:
                code = "F33"  # whatever comes after, this try may have been taken
                failed = self._failed("submit", error, code)
        if not loss:
            return failed
        if code == "F32":
            self._give_up(sealed.key)
        return Said(Refusal(code))

    def hand_in(self, case: Case) -> Submitted | Refusal:
        """Hand one case in, or learn what became of it; the same key has one effect.

        Raises Unreachable or Unknown: the case stays open, ask again later.
        """
        if case.state is State.REFUSED:
            return Refusal("F32" if _is_loss(case) else "F34")
        if case.state is not State.INTENT:
            return _submitted(case.answer)
        began = time.monotonic()
        try:
            self._pictures(case)
            answer = self.centre.submit(case.key, *sent(case.body))
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

    def _pictures(self, case: Case) -> None:
        """Store a case's pictures; while one is not there, nothing of the case was done."""
        try:
            for picture in self.journal.images(case.key).values():
                self.centre.image(picture)
        except Unknown as error:
            raise Unreachable(str(error)) from None

    def settle(self) -> int:
        """Hand in the open cases while the centre answers; gives how many are left.

        A loss is not handed in without its person: it is asked whether it arrived.
        """
        cases = self.journal.cases(State.INTENT)
        left = len(cases)
        for case in cases:
            try:
                left -= self._asked(case) if _is_loss(case) else bool(self.hand_in(case))
            except Unknown as error:  # one that stays unknown must not keep the others
                self._failed("settle", error, "F33")
            except Unreachable as error:
                self._failed("settle", error, "F33")
                break
        before, self._left = self._left, (len(cases), left)
        if left < len(cases) or (cases and self._left != before):  # it is tried every few seconds
            self.log.write(LogEvent.SETTLED, open=len(cases), left=left)
        self.journal.purge(self.pace.now())
        return left

    def _asked(self, case: Case) -> bool:
        """Whether a loss is settled: it arrived, or it did not and is given up.

        One of the last minutes is left to its visit. Raises Unreachable or Unknown.
        """
        if self.pace.now() - case.opened < LOSS_STANDS:
            return False
        try:
            answer = self.centre.answered(case.key)["body"]
            _submitted(answer)
        except Rejected as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise Unknown(no.type) from None
            self._give_up(case.key)
            return True
        except (KeyError, TypeError, ValueError):
            raise Unknown("the answer is not an application's") from None
        self.journal.submitted(case.key, answer, self.pace.now())
        self.log.write(LogEvent.CASE_MOVED, state=State.SUBMITTED)
        return True

    def _give_up(self, key: str) -> None:
        self.journal.move(key, State.REFUSED)
        self.log.write(LogEvent.CASE_MOVED, state=State.REFUSED)

    def _outcome(self, service: Service, answer: dict[str, Any]) -> Event:
        outcome = answer.get("outcome")
        if outcome == "eligible":
            return Said(_eligible(answer))
        code = OUTCOMES.get(str(outcome))
        if service is Service.LOSS_CANCEL and code == "application_open":
            code = "F18"  # of what is open, the new card is in the way
        if code is None:
            return self._failed("eligibility", Unknown("an outcome nobody knows"), "F35")
        return Said(Refusal(code, str(answer.get("clause") or ""), _detail(code, answer)))

    def _rejected(self, request: str, no: Rejected) -> Refusal:
        self.log.write(LogEvent.CENTRE_FAILED, request=request, problem=no.type)
        if no.code in FAILURES and no.code != "F34":
            return Refusal(no.code, no.clause, _detail(no.code, no.body))
        reason = str(no.body.get("reason_zh") or "")
        return Refusal("F34", no.clause, f"：{reason}" if reason else "")

    def _failed(self, request: str, error: Exception, code: str) -> Failed:
        self.log.write(LogEvent.CENTRE_FAILED, request=request, problem=type(error).__name__)
        return Failed(code, "central", type(error).__name__.lower())


def _detail(code: str, answer: Mapping[str, Any]) -> str:
    if code == "F14" and answer.get("ready_on"):
        return str(answer["ready_on"])
    return str(answer.get("voucher_no") or "") if code == "application_open" else ""


def _is_loss(case: Case) -> bool:
    return case.body.get("service") == Service.LOSS_REPORT


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
        code_needed=bool(answer.get("code_needed")),
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
        since=str(told.get("since") or ""),
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
