"""Somebody who walks away leaves nothing readable, and nothing of theirs unguarded."""

import pytest

from deploy.citizen import loss_report, new_card, perform, pin_change
from deploy.stage import SMALL, Stage
from tests.journeys.conftest import QUICK, Person
from tests.logged import text

THINGS = {
    "take_paper": ("id_reader", "remove"),
    "take_card": ("social_card", "take"),
}
PERSONAL = ("张", "11010519491231002X", "002X", "13800138000", "138****", "人民路")
STOPS = (
    (new_card, "applicant"),
    (new_card, "signature"),
    (pin_change, "old_pin"),
    *(
        pytest.param(*stop, marks=pytest.mark.thorough)
        for stop in ((new_card, "who"), (new_card, "phone"), (loss_report, "confirm"))
    ),
)
"""Where somebody leaves: what is done until this step is shown, and then nothing any more.

Every other step is left with an injected clock, in tests/kiosk/test_patience.py.
"""


def ids(stop):
    return stop.__name__ if callable(stop) else stop


@pytest.fixture(scope="module")
def hasty(tmp_path_factory, seeded):
    """One kiosk with five seconds for everything, for one person after the other."""
    with Stage(
        tmp_path_factory.mktemp("hasty"), settings=QUICK, seeded=seeded, window=SMALL
    ) as stage:
        yield Person(stage)


@pytest.mark.journey
@pytest.mark.slow
@pytest.mark.parametrize(("script", "step"), STOPS, ids=ids)
def test_whoever_leaves_here_leaves_nothing(hasty, script, step):
    steps = [at.step for at in script()]
    perform(hasty.stage, script()[: steps.index(step)])
    hasty.sees(step)
    if step == "applicant":
        hasty.stage.dock.place("zhang_san" if script is new_card else "has_card")
    over = hasty.stage.eyes.wait(lambda now: now.step == "home" or now.step.startswith("take_"), 60)
    guarded = hasty.stage.eyes.wait(lambda now: now.step == "home" or now.dialog == "F37", 30)
    if guarded.dialog:
        left = guarded.step
        for rung in ("F37", "called", "F38"):
            guarded = hasty.sees(left, rung)
            assert not guarded.widgets, "home is blocked while it lies there"
            assert not readable(guarded)
        device, act = THINGS[left]
        hasty.stage.dock.do(device, act)
    home = hasty.sees("home")
    assert not readable(over)
    assert not readable(home)
    assert hasty.applications() == []
    log = text(hasty.stage.folder / "kiosk")
    assert not [datum for datum in ("张三", "11010519491231002X") if datum in log]


def readable(seen):
    texts = (seen.title, *(widget.text for widget in seen.widgets))
    return [datum for datum in PERSONAL if any(datum in text for text in texts)]
