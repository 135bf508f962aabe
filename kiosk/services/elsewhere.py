"""A service that is not done at this kiosk: for whom is asked, for it decides what to bring."""

from functools import partial

from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS, not_done_yet
from kiosk.visit import Facts, Refusal, Service, Step
from regulation.rules import Applicant, Rules
from regulation.rules import Service as Name


def elsewhere(rules: Rules, name: Name) -> Service:
    """The service: whatever is answered ends in a referral (F49)."""
    who = Step("who", (Applicant,), check=partial(_refuse, rules, name))
    return Service(name, (who,), REFERRAL_STEPS, retries)


def _refuse(rules: Rules, name: Name, _facts: Facts, answer: object) -> Refusal | None:
    return not_done_yet(rules, name, answer) if isinstance(answer, Applicant) else None
