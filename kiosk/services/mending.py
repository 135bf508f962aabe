"""补正: a case the window sent back; only the parts in question are asked for again.

Whoever laid the holder's paper down is asked nothing else; what a kiosk cannot take goes to the
window (规程 1.1.2(2), 3.1.2(2): the kiosk collects, the window judges).
"""

from collections.abc import Callable
from dataclasses import replace

from kiosk.services import handing, people, wishes
from kiosk.services.answers import AddressSays, Agreed, Strokes
from kiosk.services.failures import retries
from kiosk.services.menu import MENDING, OVERVIEW, Mendable
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Facts, Patience, Refusal, Service, Step

PARTS = ("phone", "address", "page", "portrait", "signature")
"""The parts a kiosk can take, in the order they are asked for."""


def mendable(facts: Facts) -> Mendable | None:
    """The case that was sent back."""
    seen = OVERVIEW.of(facts)
    return seen.mendable if seen else None


def asked(part: str) -> Callable[[Facts], bool]:
    """Whether a part is in question."""

    def asked(facts: Facts) -> bool:
        back = mendable(facts)
        return back is not None and part in back.parts

    return asked


def _only(part: str, *steps: Step) -> tuple[Step, ...]:
    """The steps of a part, where that part is in question."""
    wanted = asked(part)

    def both(step: Step) -> Callable[[Facts], bool]:
        return lambda facts: wanted(facts) and step.when(facts)

    return tuple(replace(step, when=both(step)) for step in steps)


def _right(_facts: Facts, answer: object) -> Refusal | None:
    """An address that is not the chip's has to be shown to somebody."""
    return Refusal("address_at_window") if answer is AddressSays.AT_WINDOW else None


_PHONE, _ADDRESS = wishes.contact()
_SIGNATURE, _ = handing.signed()

MENDING_SERVICE = Service(
    MENDING,
    (
        Step("mend", (Agreed,)),
        *_only("phone", replace(_PHONE, answers=(str,))),
        *_only("address", replace(_ADDRESS, check=_right)),
        *_only("page", *people.page_of(lambda _facts: True)),
        *_only("portrait", *wishes.portrait_taken()),
        *_only("signature", replace(_SIGNATURE, answers=(Strokes,))),
        Step("mend_review", (Agreed,), patience=Patience.TYPING),
        *handing.handed_in(),
        *handing.slip(),
    ),
    REFERRAL_STEPS,
    retries,
)
