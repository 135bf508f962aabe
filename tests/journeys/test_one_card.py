"""One card, from its making at the window to the one that takes its place, in a day.

Real window, real browser, real centre, real card: 规程 1.1, 5, 6, 3.1.
"""

import pytest

from deploy.acts import Carry, Enter, Place, Remove, Sign, Tap, Type
from deploy.citizen import (
    NEW_CARD_SELF,
    PERSON,
    SIGNS,
    TAKES_CARD,
    At,
    loss_release,
    loss_report,
    new_pin,
    perform,
)
from deploy.demo import qr_of
from deploy.stage import SMALL, Stage
from tests.journeys.window import Window, signed_in

FIRST, SECOND, THIRD = "123456", "270836", "918254"

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.thorough]


@pytest.fixture
def stage(tmp_path):
    with Stage(tmp_path, station="W301-1", window=SMALL) as stage:
        yield stage


@pytest.fixture
def window(stage):
    with signed_in(stage) as page:
        yield Window(stage, page)


def with_card(service, key, **changed):
    """The card put in for a service of PINs."""
    return (
        At("home", (Tap(service),)),
        At("who", (Tap("self"),)),
        At("card", (Carry(key, tuple(changed.items())),)),
    )


CHANGES = (
    *with_card("pin_change", "made"),
    At("person_check", (Tap("primary"),)),
    At("old_pin", (Enter(FIRST),)),
    *new_pin(SECOND),
    *TAKES_CARD,
)

BLOCKED_ELSEWHERE = (
    *with_card("pin_change", "blocked", tries=0),
    At("refusal", (Tap("onward"),)),
    At("person_check", (Tap("primary"),)),
    *SIGNS,
    *new_pin(THIRD),
    *TAKES_CARD,
)

LOST_AGAIN = (
    At("home", (Tap("replace_individual"),)),
    At("why", (Tap("lost"),)),
    At("who", (Tap("self"),)),
    At("notice", (Tap("primary"),)),
    At("applicant", (Place(PERSON),)),
    At("person_check", (Tap("primary"),)),
    At("refusal", (Tap("onward"),)),  # the loss has to be reported first, in the same visit
    At("confirm", (Tap("primary"),)),
    *SIGNS,
    At("give_paper", (Remove(),)),
    At("done", (Tap("replace_now"),)),
    At("portrait_choice", (Tap("keep"),)),
    At("phone", (Type("13800138000"), Tap("primary"))),
    At("review", (Tap("primary"),)),
    At("signature", (Sign(), Tap("primary"))),
    At("done", (Tap("finish"),)),
    At("home"),
)


def test_a_card_is_made_used_blocked_lost_found_lost_and_replaced_in_a_day(stage, window):
    perform(stage, NEW_CARD_SELF)
    first = qr_of(stage.dock.slip("last"))
    window.scan(first)
    window.looks_at_the_papers_and_accepts()
    window.has_the_card_made()
    window.activates_and_hands_over()
    window.takes_the_card_out()

    perform(stage, CHANGES)
    perform(stage, BLOCKED_ELSEWHERE)
    perform(stage, loss_report(PERSON))
    perform(stage, loss_release(PERSON))
    perform(stage, LOST_AGAIN)

    last = qr_of(stage.dock.slip("last"))
    window.scan(last)
    window.looks_at_the_papers_and_accepts()
    window.settles("500026000009")
    window.has_the_card_made()
    window.activates_and_hands_over()

    services = [row["service"] for row in stage.central("list")]
    assert services == [
        "new_individual",
        "pin_change",
        "pin_reset",
        "loss_report",
        "loss_cancel",
        "loss_report",
        "replace_individual",
    ]
    for slip in (first, last):
        assert stage.central("show", slip.split("|")[1])["state"] == "ENABLED"
