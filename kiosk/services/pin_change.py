"""密码修改: the holder alone gives the card another PIN by the one it has (规程 5.1, 5.2(2)).

An agent is refused at once, and offered a reset; so is whoever forgot the PIN or has one try left.
"""

from kiosk.services import people, pin_steps
from kiosk.services.card_answers import CardUnusable, PinBlocked, PinRight, PinWrong
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Again, Facts, Patience, Refusal, Service, Step
from regulation.rules import Rules
from regulation.rules import Service as Name


def pin_change(rules: Rules) -> Service:
    """The service under a table of rules."""
    name = Name.PIN_CHANGE
    _agent, *present = people.present(rules, name)
    old = (PinRight, PinWrong, PinBlocked, CardUnusable)
    steps = (
        *pin_steps.card(rules, name),
        *present,
        Step("old_pin", old, work="old_pin", check=_check_old, patience=Patience.TYPING),
        *pin_steps.new_pin(),
        *pin_steps.written("change_pin"),
        *pin_steps.result(),
    )
    return Service(name, steps, REFERRAL_STEPS, retries)


def _check_old(_facts: Facts, answer: object) -> Again | Refusal | None:
    """A wrong PIN may be typed again for as long as the card leaves more than its last try."""
    match answer:
        case PinWrong(left):
            last = pin_steps.usable(left, blocked=False)
            return last or Again("F21", detail=str(left))
        case PinBlocked():
            return Refusal("F22")
        case CardUnusable(code):
            return Again(code)
        case _:
            return None
