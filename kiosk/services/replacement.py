"""补领、换领、换发: another card for one that is lost, damaged, changed or too old (规程 3.1).

The kiosk takes the wish; the fee is settled and the card made at the window. A lost card that was
not reported is reported in the same visit, without showing anything twice.
"""

from functools import partial

from kiosk.services import cards, handing, people, wishes
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Facts, Refusal, Service, Step
from regulation.reasons import Reason
from regulation.rules import Rules
from regulation.rules import Service as Name


def replacement(rules: Rules) -> Service:
    """The service under a table of rules."""
    name = Name.REPLACE_INDIVIDUAL
    steps = (
        Step("why", (Reason,)),
        *people.whose(rules, name),
        *people.present(rules, name, judged=partial(_judged, rules)),
        *cards.which(name),
        *wishes.portrait(rules, name),
        *wishes.phone(),
        *handing.review(),
        *handing.signed(),
        *handing.handed_in(),
        *handing.slip(),
    )
    return Service(name, steps, REFERRAL_STEPS, retries)


def _judged(rules: Rules, facts: Facts, answer: object) -> Refusal | None:
    """Who has to report the loss first, and has no paper for that here, is told so at once (A6)."""
    if not isinstance(answer, Refusal) or answer.code != "report_loss_first":
        return None
    if people.serves(rules, Name.LOSS_REPORT, facts):
        return None
    return Refusal("loss_needs_id", answer.clause)
