"""Tap first, in a real window: a paper on any reader, one touch, and nothing is asked twice."""

import pytest

from deploy.acts import Insert, Place, Pose, Tap, Type
from deploy.citizen import SIGNS, TAKES_ALL, TAKES_CARD, At, new_pin, perform
from deploy.stage import SMALL, Stage

NEW_CARD = (
    At("menu", (Tap("new_individual"),)),
    At("notice", (Tap("primary"),)),
    At("person_check", (Tap("primary"),)),
    At("phone", (Type("13800138000"), Tap("primary"))),
    At("address", (Tap("primary"),)),
    At("bank", (Tap("bank_0"),)),
    At("portrait_ready", (Pose(), Tap("take_picture"))),
    At("portrait_keep", (Tap("primary"),)),
    At("review", (Tap("primary"),)),
    *SIGNS,
    *TAKES_ALL,
)

LOSS = (
    At("home", (Place("has_card"),)),
    At("menu", (Tap("loss_report"),)),
    At("confirm", (Tap("primary"),)),
    *SIGNS,
    *TAKES_ALL,
)

BLOCKED = (
    At("home", (Insert("pin_blocked"),)),
    At("menu", (Tap("pin_reset"),)),
    At("person_check", (Tap("primary"),)),
    *SIGNS,
    *new_pin("270836"),
    *TAKES_CARD,
)

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def stage(tmp_path_factory, seeded):
    with Stage(tmp_path_factory.mktemp("menu"), seeded=seeded, window=SMALL) as stage:
        yield stage


def offers(stage, *tiles):
    """The menu shows just these, in this order; its first picture may come before they stand."""
    foot = {"back", "home", "help", "large", "voice", "language"}

    def there(now):
        return [each.name for each in now.widgets if each.name not in foot] == [*tiles]

    stage.eyes.wait(lambda now: now.step == "menu" and there(now), 15.0)


def test_a_new_card_with_the_id_put_down_first_1_1(stage):
    stage.eyes.wait(lambda now: now.step == "home" and not now.dialog, 30.0)
    stage.dock.place("zhang_san")
    offers(stage, "new_individual", "for_another", "others")
    perform(stage, NEW_CARD)
    (row,) = stage.central("list")
    assert (row["service"], row["applicant_kind"]) == ("new_individual", "self")


def test_a_loss_is_two_touches_from_the_paper_to_the_pen_6_1(stage):
    perform(stage, LOSS)
    assert [row["service"] for row in stage.central("list")] == ["new_individual", "loss_report"]


def test_a_blocked_card_in_the_slot_is_led_to_its_reset_5_1(stage):
    stage.eyes.wait(lambda now: now.step == "home", 30.0)
    perform(stage, BLOCKED)
    assert stage.central("list")[-1]["service"] == "pin_reset"


def test_what_is_offered_is_there_in_large_type_too(stage):
    stage.eyes.wait(lambda now: now.step == "home", 30.0)
    stage.dock.place("card_sealed")
    tiles = ["activate", "loss_report", "replace_individual", "for_another", "others"]
    offers(stage, *tiles)
    perform(stage, (At("menu", (Tap("large"),)),))
    offers(stage, *tiles)
    perform(stage, (At("menu", (Tap("home"),)),))
    stage.dock.remove()
    stage.eyes.wait(lambda now: now.step == "home", 30.0)
