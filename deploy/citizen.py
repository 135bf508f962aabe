"""A scripted citizen: what a person does at each step, as data, and one who does it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.eyes import Seen, Widget
from deploy.stage import Stage
from screens.gate import HOLD

LOOKING_S = HOLD + 0.15
"""A person looks before pressing; a page that has just come takes no touch (screens.gate)."""

BUTTON_S = 5.0
"""Seconds until a button must be there."""

PERSON = "zhang_san"
"""Of config/people.toml: an adult who may have a new card."""


Stroke = tuple[tuple[float, float], ...]
"""Points of a pad, 0..1 from left and from top."""

ZHANG_SAN: tuple[Stroke, ...] = (
    ((0.12, 0.25), (0.24, 0.25), (0.24, 0.37), (0.13, 0.37), (0.13, 0.5), (0.25, 0.5), (0.2, 0.72)),
    ((0.43, 0.22), (0.33, 0.36)),
    ((0.3, 0.46), (0.48, 0.44)),
    ((0.35, 0.25), (0.35, 0.72), (0.42, 0.64)),
    ((0.38, 0.46), (0.49, 0.72)),
    ((0.6, 0.3), (0.8, 0.29)),
    ((0.62, 0.48), (0.78, 0.47)),
    ((0.56, 0.7), (0.85, 0.69)),
)
"""张三, as he writes it."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Press a widget by its name."""

    widget: str


@dataclass(frozen=True, slots=True)
class Type:
    """Press a key for each character."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Write on the signature pad."""

    strokes: tuple[Stroke, ...] = ZHANG_SAN


@dataclass(frozen=True, slots=True)
class Place:
    """Put a demo person's ID card on the reader."""

    person: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the paper from the reader."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Stand still before the camera."""

    seconds: float = 1.5


Act = Tap | Type | Sign | Place | Remove | Pose


@dataclass(frozen=True, slots=True)
class At:
    """What is done when a step is shown, with nothing lying over it."""

    step: str
    acts: tuple[Act, ...] = ()
    timeout_s: float = 30.0


def new_card_self(person: str = PERSON, phone: str = "13800138000") -> tuple[At, ...]:
    """A new card for oneself, with the resident ID card: from home to home."""
    return (
        At("home", (Tap("new_individual"),)),
        At("who", (Tap("self"),)),
        At("notice", (Tap("primary"),)),
        At("applicant", (Place(person),)),
        At("person_check", (Tap("primary"),)),
        At("phone", (Type(phone), Tap("primary"))),
        At("address", (Tap("primary"),)),
        At("bank", (Tap("bank_0"),)),
        At("portrait_ready", (Pose(), Tap("take_picture"))),
        At("portrait_keep", (Tap("primary"),)),
        At("review", (Tap("primary"),)),
        At("signature", (Sign(), Tap("primary"))),
        At("done", (Remove(), Tap("finish"))),
        At("home"),
    )


NEW_CARD_SELF = new_card_self()


def perform(
    stage: Stage, script: Sequence[At], seen: Callable[[At, Seen], None] = lambda _at, _seen: None
) -> None:
    """Do what the script says; `seen` is called at each step before the last thing done there.

    Raises UnseenError when a step or a widget does not come.
    """
    for at in script:
        shown = stage.eyes.wait(
            lambda now, step=at.step: now.step == step and not now.dialog, at.timeout_s
        )
        *before, last = at.acts or (None,)
        time.sleep(LOOKING_S)
        for act in before:
            _do(stage, act)
        if before:
            time.sleep(LOOKING_S)
        seen(at, shown)
        if last:
            _do(stage, last)


def _do(stage: Stage, act: Act) -> None:
    match act:
        case Tap(widget):
            stage.hand.tap(*_widget(stage, widget).at())
        case Type(text):
            for character in text:
                stage.hand.tap(*_widget(stage, f"key:{character}").at())
        case Sign(strokes):
            pad = _widget(stage, "signature_pad")
            for points in strokes:
                stage.hand.stroke([pad.at(across, down) for across, down in points])
        case Place(person):
            stage.dock.place(person)
        case Remove():
            stage.dock.remove()
        case Pose(seconds):
            time.sleep(seconds)


def _widget(stage: Stage, name: str) -> Widget:
    """A widget that may be pressed only once enough is typed or written."""
    return stage.eyes.wait(lambda now: name in now, BUTTON_S).widget(name)
