"""Text on the screen."""

from itertools import pairwise
from typing import TYPE_CHECKING

from kivy.clock import Clock
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.widget import Widget

from screens import shapes, theme_kv, typeset
from screens.text import Line
from screens.widgets import rules

if TYPE_CHECKING:
    from kivy.graphics.texture import Texture

_SHRINK = 0.92


def cuts_words(text: str, broken: tuple[Line, ...]) -> bool:
    """Whether a word of `text` goes on in the next line: it was wider than the box."""
    said = ["".join(span.text for span in line).split() for line in broken]
    pairs = [(one[-1], other[0]) for one, other in pairwise(said) if one and other]
    return any(
        (before[-1] + after[0]).isascii() and before[-1].isalnum() and before + after in text
        for before, after in pairs
    )


class TextBlock(Widget):
    """Text set by our own line breaker, in Simplified Chinese with fallback for rare characters.

    With `size_hint_y: None` the height follows the text; with `size_hint_x: None` the width does
    (lines then end at `max_width`). `**bold**` is bold unless `rich` is off. The type is set
    smaller, down to the smallest size there is, until its words are whole; with `shrink` until the
    text fits the box, with `max_lines` until there are no more lines. `px` None is the theme's
    body size: a rule saying so would overrule a widget's own `px` each time the theme changes.
    `set_px` is the size it came to.
    """

    text = StringProperty("")
    px = NumericProperty(None, allownone=True)
    color = ColorProperty([0, 0, 0, 1])
    bold = BooleanProperty(False)
    rich = BooleanProperty(True)
    shrink = BooleanProperty(False)
    max_lines = NumericProperty(0)
    line_height = NumericProperty(1.0)
    max_width = NumericProperty(10_000)
    halign = OptionProperty("left", options=["left", "center", "right"])
    valign = OptionProperty("middle", options=["top", "middle", "bottom"])
    texture = ObjectProperty(None, allownone=True)
    drawn = ObjectProperty((0, 0, 0, 0))

    def __init__(self, **properties: object) -> None:
        self._trigger = Clock.create_trigger(self._set, -1)
        self._made: tuple[object, ...] = ()
        self.set_px = 0
        super().__init__(**properties)
        for name in ("text", "px", "bold", "rich", "shrink", "line_height", "max_width", "halign"):
            self.fbind(name, self._trigger)
        for name in ("max_lines", "size", "size_hint_x", "size_hint_y"):
            self.fbind(name, self._trigger)
        theme_kv.theme.fbind("body_px", self._trigger)
        for name in ("pos", "size", "texture", "valign", "halign"):
            self.fbind(name, self._place)
        self._trigger()

    def _set(self, *_args: object) -> None:
        width = self.max_width if self.size_hint_x is None else self.width
        style = self._style(round(theme_kv.theme.body_px if self.px is None else self.px))
        broken = typeset.lines(self.text, style, width)
        floor = theme_kv.theme.floor_px
        while style.px > floor and not self._fits(broken, style):
            style = self._style(max(round(floor), int(style.px * _SHRINK)))
            broken = typeset.lines(self.text, style, width)
        self.set_px = style.px
        made = (broken, style)
        if made != self._made:
            self._made = made
            self.texture = typeset.paint(broken, style) if self.text else None
        self._follow()

    def _style(self, px: int) -> typeset.Style:
        return typeset.Style(px, self.bold, self.halign, self.rich, self.line_height)

    def _fits(self, broken: tuple[Line, ...], style: typeset.Style) -> bool:
        if self.max_lines and len(broken) > self.max_lines:
            return False
        high = len(broken) * typeset.line_height(style) if self.shrink else 0
        return high <= self.height and not cuts_words(self.text, broken)

    def _follow(self) -> None:
        wide, high = self.texture.size if self.texture else (0, 0)
        if self.size_hint_x is None:
            self.width = wide
        if self.size_hint_y is None:
            self.height = high

    def _place(self, *_args: object) -> None:
        texture: Texture | None = self.texture
        wide, high = texture.size if texture else (0, 0)
        left = {"left": 0, "center": 0.5, "right": 1}[self.halign] * (self.width - wide)
        up = {"bottom": 0, "middle": 0.5, "top": 1}[self.valign] * (self.height - high)
        self.drawn = (*shapes.snap((self.x + left, self.y + up)), wide, high)


rules.load(__file__)
