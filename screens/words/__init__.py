"""What every step says to the person. Chinese is the source; English comes from the catalogue.

`N_` marks a sentence for translation; `screens.views` translates. A title is a question or a
request, a button is a verb and a noun. A row named `service.step` goes before one named `step`.
"""

from functools import cache

from kiosk.visit import Service
from screens.words import (
    attendant,
    batch,
    ending,
    enrolment,
    handing,
    loss,
    mending,
    menu,
    people,
    pin,
    replacement,
    wishes,
)
from screens.words.word import N_, Words

__all__ = ["N_", "STEPS", "Words", "row_of", "stages"]

STEPS: dict[str, Words] = {
    name: words
    for module in (
        *(people, wishes, handing, ending, loss, replacement, mending, menu, pin, batch),
        *(attendant, enrolment),
    )
    for name, words in module.STEPS.items()
}
"""The words of every step."""


def row_of(service: str, step: str) -> str:
    """The name of the row that speaks for a step of a service."""
    own = f"{service}.{step}"
    return own if own in STEPS else step


@cache
def stages(service: Service) -> tuple[str, ...]:
    """The steps bar of a service: its stages as the person counts them."""
    names = (row_of(service.name, step.name) for step in service.steps)
    rows = (STEPS[name].stage for name in names if name in STEPS)
    return tuple(dict.fromkeys(stage for stage in rows if stage))
