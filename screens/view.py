"""What a page shows: frozen, translated and masked already. A page says one of its events.

Pure: no clock, no Kivy. `screens.views` makes views of visits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from kiosk.visit import Event


class Wish(StrEnum):
    """What a person may ask of the screen itself, at any step."""

    LARGE = "large"
    LANGUAGE = "language"
    VOICE = "voice"


Say = Event | Wish


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `name` for tests and assistive uses, `text`, what it says, and an icon's name."""

    name: str
    text: str
    say: Say
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A tile: a title, a line below it, an icon, and what it says."""

    name: str
    title: str
    say: Say
    subtitle: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: a label, a masked value, perhaps a picture or a button to change it.

    `rich`: `**bold**` in the value is meant; never for what a person said.
    """

    label: str
    value: str
    change: Button | None = None
    picture: bytes = field(default=b"", repr=False)
    rich: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A field the person fills with the page's own keys; `say` makes the event of its text.

    `kind`: digits; id (digits and X); number (letters and digits); name (pinyin or Latin).
    `groups`: lengths of the groups the digits are shown in. `length`: the most it takes;
    `least`: with fewer, the button stays off.
    """

    kind: Literal["digits", "id", "number", "name"]
    length: int
    least: int
    say: Callable[[str], Say]
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pad:
    """A field for a signature; `say` makes the event of its strokes."""

    say: Callable[[tuple[tuple[tuple[float, float], ...], ...]], Say]


@dataclass(frozen=True, slots=True)
class Zones:
    """The glass in zones, each to be touched; `say` makes the event of those that were missed."""

    columns: int
    rows: int
    say: Callable[[tuple[int, ...]], Say] = field(compare=False)


class Keys(Protocol):
    """The pad's keys on the screen: which place was pressed, never which digit.

    `layout`: the digit at each of ten places: three rows of three, and the one below.
    """

    layout: tuple[int, ...]

    def press(self, position: int) -> None:
        """A place, 0 to 9."""
        ...

    def backspace(self) -> None:
        """Take the last digit back."""
        ...

    def clear(self) -> None:
        """Take all digits back."""
        ...

    def enter(self) -> None:
        """This is the PIN."""
        ...


@dataclass(frozen=True, slots=True)
class Pin:
    """A PIN being typed: `dots` of `of` digits are in; `keys` are on the screen, if any."""

    dots: int
    of: int
    keys: Keys | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far long work is: 0..1, how many of how many, how many a second, and the time left."""

    share: float
    text: str
    rate: str
    left: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """Words that a kind of page always carries: on keys, on the pad, beside the slip."""

    clear: str = ""
    delete: str = ""
    space: str = ""
    hint: str = ""
    sign: str = ""
    take: str = ""
    missing: str = ""
    before: str = ""
    after: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Dialog:
    """What lies over a page: what is the matter, what to do, at most two ways out."""

    code: str
    title: str
    text: str
    buttons: tuple[Button, ...] = ()
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The steps bar: stage `at` of `of`, and its name."""

    at: int
    of: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything a page shows. `screen` is the page, `step` the step of the visit.

    `call`: what to do, and on a second line the telephone number, larger than anything else.
    """

    screen: str
    step: str
    header: str
    place: str
    clock: str
    title: str
    lead: str = ""
    notice: str = ""
    told: str = ""
    """What the operator tells everybody at home."""
    bar: Bar | None = None
    primary: Button | None = None
    secondary: Button | None = None
    foot: tuple[Button, ...] = ()
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    entry: Entry | None = None
    pad: Pad | None = None
    zones: Zones | None = None
    pin: Pin | None = None
    preview: str = ""
    guide: bool = False
    drawing: str = ""
    """A row of `screens.drawings`: where the steps in the rows are done."""
    countdown: str = ""
    gauge: Gauge | None = None
    call: str = ""
    picture: bytes = field(default=b"", repr=False)
    good: bool = True
    known: bool = False
    """Whether somebody is served: what the page knows is theirs."""
    lying: str = ""
    """What is asked back, as it lies there: paper, card or stick."""
    slot: str = ""
    """Where a social card may be put in: "also", beside a paper on the reader, or "only" there."""
    dialog: Dialog | None = None
    corners: Say | None = None
    """What is said by whoever holds the two upper corners (`screens.corners`)."""
    keys: Fixed = field(default_factory=Fixed)
    large: bool = False
    language: str = "zh_CN"
