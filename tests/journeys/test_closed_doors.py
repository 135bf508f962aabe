"""Keys, a second button and hasty fingers open nothing."""

import subprocess
import time

import pytest

from deploy.screen import environment
from deploy.stage import SMALL, Stage
from tests.journeys.conftest import Person


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory, seeded):
    with Stage(tmp_path_factory.mktemp("doors"), seeded=seeded, window=SMALL) as stage:
        yield Person(stage)


def keys(stage, *names):
    subprocess.run(
        ["xdotool", "key", *names], env=environment(stage.display), check=True, timeout=10
    )


@pytest.mark.journey
def test_keys_and_the_second_button_do_nothing(kiosk):
    before = kiosk.sees("home")
    keys(kiosk.stage, "F1", "Escape", "F11", "alt+F4", "ctrl+c")
    for _ in range(2):
        subprocess.run(
            ["xdotool", "mousemove", "270", "450", "click", "3"],
            env=environment(kiosk.stage.display),
            check=True,
            timeout=10,
        )
    kiosk.presses("help")
    kiosk.sees("home", "F50")
    kiosk.presses("dialog:primary")
    assert kiosk.sees("home").widgets == before.widgets


@pytest.mark.journey
def test_a_double_tap_answers_one_question(kiosk):
    kiosk.sees("home")
    time.sleep(0.5)  # the pages behind it are built meanwhile
    tile = kiosk.stage.eyes.now().widget("new_individual")
    for _ in range(3):
        kiosk.stage.hand.tap(*tile.at())
    kiosk.sees("who")
    choice = kiosk.stage.eyes.now().widget("self")
    time.sleep(0.5)
    kiosk.stage.hand.tap(*choice.at())
    kiosk.stage.hand.tap(*choice.at())
    kiosk.sees("notice")
    time.sleep(0.5)
    assert kiosk.stage.eyes.now().step == "notice"
