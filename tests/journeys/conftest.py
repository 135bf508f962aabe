"""A whole kiosk in a real window on a virtual screen, and a person who looks before pressing."""

import contextlib
import subprocess
import sys
import time

import pytest

from central.hsm.demo import open_demo
from deploy.acts import LOOKING_S, Tap, Type
from deploy.citizen import perform
from deploy.eyes import UnseenError
from deploy.stage import PEOPLE, SMALL, Stage

LETTER_S = 3.0
"""How long the characters of a letter may take to come."""
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

    def presses(self, name):
        time.sleep(LOOKING_S)  # the gate closes after each press, also on the same page
        Tap(name).do(self.stage)

    def types(self, text):
        time.sleep(LOOKING_S)
        Type(text).do(self.stage)

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
        """Leafs through the candidates, once those of the last letter had time to come."""
        patience_s = LETTER_S
        for _ in range(40):
            with contextlib.suppress(UnseenError):
                self.stage.eyes.settled(lambda now: wanted in _candidates(now), 0, patience_s)
                break
            row, patience_s = _candidates(self.stage.eyes.now()), 0
            self.presses("candidates:after")
            self.stage.eyes.settled(lambda now, row=row: _candidates(now) != row, 0, 15)
        seen = self.stage.eyes.now()
        found = next(w.name for w in seen.widgets if _candidate(w) and w.text == wanted)
        Tap(found).do(self.stage)


def _candidates(now):
    return tuple(widget.text for widget in now.widgets if _candidate(widget))


def _candidate(widget):
    return widget.name.startswith("candidate:")


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A centre's folder with the demo people and a PIN key, to be copied: a process makes one."""
    folder = tmp_path_factory.mktemp("seeded") / "centre"
    command = [sys.executable, "-m", "central", "seed", str(PEOPLE), "--data", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    open_demo(folder)
    return folder


@pytest.fixture
def kiosk(tmp_path, seeded):
    with Stage(tmp_path, seeded=seeded, window=SMALL) as stage:
        yield Person(stage)
