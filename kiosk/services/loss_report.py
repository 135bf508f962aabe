"""挂失: a card is put out of use at once, by its holder or an agent (规程 6).

The fastest way there is: no notice, and the page that tells what will happen has the person say
both that they mean it and that they are who they are; the signature is the second time.
"""

from kiosk.services import cards, handing, people
from kiosk.services.answers import Agreed
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Service, Step
from regulation.rules import Rules
from regulation.rules import Service as Name


def loss_report(rules: Rules) -> Service:
    """The service under a table of rules."""
    name = Name.LOSS_REPORT
    steps = (
        *people.whose(rules, name, notice=False),
        *people.present(rules, name, confirms=False),
        *cards.which(name),
        *cards.shown_again(name),
        Step("confirm", (Agreed,)),
        *handing.signed(),
        *handing.handed_in(later=False),
        *handing.slip(),
    )
    return Service(name, steps, REFERRAL_STEPS, retries)
