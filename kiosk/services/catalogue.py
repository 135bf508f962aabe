"""Every service a visit can be of: a row each, and how one is begun."""

from collections.abc import Mapping
from datetime import date

from kiosk.services.answers import TAPPED
from kiosk.services.attendant import ENTRY_SERVICE, MODE_SERVICE
from kiosk.services.batch import batch
from kiosk.services.elsewhere import elsewhere
from kiosk.services.enrolling import ENROLMENT_SERVICE
from kiosk.services.helping import HELPING_SERVICE
from kiosk.services.loss_release import loss_release
from kiosk.services.loss_report import loss_report
from kiosk.services.mending import MENDING_SERVICE
from kiosk.services.menu import MENU_SERVICE
from kiosk.services.new_card import new_card
from kiosk.services.people import WHO
from kiosk.services.pin_change import pin_change
from kiosk.services.pin_reset import pin_reset
from kiosk.services.referral import REASON, not_done_yet, not_here
from kiosk.services.replacement import replacement
from kiosk.services.reprint import REPRINT
from kiosk.visit import NO_FACTS, PAUSED, TAKE_BACK, Again, Begin, Facts, Service
from regulation.rules import Applicant, Channel, Rules
from regulation.rules import Service as Name

HERE = {
    Name.NEW_INDIVIDUAL: new_card,
    Name.REPLACE_INDIVIDUAL: replacement,
    Name.LOSS_REPORT: loss_report,
    Name.LOSS_CANCEL: loss_release,
    Name.NEW_BATCH: batch,
    Name.PIN_CHANGE: pin_change,
    Name.PIN_RESET: pin_reset,
}
"""The services that are done at the kiosk (规程 1.1.2(2), 1.2.2(2), 3.1.2(2), 5.2(2), 6.2(3))."""


BESIDE = (
    *(MENU_SERVICE, MENDING_SERVICE, REPRINT),
    *(ENTRY_SERVICE, MODE_SERVICE, HELPING_SERVICE, ENROLMENT_SERVICE),
    *(TAKE_BACK, PAUSED),
)
"""What a visit may be of beside the services of the table."""


def catalogue(rules: Rules) -> Mapping[str, Service]:
    """Every service by its name; those that are not done here end in a referral (F49)."""
    services = {
        name: HERE[name](rules) if name in HERE else elsewhere(rules, name) for name in Name
    }
    return services | {each.name: each for each in BESIDE}


def begin(
    services: Mapping[str, Service], rules: Rules, name: Name, today: date, known: Facts = NO_FACTS
) -> Begin:
    """What choosing a service begins; `known` facts are not asked for again.

    Whatever the rules refuse to whoever is known to stand there is refused at once.
    """
    who, facts = WHO.of(known), {**known, "today": today}
    if who is None and name in HERE and (alone := _alone(rules, name)):
        who = alone
        facts = {**facts, WHO.name: who}
    if who is None:
        return Begin(services[name], facts)
    why = not_here(rules, name, who) if name in HERE else not_done_yet(rules, name, who)
    if why is None and who in {Applicant.SELF, Applicant.UNIT_CLERK}:
        facts = _shown(services[name], facts)
    return Begin(services[name], {**facts, REASON: why} if why else facts)


def _alone(rules: Rules, name: Name) -> Applicant | None:
    """Whose service it is, where for whom need not be asked; None where it does.

    A service that is only for units' clerks here, and one that nobody has here: it is refused for
    whom it is at the window.
    """
    may = [who for who in Applicant if rules.cell(name, who, Channel.KIOSK).allowed]
    if not may:
        there = (who for who in Applicant if rules.cell(name, who, Channel.WINDOW).allowed)
        return next(there, Applicant.SELF)
    return Applicant.UNIT_CLERK if may == [Applicant.UNIT_CLERK] else None


def _shown(service: Service, facts: Facts) -> Facts:
    """With the paper that was laid down at home, if it serves here: else another is asked for."""
    paper, step = TAPPED.of(facts), next((s for s in service.steps if s.name == "applicant"), None)
    if paper is None or step is None or step.name in facts:
        return facts
    finding = step.check(facts, paper)
    if isinstance(finding, Again):
        return {name: fact for name, fact in facts.items() if name != TAPPED.name}
    return {**facts, step.name: finding or paper}
