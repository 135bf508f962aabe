"""挂失 in a real window: at most four touches and thirty seconds, and then the new card (规程 6)."""

import time

import pytest

from deploy.acts import Tap
from deploy.citizen import loss_report, replacement

TOUCHES, SECONDS = 4, 30.0
"""From the tile to the word that the card is out of use; the signature is a stroke, not a touch."""


@pytest.mark.journey
def test_four_touches_and_thirty_seconds(kiosk):
    """Issue: the fastest path there is."""
    script = loss_report()
    asked = script[: [at.step for at in script].index("signature") + 1]
    touches = [act for at in asked for act in at.acts if isinstance(act, Tap)]
    began = []
    kiosk.stage.eyes.wait(lambda now: now.step == "home")
    kiosk.does(asked[:1])
    began.append(time.monotonic())
    kiosk.does(asked[1:])
    kiosk.sees("give_paper")
    took = time.monotonic() - began[0]
    (row,) = kiosk.applications()
    assert (row["service"], row["state"]) == ("loss_report", "DONE")
    assert len(touches) <= TOUCHES
    assert took <= SECONDS
    kiosk.does(script[len(asked) :])


@pytest.mark.journey
@pytest.mark.thorough
def test_a_new_card_at_once_without_showing_anything_again(kiosk):
    """规程 3.1: the replacement begins with who is there, and ends in a voucher."""
    script = loss_report()
    kiosk.does(script[:-2])
    kiosk.presses("replace_now")
    kiosk.sees("notice")
    kiosk.presses("primary")
    kiosk.sees("portrait_choice")
    rest = replacement()
    kiosk.does(rest[[at.step for at in rest].index("portrait_choice") : -3])
    kiosk.sees("done")
    kiosk.presses("finish")
    kiosk.sees("home")
    rows = kiosk.applications()
    assert sorted(row["service"] for row in rows) == ["loss_report", "replace_individual"]
    (new,) = [row for row in rows if row["service"] == "replace_individual"]
    assert new["state"] == "SUBMITTED"


@pytest.mark.journey
@pytest.mark.thorough
def test_a_replacement_of_a_card_that_was_not_reported(kiosk):
    """规程 3.1, 6: the loss comes first, in the same visit, and the replacement goes on after it."""
    kiosk.presses("replace_individual")
    kiosk.presses("lost")
    kiosk.presses("self")
    kiosk.presses("primary")
    kiosk.sees("applicant")
    kiosk.stage.dock.place("has_card")
    kiosk.sees("person_check")
    kiosk.presses("primary")
    refused = kiosk.sees("refusal")
    assert refused.title == "这张卡还没有挂失"
    kiosk.presses("onward")
    kiosk.sees("confirm")
    kiosk.presses("primary")
    kiosk.does(loss_report()[4:6])
    kiosk.sees("done")
    kiosk.presses("replace_now")
    kiosk.sees("portrait_choice")
