"""What changing and resetting a PIN have in common: the card, the new PIN, the write, its end."""

from functools import partial

from kiosk.services import handing
from kiosk.services.answers import (
    TAPPED,
    Done,
    Drawn,
    Held,
    OnScreen,
    PaperRead,
    Printed,
    Sealed,
    Submitted,
    WantSlip,
)
from kiosk.services.card_answers import (
    CARD,
    DOUBT,
    BadPin,
    CardRead,
    CardUnusable,
    NewPin,
    PinBlocked,
    PinKept,
    PinLost,
    PinsDiffer,
    PinSet,
    PinUnknown,
    PinWrong,
)
from kiosk.services.people import APPLICANT, WHO, whose
from kiosk.visit import Again, Facts, Patience, Refusal, Step
from regulation.rules import Applicant, Rules, Service

LAST_TRY = 1
"""With so few tries left nobody is asked for a PIN any more: a reset is offered instead."""


def card(rules: Rules, service: Service) -> tuple[Step, ...]:
    """For whom, and the holder's card in the slot: it is their paper, and knows its tries (5.1)."""
    who, *_ = whose(rules, service, notice=False)
    return (
        who,
        Step(
            "card",
            (CardRead, CardUnusable),
            work="read_card",
            check=_check_card,
            fresh=True,
        ),
        Step(
            "applicant",
            (PaperRead,),
            work="card_paper",
            auto=True,
            check=partial(_check_tries, service),
        ),
    )


def new_pin() -> tuple[Step, ...]:
    """The new PIN, twice."""
    answers = (NewPin, BadPin, PinsDiffer)
    typing = Patience.TYPING
    return (Step("new_pin", answers, work="new_pin", check=_check_new, patience=typing),)


def written(work: str) -> tuple[Step, ...]:
    """The card is written, and then the centre is told; nothing more depends on its answer."""
    ends = (PinSet, PinUnknown, PinKept, PinWrong, PinBlocked, PinLost, BadPin, CardUnusable)
    return (
        Step("pin_write", ends, work=work, check=_check_written, binding=True),
        Step("seal", (Sealed,), work="seal_pin", auto=True, binding=True),
        Step("submit", (Submitted, Held), work="submit_pin", auto=True, binding=True),
    )


def result() -> tuple[Step, ...]:
    """The card back, the result, and a receipt for whoever wants one.

    Whose PIN nobody knows gets the slip that says so (F26).
    """
    return (
        *handing.given_back(),
        Step(
            "result",
            (Done, WantSlip),
            when=_known,
            binding=True,
            over=True,
            patience=Patience.RESULT,
        ),
        Step("slip", (Drawn,), work="draw_voucher", auto=True, binding=True, when=_with_slip),
        Step(
            "voucher",
            (Printed, OnScreen),
            work="print_voucher",
            auto=True,
            binding=True,
            when=_with_slip,
        ),
        Step("done", (Done,), binding=True, over=True, when=_with_slip, patience=Patience.RESULT),
    )


def _known(facts: Facts) -> bool:
    return DOUBT.of(facts) is None


def _with_slip(facts: Facts) -> bool:
    return not _known(facts) or isinstance(facts.get("result"), WantSlip)


def _check_card(facts: Facts, answer: object) -> Again | None:
    if isinstance(answer, CardUnusable):
        return Again(answer.code)
    if not isinstance(answer, CardRead):
        return None
    own = WHO.of(facts) is Applicant.SELF
    shown = APPLICANT.of(facts) or (TAPPED.of(facts) if own else None)
    return Again("other_holder") if shown and shown.whose != answer.paper.whose else None


def _check_tries(service: Service, facts: Facts, _answer: object) -> Refusal | None:
    """Only after the card was read: so a reset goes on with it, and reads it no second time."""
    read = CARD.of(facts)
    if read is None or service is not Service.PIN_CHANGE:
        return None
    return usable(read.tries_left, blocked=read.blocked)


def usable(tries_left: int | None, *, blocked: bool) -> Refusal | None:
    """Why a PIN with so many tries cannot be changed, but reset (F22)."""
    if blocked:
        return Refusal("F22")
    last = tries_left is not None and tries_left <= LAST_TRY
    return Refusal("pin_last_try") if last else None


def _check_new(_facts: Facts, answer: object) -> Again | None:
    if isinstance(answer, PinsDiffer):
        return Again("F24")
    return Again("F23", detail=answer.rule) if isinstance(answer, BadPin) else None


NOT_WRITTEN: dict[type, str] = {PinWrong: "pin_kept", PinBlocked: "F22", PinLost: "pin_lost"}


def _check_written(_facts: Facts, answer: object) -> Again | Refusal | None:
    """What was not written leads out: what is known goes along to whatever is begun anew."""
    match answer:
        case PinKept():
            return Again("pin_kept")
        case BadPin(rule):
            return Refusal("F23", detail=rule)
        case CardUnusable(code):
            return Refusal(code)
        case _:
            code = NOT_WRITTEN.get(type(answer))
            return Refusal(code) if code else None
