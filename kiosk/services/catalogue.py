"""Every service a visit can be of: a row each, and how one is begun."""

from collections.abc import Mapping
from datetime import date

from kiosk.services.loss_report import loss_report
from kiosk.services.new_card import new_card
from kiosk.services.people import WHO
from kiosk.services.referral import REASON, elsewhere
from kiosk.services.reprint import REPRINT
from kiosk.visit import NO_FACTS, TAKE_BACK, Begin, Facts, Refusal, Service
from regulation.rules import Applicant, Channel, Rules
from regulation.rules import Service as Name

HERE = {
    Name.NEW_INDIVIDUAL: new_card,
    Name.LOSS_REPORT: loss_report,
}
"""The services that are done at the kiosk (规程 1.1.2(2), 1.2.2(2), 3.1.2(2), 5.2(2), 6.2(3))."""


def catalogue(rules: Rules) -> Mapping[str, Service]:
    """Every service by its name; those that are not done here end in a referral (F49)."""
    services = {name: HERE[name](rules) if name in HERE else elsewhere(name) for name in Name}
    return services | {each.name: each for each in (REPRINT, TAKE_BACK)}


def begin(
    services: Mapping[str, Service], rules: Rules, name: Name, today: date, known: Facts = NO_FACTS
) -> Begin:
    """What choosing a service begins; `known` facts are not asked for again.

    Whatever the rules refuse to whoever stands there is refused at once.
    """
    who = WHO.of(known) or (Applicant.UNIT_CLERK if name is Name.NEW_BATCH else Applicant.SELF)
    if name in HERE:
        return Begin(services[name], {**known, "today": today})
    window = rules.cell(name, who, Channel.WINDOW)
    return Begin(services[name], {**known, "today": today, REASON: Refusal("F49", window.clause)})
