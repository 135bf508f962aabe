"""How late a refusal comes: the pages a person saw after the fact that decides it.

A page is one that asks something of the person; what passes by itself is not counted. Source:
services.md 2 ("a row that ends in refusal ends within 2 screens") and 9.1 (late refusals: 0).
"""

from collections.abc import Iterator
from typing import NamedTuple

from kiosk.crawl.walk import Walk
from kiosk.visit import Visit, refusal, standing, steps

LATEST = 2
"""So many pages may lie between, and no more."""

_PAPER = ("applicant", "paper_number", "paper_name", "paper_until")
DECIDED_BY: dict[str, tuple[str, ...]] = {
    "F40": ("agent",),
    "report_loss_first": (*_PAPER, "why"),
    "F43": ("applicant",),
    **dict.fromkeys(
        (
            *("F05", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20"),
            *("application_open", "card_locked", "card_unknown", "no_card", "not_lost"),
            *("loss_released", "card_in_use", "another_card"),
        ),
        _PAPER,
    ),
}
"""The facts that decide what the centre says later, by the failure's code; the last of them counts.

Any other refusal is decided where it is told: by what was just shown, typed, chosen or found.
"""


SAID_YES = ("eligibility", "units")
"""The facts that are the centre's yes: what it says after them was not so before."""


class Told(NamedTuple):
    """A refusal: of which service, where it was told, and how many pages after it was decided."""

    service: str
    step: str
    code: str
    pages: int


def refusals(found: Walk) -> set[Told]:
    """Every refusal that a person can come to within a service."""
    return {
        told
        for here, moves in found.moves.items()
        if refusal(found.visits[here].facts) is None
        for heard in moves.values()
        for told in _told(found.visits[here], {code for _kind, code in heard if code})
    }


def _told(visit: Visit, codes: set[str]) -> Iterator[Told]:
    step = standing(visit)
    for code in codes if step else ():
        yield Told(str(visit.service.name), step.name if step else "", code, pages(visit, code))


def pages(visit: Visit, code: str) -> int:
    """The pages seen since the fact that decides a refusal which comes at this step."""
    rows = steps(visit)
    names = [row.name for row in rows]
    here = standing(visit)
    if here is None or any(name in visit.facts for name in SAID_YES):
        return 0
    end = names.index(here.name)
    decides = [at for at in range(end) if names[at] in DECIDED_BY.get(code, ())]
    if not decides:
        return 0
    return sum(not row.auto for row in rows[decides[-1] + 1 : end + 1])
