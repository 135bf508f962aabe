"""From a step and its words to what its page shows: one small function a kind of page."""

from kiosk.services import handing as hands
from kiosk.services import people as whose
from kiosk.services.card_answers import DOUBT
from kiosk.visit import Visit
from regulation.rules import Service
from screens.pages import (
    attendant,
    batch,
    batch_rows,
    ending,
    enrolment,
    handing,
    helping,
    levels,
    loss,
    mending,
    menu,
    people,
    pin,
    replacement,
    touch_test,
    wishes,
)
from screens.pages.page import Page, plain
from screens.words import row_of

PAGES: dict[str, Page] = {
    name: page
    for module in (
        people,
        wishes,
        handing,
        ending,
        loss,
        replacement,
        mending,
        menu,
        pin,
        batch,
        batch_rows,
        attendant,
        helping,
        levels,
        enrolment,
        touch_test,
    )
    for name, page in module.PAGES.items()
}
"""How each step's page is filled; a step that is not here shows its words alone."""


def page_of(service: str, step: str) -> Page:
    """How a step of a service fills its page."""
    return PAGES.get(f"{service}.{step}") or PAGES.get(step, plain)


def words_name(step: str, visit: Visit) -> str:
    """Which words a step speaks: some depend on what is known."""
    if step == "applicant" and whose.by_agent(visit.facts):
        step = "applicant_of_agent"
    if step == "done" and DOUBT.of(visit.facts):
        return "pin_doubt"
    if step == "done" and hands.HELD.of(visit.facts):
        step = "held"
    if step == "refusal" and visit.service.name == Service.LOSS_REPORT:
        step = loss.call_words(visit) or step
    return row_of(visit.service.name, step)
