"""Look once more, sign, hand in, take the slip: how every service for one person ends."""

from itertools import pairwise

from kiosk.services.answers import (
    Agreed,
    Done,
    Drawn,
    Held,
    NoPicture,
    OnScreen,
    Picture,
    Printed,
    Sealed,
    SignAtWindow,
    Strokes,
    Submitted,
)
from kiosk.visit import Again, Fact, Facts, Patience, Step, Taken

SIGNATURE = Fact("signature", Strokes)
SCENE = Fact("scene_photo", Picture)
SEALED = Fact("seal", Sealed)
SUBMITTED = Fact("submit", Submitted)
HELD = Fact("submit", Held)
SLIP = Fact("slip", Drawn)

SHORTEST_SIGNATURE = 0.15
"""Length of all strokes together, in pad widths, under which nobody has signed (F39)."""


def review() -> tuple[Step, ...]:
    """Everything once more, before it is signed."""
    return (Step("review", (Agreed,), patience=Patience.TYPING),)


def signed() -> tuple[Step, ...]:
    """The signature (reading A7), and the scene's picture (A21)."""
    signs, typing = (Strokes, SignAtWindow), Patience.TYPING
    return (
        Step("signature", signs, check=_check_signature, patience=typing),
        Step("scene_photo", (Picture, NoPicture), work="take_scene", auto=True),
    )


def handed_in(*, later: bool = True) -> tuple[Step, ...]:
    """Down in the journal, then to the centre; `later`: the person need not wait for its answer."""
    answers = (Submitted, Held) if later else (Submitted,)
    return (
        Step("seal", (Sealed,), work="seal", auto=True, binding=True),
        Step("submit", answers, work="submit", auto=True, binding=True),
    )


def given_back() -> tuple[Step, ...]:
    """What lies in the kiosk is taken back before the result is shown; unseen where nothing does.

    Whoever has what they came for forgets the rest (Byrne and Bovair 1997; lessons.md 7, M5).
    """
    return (
        Step("give_paper", (Taken,), work="papers_taken", binding=True),
        Step("give_card", (Taken,), work="card_taken", binding=True),
    )


def slip() -> tuple[Step, ...]:
    """The slip, drawn and printed, what lies there given back, and the result."""
    return (
        Step("slip", (Drawn,), work="draw_voucher", auto=True, binding=True),
        Step("voucher", (Printed, OnScreen), work="print_voucher", auto=True, binding=True),
        *given_back(),
        Step("done", (Done,), binding=True, over=True, patience=Patience.RESULT),
    )


def _check_signature(_facts: Facts, answer: object) -> Again | None:
    if not isinstance(answer, Strokes):
        return None
    length = sum(
        abs(b[0] - a[0]) + abs(b[1] - a[1])
        for stroke in answer.strokes
        for a, b in pairwise(stroke)
    )
    return Again("F39") if length < SHORTEST_SIGNATURE else None
