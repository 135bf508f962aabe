"""`make demo SERVICE=fleet`: three kiosks of one centre, a rollout that lands, one that does not.

The good one reaches both groups. While the next one proves itself at the pilot kiosk, that kiosk's
printer goes: the kiosk takes the document back by itself, the rollout stops at its error limit, and
the hall's kiosks never hear of it.
"""

import json
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from deploy.eyes import Eyes, UnseenError
from deploy.program import ProgramError
from deploy.stage import Settings, Stage

PILOT, HALL = "0017", ("0018", "0019")
PROBATION_S = 6.0
WITHIN_S = 90.0
LOOK_S = 0.2
TITLE = "请把身份证放在亮灯处"
"""What home says in the program's own words."""
GOOD, BAD = "请把身份证平放在亮灯处", "把身份证放上来"


class FleetError(ProgramError):
    """A rollout did not go as it should; the text says how it went."""


class Fleet:
    """Three kiosks in windows of their own; `folder` takes pictures and report.json."""

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        self.folder = folder
        self._began = time.monotonic()
        self.told: list[dict[str, Any]] = []
        first = Stage(folder / PILOT, settings=self._settings(PILOT))
        keys = [str(folder / f"stick_{n}") for n in (1, 2, 3)]
        first.folder.mkdir(parents=True)
        first.central("fleet", "keys", "--offline", *keys)
        self.kiosks = {PILOT: opened.enter_context(first)}
        for number in HALL:
            stage = Stage(folder / number, settings=self._settings(number), centre=first)
            self.kiosks[number] = opened.enter_context(stage)
        self.central = first.central
        for number in self.kiosks:
            self.central("fleet", "kiosk", number, "--group", "hall" if number in HALL else "pilot")

    def roll_out(self, name: str, title: str) -> int:
        """Give both groups a document that says this at home; the rollout's number."""
        document = {"schema": 1, "mode": "in_service", "texts": {TITLE: {"zh": title}}}
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")
        made = self.central(
            *("fleet", "rollout", str(file), "--groups", "pilot", "hall"),
            *("--success", "100", "--error", "0", "--soak-minutes", "0"),
            *("--by", "anna", "--approve", "bert"),
        )
        self.tell(f"rollout {made['rollout']} begins: home says {title}")
        return made["rollout"]

    def ends(self, rollout: int, state: str) -> dict[str, Any]:
        """Wait until a rollout is `done` or `stopped`; how it stands."""

        def standing() -> dict[str, Any]:
            return next(r for r in self.central("fleet", "rollouts") if r["rollout"] == rollout)

        def there() -> bool:
            return standing()["state"] == state

        self._until(there, lambda: f"rollout {rollout} stands thus: {standing()}")
        stands = standing()
        self.tell(f"rollout {rollout} is {state}: {stands['outcomes']}")
        return stands

    def says(self, number: str, title: str) -> None:
        """Wait until a kiosk's home says this, and keep a picture."""
        stage = self.kiosks[number]
        stage.eyes.wait(lambda now: now.step == "home" and now.title == title, WITHIN_S)
        self.picture(number)
        self.tell(f"kiosk {number} says {title}")

    def picture(self, number: str) -> None:
        """What a kiosk shows now."""
        name = f"{len(self.told) + 1:02}-{number}.png"
        self.kiosks[number].screenshot().save(self.folder / name)

    def tell(self, sentence: str) -> None:
        """Write down what happened, and when."""
        after = round(time.monotonic() - self._began, 1)
        self.told.append({"after_s": after, "what": sentence})
        print(f"{after:6.1f} s  {sentence}", flush=True)

    def _until(self, truth: Callable[[], bool], otherwise: Callable[[], str]) -> None:
        end = time.monotonic() + WITHIN_S
        while not truth():
            if time.monotonic() > end:
                raise FleetError(otherwise())
            time.sleep(LOOK_S)

    def _settings(self, number: str) -> Settings:
        root = self.folder.resolve() / PILOT / "centre" / "fleet" / "1.root.json"
        return {
            "kiosk": {"id": number},
            "central": {"fleet_root": str(root), "probation_s": PROBATION_S},
        }


def fleet_demo(folder: Path) -> None:
    """Leave pictures and report.json in `folder`. Raises FleetError or UnseenError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ExitStack() as opened:
        fleet = Fleet(folder, opened)
        good = fleet.roll_out("good", GOOD)
        for number in fleet.kiosks:
            fleet.says(number, GOOD)
        fleet.ends(good, "done")
        bad = fleet.roll_out("bad", BAD)
        fleet.says(PILOT, BAD)
        fleet.kiosks[PILOT].dock.fault("printer", "unplug")
        fleet.tell("the pilot kiosk's printer is unplugged while the document proves itself")
        fleet.says(PILOT, GOOD)
        stopped = fleet.ends(bad, "stopped")
        if stopped["outcomes"][1:]:
            raise FleetError(f"the second group began: {stopped['outcomes']}")
        for number in HALL:
            _never_said(fleet.kiosks[number].eyes, BAD)
            fleet.picture(number)
        report = {
            "told": fleet.told,
            "rollouts": fleet.central("fleet", "rollouts"),
            "kiosks": fleet.central("fleet", "status"),
        }
    text = json.dumps(report, ensure_ascii=False, indent=2)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")


def _never_said(eyes: Eyes, title: str) -> None:
    """Raise FleetError where a kiosk showed this title at any time since it was looked at last."""
    try:
        eyes.wait(lambda now: now.title == title, 0.0)
    except UnseenError:
        return
    raise FleetError(f"a kiosk of the hall says {title}")
