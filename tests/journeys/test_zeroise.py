"""Soon after a visit nothing of the person is in the kiosk's memory (lessons.md 7, M7)."""

import time

import pytest

from deploy.citizen import NEW_CARD_SELF, perform
from tests.journeys.memory import traces

CANARIES = ("11010519491231002X", "13800138000", "重庆市渝中区人民路")
"""The number, the telephone and the address of 张三; his name is too short to be told from noise."""
EVERY_S, LOOKS = 0.5, 10
"""services.md 9.3: within 5 s, in which the kiosk runs; a look stops it. On a quiet machine it is
gone at the first (docs/guardian.md)."""
GIVEN_BACK = [at.step for at in NEW_CARD_SELF].index("give_paper")


def memory(kiosk):
    return traces(kiosk.stage.pid("kiosk"), CANARIES)


def left(kiosk):
    """What is still there once the kiosk has had its time."""
    for _look in range(LOOKS):
        time.sleep(EVERY_S)
        if not (found := memory(kiosk)):
            break
    return found


@pytest.mark.journey
@pytest.mark.slow
def test_nothing_is_in_memory_after_a_visit_that_ended_well(kiosk):
    assert memory(kiosk) == {}
    perform(kiosk.stage, NEW_CARD_SELF[:GIVEN_BACK])
    kiosk.sees("give_paper")
    assert {text for text, _encoding in memory(kiosk)} == set(CANARIES), "the test of the test"
    perform(kiosk.stage, NEW_CARD_SELF[GIVEN_BACK:-1])
    kiosk.stage.eyes.wait(lambda now: now.step != "done")
    assert left(kiosk) == {}


@pytest.mark.journey
@pytest.mark.slow
def test_nothing_is_in_memory_of_a_visit_that_was_left(kiosk):
    perform(kiosk.stage, NEW_CARD_SELF[: GIVEN_BACK - 1])
    kiosk.sees("signature")
    kiosk.presses("home")
    kiosk.sees("take_paper")
    assert left(kiosk) == {}
