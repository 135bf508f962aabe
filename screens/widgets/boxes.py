"""What is being typed, large and read-only."""

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets import rules
from screens.widgets.panel import Panel


class Box(Panel):
    """One box for one character."""

    char = StringProperty("")
    masked = BooleanProperty(False)
    current = BooleanProperty(False)


class Boxes(BoxLayout):
    """A box for each of `count` characters of `text`; `masked` shows dots."""

    text = StringProperty("")
    count = NumericProperty(6)
    masked = BooleanProperty(False)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._build_soon = Clock.create_trigger(self._build, -1)
        self.fbind("count", self._build_soon)
        for name in ("text", "masked"):
            self.fbind(name, self._show)
        self._build()

    def _build(self, *_args: object) -> None:
        self.clear_widgets()
        for _ in range(int(self.count)):
            self.add_widget(Box())
        self._show()

    def _show(self, *_args: object) -> None:
        for place, box in enumerate(reversed(self.children)):
            box.char = self.text[place : place + 1]
            box.masked = self.masked
            box.current = place == len(self.text)


class Field(Panel):
    """A wide field showing `text` in `groups` of characters ([3, 4, 4]); empty, the `hint`."""

    text = StringProperty("")
    hint = StringProperty("")
    groups = ListProperty([])

    def grouped(self, text: str, groups: list[int]) -> str:
        """`text` with a gap after each group; what is left over is the last group."""
        parts: list[str] = []
        for size in groups:
            parts.append(text[:size])
            text = text[size:]
        return "  ".join(part for part in (*parts, text) if part)


rules.load(__file__)
