"""Tap first: the centre is asked how every service stands for whoever laid a paper down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kiosk.desk import Ask
from kiosk.journal import Journal
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services import people
from kiosk.services.answers import TAPPED, PaperRead
from kiosk.services.failures import FAILURES
from kiosk.services.menu import Mendable, OnItsWay, Overview
from kiosk.services.referral import not_here
from kiosk.services.reprint import Claim
from kiosk.submission import card_seen
from kiosk.visit import Event, Facts, Refusal, Said
from regulation.rules import Applicant, Rules, Service

CLERKS = frozenset({Service.NEW_BATCH, Service.REPLACE_BATCH})
"""The services that are a unit clerk's, whoever stands there."""


@dataclass(slots=True, eq=False)
class Look:
    """One look at a person; every method runs on a worker of its own.

    `centre` has the patience of a person who waits for a page: after two seconds the table of the
    regulation answers alone, and says so.
    """

    centre: Centre
    journal: Journal
    rules: Rules
    now: Callable[[], datetime]
    log: Log

    def overview(self, ask: Ask) -> Event | None:
        """How every service stands, by the centre's word or else by the table's."""
        paper = TAPPED.of(ask.visit.facts) if ask.visit else None
        if ask.visit is None or paper is None:
            return None
        case = self.journal.claim(paper.whose, self.now())
        claim = Claim(case.key, str(case.answer.get("voucher_no", ""))) if case else None
        return Said(replace(self._seen(paper, ask.visit.facts), claim=claim))

    def _seen(self, paper: PaperRead, facts: Facts) -> Overview:
        if wrong := people.unfit(self.rules, paper, facts, "1.1.1"):
            why = wrong if isinstance(wrong, Refusal) else Refusal(wrong.code, "1.1.1")
            return by_table(self.rules, why)
        shown = {"paper": paper.paper, "number": paper.number, "name": paper.name}
        try:
            return self._here(overview_of(self.centre.overview({"applicant": shown})))
        except Rejected as no:
            self._failed(no.type)
            return by_table(self.rules, refusal_of(no.code, no.clause, no.body))
        except (Unreachable, Unknown) as error:
            self._failed(type(error).__name__)
        except (KeyError, TypeError, ValueError) as error:
            self._failed(f"not an overview: {type(error).__name__}")
        return by_table(self.rules)

    def _here(self, seen: Overview) -> Overview:
        """What this kiosk's own table refuses is not offered, whatever the centre would take."""
        own = dict(by_table(self.rules).standings)
        standings = tuple((name, why or own[name]) for name, why in seen.standings)
        return replace(seen, standings=standings)

    def _failed(self, problem: str) -> None:
        self.log.write(LogEvent.CENTRE_FAILED, request="overview", problem=problem)


def by_table(rules: Rules, why: Refusal | None = None) -> Overview:
    """What the table alone says; `why`: what the centre has against the paper, for any service."""

    def stands(name: Service) -> Refusal | None:
        who = Applicant.UNIT_CLERK if name in CLERKS else Applicant.SELF
        return not_here(rules, name, who) or why

    return Overview(tuple((name, stands(name)) for name in Service), asked=why is not None)


def overview_of(told: Mapping[str, Any]) -> Overview:
    """The centre's answer; raises KeyError, TypeError or ValueError for what is none."""
    standings = {Service(each["service"]): _standing(each) for each in told["services"]}
    back = told.get("mendable")
    return Overview(
        standings=tuple((name, standings[name]) for name in Service),
        cards=tuple(card_seen(card) for card in told["cards"]),
        cases=tuple(
            OnItsWay(str(case["voucher_no"]), str(case["progress_zh"]), str(case["progress_en"]))
            for case in told["cases"]
        ),
        mendable=_mendable(back) if back else None,
    )


def _standing(each: Mapping[str, Any]) -> Refusal | None:
    if each["outcome"] == "eligible":
        return None
    return refusal_of(str(each["failure"] or ""), str(each["clause"] or ""), each)


def refusal_of(code: str, clause: str, told: Mapping[str, Any]) -> Refusal:
    """A no of the centre; where the screen has no words for it, in the centre's own."""
    if code not in FAILURES or code == "F34":
        reason = str(told.get("reason_zh") or "")
        return Refusal("F34", clause, f"：{reason}" if reason else "")
    detail = {"F14": "ready_on", "application_open": "voucher_no"}.get(code, "")
    return Refusal(code, clause, str(told.get(detail) or ""))


def _mendable(told: Mapping[str, Any]) -> Mendable:
    return Mendable(
        voucher_no=str(told["voucher_no"]),
        service=Service(told["service"]),
        parts=tuple(str(part) for part in told["parts"]),
        reason=str(told["reason_zh"]),
        here=told["here"] is True,
    )
