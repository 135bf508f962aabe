"""A whole kiosk in a real window on a virtual screen, and a person who looks before pressing."""

import time

import pytest

from deploy.acts import LOOKING_S
from deploy.citizen import perform
from deploy.stage import Stage

QUICK = {
    "patience": dict.fromkeys(("reading", "typing", "photo", "result", "warn"), 5)
    | {"take_back": 1, "alarm": 2, "call": 4, "custody": 6}
}


class Person:
    """Presses what has a name, when it is there; every wait has an end."""

    def __init__(self, stage: Stage):
        self.stage = stage

    def sees(self, step, dialog="", within_s=30.0):
        return self.stage.eyes.wait(lambda now: now.step == step and now.dialog == dialog, within_s)

    def presses(self, name, within_s=15.0):
        self.stage.eyes.wait(lambda now: name in now, within_s)
        time.sleep(LOOKING_S)  # as a person does; a page that has just come takes no touch
        self.stage.hand.tap(*self.stage.eyes.widget(name).at())

    def types(self, text):
        time.sleep(LOOKING_S)
        for character in text:
            self.stage.hand.tap(*self.stage.eyes.widget(f"key:{character}").at())

    def types_name(self, syllables):
        """Pairs of letters and the character to choose."""
        for letters, wanted in syllables:
            for letter in letters.upper():
                self.presses(f"key:{letter}")
            self._chooses(wanted)

    def does(self, script):
        perform(self.stage, script)

    def applications(self):
        return self.stage.central("list")

    def _chooses(self, wanted):
        def offered(now):
            return [w for w in now.widgets if w.name.startswith("candidate:") and w.text == wanted]

        for _ in range(40):
            time.sleep(LOOKING_S)  # the row changes with each letter
            if found := offered(self.stage.eyes.now()):
                self.stage.hand.tap(*found[0].at())
                return
            self.presses("candidates:after")
        raise AssertionError(f"{wanted} is not among the candidates")


@pytest.fixture
def kiosk(tmp_path):
    with Stage(tmp_path) as stage:
        yield Person(stage)
