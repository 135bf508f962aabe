"""What a state must have, and which states lack it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kiosk.crawl.walk import Key, Place, Walk, buttons
from kiosk.desk import Waits
from kiosk.services.closed import MAINTENANCE, By, Closed
from kiosk.services.enrolling import NOT_ENROLLED
from kiosk.services.failures import FAILURES
from kiosk.visit import (
    CALLED,
    HELP,
    KEPT,
    OF_NOBODY,
    Begin,
    Help,
    Idle,
    Leave,
    Step,
    Visit,
    advance,
    standing,
)
from screens.failure_words import FAILURES as FAILURE_WORDS
from screens.pages import words_name
from screens.scene import Scene
from screens.view import View, Wish
from screens.views import view
from screens.words import STEPS

HOME = "home"
CHECKS = ("screen", "words", "time-out", "cancel", "help", "way home", "buttons")


class Gap(NamedTuple):
    """Something a state lacks: which of `CHECKS`, and what it is."""

    place: Place
    check: str
    what: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What states are checked against: a scene, the seconds of the settings, the English words."""

    scene: Scene
    waits: Waits
    english: Mapping[str, str]


def gaps(found: Walk, ground: Ground) -> list[Gap]:
    """What the states lack, in the order of their places."""
    home = _lead_home(found)
    lacking = [
        Gap(here[0], check, what)
        for here, visit in found.visits.items()
        for check, what in _lacks(visit, ground, leads_home=here in home)
    ]
    return sorted(set(lacking) | set(_gaps_at_home(ground)))


def _lacks(visit: Visit, ground: Ground, *, leads_home: bool) -> Iterator[tuple[str, str]]:
    step = standing(visit)
    if step is None:
        yield "screen", "the visit stands nowhere"
        return
    code = visit.overlay.code if visit.overlay else ""
    if words_name(step.name, visit) not in STEPS:
        yield "screen", "no page, or no words"
        return
    if code and (code not in FAILURES or code not in FAILURE_WORDS):
        yield "screen", f"{code} has no row, or no words"
        return
    shown, unsaid = _shown(ground, visit)
    yield from (("words", text) for text in unsaid)
    if not _patient(visit, step, ground.waits) or not _silence_ends(visit):
        yield "time-out", "silence does not end it"
    if not step.holds and _goes_on(advance(visit, Leave()), visit):
        yield "cancel", "it cannot be left"
    helped = advance(visit, Help())
    called = helped is not None and helped.overlay in (HELP, CALLED, KEPT)
    if not called or "help" not in [each.name for each in shown.foot]:
        yield "help", "no help is offered"
    if not leads_home:
        yield "way home", "no way of buttons and answers leads home"
    for button in buttons(shown):
        if not isinstance(button.say, Wish) and advance(visit, button.say) == visit:
            yield "buttons", f"{button.name} does nothing"


def _shown(ground: Ground, visit: Visit | None) -> tuple[View, list[str]]:
    """The Chinese view, and the sentences that are not said in English or are empty."""
    said: set[str] = set()

    def chinese(text: str) -> str:
        said.add(text)
        return text

    def english(text: str) -> str:
        return ground.english.get(text) or text

    shown = view(replace(ground.scene, visit=visit, tr=chinese))
    view(replace(ground.scene, visit=visit, tr=english, language="en"))
    return shown, sorted(text for text in said if not text or not ground.english.get(text))


def _patient(visit: Visit, step: Step, waits: Waits) -> bool:
    return waits.of(visit, step) > 0


def _goes_on(after: Visit | None, before: Visit) -> bool:
    return after is not None and after.service is before.service and bool(after.facts)


def _silence_ends(visit: Visit) -> bool:
    """Two silences end every visit, in the alarm for what lies there or at home."""
    once = advance(visit, Idle())
    twice = advance(once, Idle())
    return twice is None or twice.service in OF_NOBODY


def _lead_home(found: Walk) -> set[Key]:
    """The states from which buttons and answers, not silence, lead to the end of the visit."""
    into: dict[Key | None, set[Key]] = {}
    for here, moves in found.moves.items():
        for there, heard in moves.items():
            if any(kind != "Idle" for kind, _code in heard):
                into.setdefault(there, set()).add(here)
    home: set[Key] = set()
    queue: list[Key | None] = [None]
    while queue:
        new_ones = into.get(queue.pop(), set()) - home
        home |= new_ones
        queue += new_ones
    return home


def _gaps_at_home(ground: Ground) -> Iterator[Gap]:
    """Home has no visit: it is looked at in each of its moods."""
    moods: dict[str, Scene] = {
        "": ground.scene,
        "F02": replace(ground.scene, troubles=frozenset({"F02"})),
        "F30": replace(ground.scene, troubles=frozenset({"F30"})),
        "F45": replace(ground.scene, recovering=True),
        "proving": replace(ground.scene, proving=True),
        "unclaimed": replace(ground.scene, unclaimed=True),
        "closed": replace(ground.scene, closed=Closed(MAINTENANCE)),
        "not_enrolled": replace(ground.scene, closed=NOT_ENROLLED, keepers=(By.NOT_ENROLLED,)),
    }
    for code, scene in moods.items():
        place = Place(HOME, HOME, code)
        shown, unsaid = _shown(replace(ground, scene=scene), None)
        yield from (Gap(place, "words", text) for text in unsaid)
        if "help" not in [button.name for button in shown.foot]:
            yield Gap(place, "help", "no help is offered")
        for choice in shown.choices:
            if not isinstance(choice.say, Begin):
                yield Gap(place, "buttons", f"{choice.name} begins nothing")
