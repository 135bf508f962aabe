"""What the mind costs: the visit after an event, and the view of a visit.

Run: python -m benchmarks.visit
"""

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kiosk.crawl.answers import ADULT, DRAWN, JPEG, NOW, SUBMITTED
from kiosk.services import answers as a
from kiosk.services.catalogue import catalogue
from kiosk.services.new_card import new_card
from kiosk.settings import load
from kiosk.visit import TAKE_BACK, Begin, Event, Help, Resume, Said, Taken, Visit, advance
from regulation.rules import Applicant, load_rules
from screens.scene import Scene
from screens.views import view

ROUNDS = 200
RULES = load_rules(Path(__file__).parent.parent / "config" / "rules.toml")
SERVICE = new_card(RULES)
SETTINGS = load(None)

ANSWERS: tuple[object, ...] = (
    Applicant.SELF,
    a.Agreed(),
    ADULT,
    a.Agreed(),
    a.Eligible("张三"),
    "13800138000",
    a.AddressSays.RIGHT,
    SETTINGS.banks[0],
    a.Ready(),
    a.Picture(JPEG),
    a.Agreed(),
    a.Agreed(),
    a.Strokes(DRAWN[0]),
    a.Picture(JPEG),
    a.Sealed("key"),
    SUBMITTED,
    a.Drawn(JPEG),
    a.Printed(),
    Taken(),
    Taken(),
    a.Done(),
)
"""A new card for oneself, from the first question to the result."""


def events() -> list[Event]:
    """A whole visit; at each step somebody asks for help and goes on."""
    heard: list[Event] = [Begin(SERVICE, {"today": date(2026, 1, 15)})]
    for answer in ANSWERS:
        heard += [Help(), Resume(), Said(answer)]
    return [*heard, *(Said(Taken()) for _ in TAKE_BACK.steps)]


def measure() -> dict[str, float]:
    """Milliseconds an event and a view, means over whole visits; views a second."""
    heard = events()
    visits = _visits(heard)
    began = time.perf_counter()
    for _ in range(ROUNDS):
        _visits(heard)
    event_ms = (time.perf_counter() - began) * 1000 / ROUNDS / len(heard)
    scenes = [_scene(visit) for visit in visits]
    rounds = ROUNDS // 10
    began = time.perf_counter()
    for _ in range(rounds):
        for scene in scenes:
            view(scene)
    view_s = (time.perf_counter() - began) / rounds / len(scenes)
    return {"advance_ms": event_ms, "view_ms": view_s * 1000, "views_per_s": 1 / view_s}


def _visits(heard: Sequence[Event]) -> list[Visit | None]:
    """The visit after each event; the last one must be over, else something else was measured."""
    visit: Visit | None = None
    visits = [visit := advance(visit, event) for event in heard]
    assert visits[-1] is None, f"the visit stands at {visits[-1]}"
    return visits


def _scene(visit: Visit | None) -> Scene:
    return Scene(
        visit=visit,
        now=NOW,
        site=SETTINGS.site,
        window=SETTINGS.window,
        banks=SETTINGS.banks,
        rules=RULES,
        services=catalogue(RULES),
        tr=lambda text: text,
    )


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:16} {figure:10.4f}")
