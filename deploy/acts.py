"""What a person does at a kiosk with hand, papers, card and stick: an act each, as data."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from deploy.eyes import Seen, UnseenError, Widget
from deploy.stage import Stage
from screens.gate import HOLD

LOOKING_S = HOLD + 0.15
"""A person looks before pressing; a page that has just come takes no touch (screens.gate)."""

HAND_S = 0.1
"""How often a hand tries again."""

BUTTON_S = 20.0
"""Seconds until a button must be there, or a slot must move; far longer than it takes."""

NO_CARD = "0"
"""What a motorised reader says of its place when no card is in it (st0)."""

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


class Act(Protocol):
    """Something a person does; UnseenError when what it is done to does not come."""

    def do(self, stage: Stage) -> None:
        """Do it."""
        ...


@dataclass(frozen=True, slots=True)
class Tap:
    """Press a widget by its name; it may be off until enough is typed or written."""

    widget: str

    def do(self, stage: Stage) -> None:
        """Press it once it is there and was looked at."""
        stage.hand.tap(*_widget(stage, self.widget).at())


@dataclass(frozen=True, slots=True)
class Type:
    """Press a key for each character."""

    text: str

    def do(self, stage: Stage) -> None:
        """Type it."""
        for character in self.text:
            Tap(f"key:{character}").do(stage)


@dataclass(frozen=True, slots=True)
class Enter:
    """Type a PIN on the keys as they lie, and confirm it.

    `under` is the title to wait for, where one step asks twice.
    """

    pin: str
    under: str = ""

    def do(self, stage: Stage) -> None:
        """Press each digit where it lies now, then the button."""
        for digit in self.pin:
            at = _seen(
                stage, lambda now, digit=digit: self.under in now.title and bool(_keys(now, digit))
            )
            stage.hand.tap(*_keys(at, digit)[0].at())
        Tap("primary").do(stage)


@dataclass(frozen=True, slots=True)
class Sign:
    """Write on the signature pad."""

    strokes: tuple[Stroke, ...] = ZHANG_SAN

    def do(self, stage: Stage) -> None:
        """Draw every stroke."""
        pad = _widget(stage, "signature_pad")
        for points in self.strokes:
            stage.hand.stroke([pad.at(across, down) for across, down in points])


@dataclass(frozen=True, slots=True)
class Place:
    """Put a demo person's ID card on the reader."""

    person: str

    def do(self, stage: Stage) -> None:
        """Place it."""
        stage.dock.place(self.person)


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the paper from the reader."""

    def do(self, stage: Stage) -> None:
        """Take it."""
        stage.dock.remove()


@dataclass(frozen=True, slots=True)
class Pose:
    """Stand still before the camera."""

    seconds: float = 1.5

    def do(self, stage: Stage) -> None:  # noqa: ARG002 - every act is done on a stage
        """Stand still."""
        time.sleep(self.seconds)


@dataclass(frozen=True, slots=True)
class Insert:
    """Push a demo person's social card into the slot as soon as it takes it."""

    person: str

    def do(self, stage: Stage) -> None:
        """Push until the gate opens."""
        _until(lambda: _taken_in(stage, "insert", person=self.person), "the slot takes no card")


@dataclass(frozen=True, slots=True)
class Carry:
    """Push in the card that the window's station made last, as one of this key.

    `changed` is what was done to it on the way, as by a terminal elsewhere: `("tries", 0)`.
    """

    key: str = "made"
    changed: tuple[tuple[str, object], ...] = ()

    def do(self, stage: Stage) -> None:
        """Push until the gate opens."""
        card = stage.station_dock.made() | dict(self.changed)
        _until(lambda: _taken_in(stage, "carry", key=self.key, card=card), "the slot takes no card")


@dataclass(frozen=True, slots=True)
class TakeCard:
    """Take the social card as soon as the slot gives it back."""

    def do(self, stage: Stage) -> None:
        """Take it once it is at the gate."""
        _until(lambda: _taken_out(stage), "the slot does not give the card back")


@dataclass(frozen=True, slots=True)
class Plug:
    """Put in a stick with the files of a folder; of the stage's, where it is a mere name."""

    folder: Path

    def do(self, stage: Stage) -> None:
        """Put it in."""
        stage.dock.do("media", "insert", folder=str(stage.folder / self.folder))


@dataclass(frozen=True, slots=True)
class Unplug:
    """Pull the stick."""

    def do(self, stage: Stage) -> None:
        """Pull it."""
        stage.dock.do("media", "pull")


def _until(done: Callable[[], bool], otherwise: str) -> None:
    """Try again and again, as a hand does."""
    end = time.monotonic() + BUTTON_S
    while not done():
        if time.monotonic() > end:
            raise UnseenError(otherwise)
        time.sleep(HAND_S)


def _taken_in(stage: Stage, act: str, **words: object) -> bool:
    try:
        stage.dock.do("social_card", act, **words)
    except httpx.HTTPStatusError:
        return False
    return True


def _taken_out(stage: Stage) -> bool:
    stage.dock.do("social_card", "take")
    seen = stage.dock.state()["social_card"]
    return seen["place"] == NO_CARD if "place" in seen else seen["person"] is None


def _keys(now: Seen, digit: str) -> list[Widget]:
    """The keys that show a digit, wherever they lie."""
    return [each for each in now.widgets if each.name.startswith("pin:") and each.text == digit]


def _widget(stage: Stage, name: str) -> Widget:
    return _seen(stage, lambda now: name in now).widget(name)


def _seen(stage: Stage, wanted: Callable[[Seen], bool]) -> Seen:
    """What is there now, looked at: what is pressed just as it comes is not heard."""
    return stage.eyes.settled(wanted, LOOKING_S, BUTTON_S)
