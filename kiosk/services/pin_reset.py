"""密码重置: a new PIN without the old one, by the holder, or an agent with the holder's card (5.1).

A blocked PIN is what it is for. The centre authorises it before anything is typed; it is signed
before the card is written, for afterwards nothing can be taken back. Where an agent needs a code
(reading A10, otp) it goes to the phone the centre knows of the holder, never to a typed one.
"""

from kiosk.services import handing, people, pin_steps
from kiosk.services.card_answers import CodeSent, ResetReady
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Facts, Patience, Service, Step
from regulation.rules import Rules
from regulation.rules import Service as Name


def pin_reset(rules: Rules) -> Service:
    """The service under a table of rules."""
    name = Name.PIN_RESET
    steps = (
        *pin_steps.card(rules, name),
        *people.present(rules, name),
        *_code(),
        *handing.signed(),
        Step("reset_ready", (ResetReady,), work="reset_ready", auto=True),
        *pin_steps.new_pin(),
        *pin_steps.written("reset_pin"),
        *pin_steps.result(),
    )
    return Service(name, steps, REFERRAL_STEPS, retries)


def _code() -> tuple[Step, ...]:
    """The code that the holder tells the agent."""
    return (
        Step("code_sent", (CodeSent,), work="send_code", auto=True, when=_needs_code),
        Step("code", (str,), when=_needs_code, patience=Patience.TYPING),
    )


def _needs_code(facts: Facts) -> bool:
    eligible = people.ELIGIBLE.of(facts)
    return eligible is not None and eligible.code_needed
