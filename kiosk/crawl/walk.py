"""Every state a person can come to: a search over everything that may be heard in each."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kiosk.crawl.answers import DRAWN, MISSED, TYPED, WORK
from kiosk.services import cards, menu, people, wishes
from kiosk.visit import (
    NOT_IN_THE_WAY,
    Begin,
    Broke,
    Event,
    Facts,
    Failed,
    Idle,
    Visit,
    advance,
    refusal,
    standing,
)
from regulation.papers import Paper
from regulation.reasons import Reason
from screens.scene import Scene
from screens.view import Button, Choice, Say, View, Wish
from screens.views import view

DECIDING = (
    *("other_paper", "portrait_choice", "pin_write", "submit", "result"),
    *("unit", "list_source", "preflight", "rows", "row", "centre_check", "batch_submit"),
    *("attendant", "devices", "supplies", "claim", "levels"),
)
"""The facts that later steps depend on, beside who the card is for and a card as the paper."""


PAPERS = ("why", "who", "notice", "card", *people.PAPER_STEPS, "agent")
"""Steps before or at which a paper's last day is looked at: there a clock that is off matters."""


class Place(NamedTuple):
    """A state as a reader counts them: a step of a service, and the failure's code over it."""

    service: str
    step: str
    code: str = ""


Key = tuple[Place, int, tuple[str, ...]]
Heard = tuple[str, str]
"""The kind of an event, and the failure's code it led to."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Everything reachable: a visit for every state, and what leads from one to another."""

    visits: dict[Key, Visit] = field(default_factory=dict[Key, Visit])
    moves: dict[Key, dict[Key | None, set[Heard]]] = field(
        default_factory=dict[Key, "dict[Key | None, set[Heard]]"]
    )


def walk(scene: Scene, begins: Iterable[Begin]) -> Walk:
    """Visit every state that begins here lead to."""
    found = Walk()
    first = (Visit(begin.service, begin.facts) for begin in begins)
    queue = deque((key(visit), visit) for visit in first)
    while queue:
        here, visit = queue.popleft()
        if here in found.visits:
            continue
        found.visits[here] = visit
        moves = found.moves.setdefault(here, {})
        for event in events(scene, visit):
            after = advance(visit, event)
            why = refusal(after.facts) if after else None
            there = here if after is visit else key(after) if after else None
            moves.setdefault(there, set()).add((type(event).__name__, why.code if why else ""))
            if after and there and there not in found.visits:
                queue.append((there, after))
    return found


def key(visit: Visit) -> Key:
    """Which state a visit is in: visits are one state when what follows cannot tell them apart."""
    step, why, overlay = standing(visit), refusal(visit.facts), visit.overlay
    code, detail = (overlay.code, overlay.detail) if overlay else ("", "")
    name = step.name if step else ""
    place = Place(str(visit.service.name), name, code)
    tries = 0 if overlay in NOT_IN_THE_WAY else visit.tries
    if why:
        return place, tries, (why.code, detail)
    source = wishes.SOURCE.of(visit.facts) if name in wishes.PORTRAIT_STEPS else None
    known = [_label(visit.facts[fact]) for fact in DECIDING if fact in visit.facts]
    known += ["lost"] if cards.WHY.of(visit.facts) is Reason.LOST else []
    known += ["clock_off"] if name in PAPERS and visit.facts.get("clock_off") else []
    if visit.service.name == menu.MENU:
        known += _menu(visit.facts)
    shown, kind = people.applicant_paper(visit.facts), people.kind(visit.facts)
    card = "card" if shown and shown.paper is Paper.SS_CARD else ""
    return place, tries, (*known, card, kind, source.source if source else "", detail)


def _menu(facts: Facts) -> list[str]:
    """What a menu shows: how everything stands, what was sent back, and which page it is."""
    seen = menu.OVERVIEW.of(facts)
    return [repr(seen), repr(seen and seen.mendable), repr(menu.TURN.of(facts))]


def _label(fact: object) -> str:
    return fact if isinstance(fact, str) else type(fact).__name__


def events(scene: Scene, visit: Visit) -> Iterator[Event]:
    """What may be heard in a state: what the page offers, what the work finds, and silence."""
    step = standing(visit)
    if step is None:
        return
    yield from offered(view(replace(scene, visit=visit)))
    if step.work and (visit.overlay is None or visit.overlay in NOT_IN_THE_WAY):
        yield from WORK[step.work]
        yield Failed("F33" if step.binding else "F35")
    yield Idle()
    yield Broke()


def offered(shown: View) -> Iterator[Event]:
    """The events of a page's buttons and fields; a dialog covers the page."""
    says: list[Say] = [button.say for button in buttons(shown)]
    if shown.dialog is None:
        says += [button.say for button in shown.foot]
        says += [row.change.say for row in shown.rows if row.change]
        if shown.entry:
            says += [shown.entry.say(text) for text in TYPED[shown.step]]
        if shown.pad:
            says += [shown.pad.say(strokes) for strokes in DRAWN]
        if shown.zones:
            says += [shown.zones.say(missed) for missed in MISSED]
    yield from (say for say in says if not isinstance(say, Wish))


def buttons(shown: View) -> list[Button | Choice]:
    """The buttons of this moment alone; the primary of a field says what is in the field."""
    if shown.dialog:
        return list(shown.dialog.buttons)
    primary = None if shown.entry or shown.pad or shown.zones else shown.primary
    return [button for button in (primary, shown.secondary) if button] + [*shown.choices]
