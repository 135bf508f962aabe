"""申领: a new card for one person, for oneself or as an agent (规程 1.1)."""

from kiosk.services import handing, people, wishes
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Service
from regulation.rules import Rules
from regulation.rules import Service as Name


def new_card(rules: Rules) -> Service:
    """The service under a table of rules."""
    name = Name.NEW_INDIVIDUAL
    steps = (
        *people.whose(rules, name),
        *people.present(rules, name),
        *wishes.contact(),
        *wishes.bank(),
        *wishes.portrait(rules, name),
        *handing.review(),
        *handing.signed(),
        *handing.handed_in(),
        *handing.slip(),
    )
    return Service(name, steps, REFERRAL_STEPS, retries)
