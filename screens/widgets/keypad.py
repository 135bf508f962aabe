"""Our own number pad."""

from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.theme_kv import theme
from screens.widgets import rules
from screens.widgets.buttons import Press

CLEAR = "clear"
DELETE = "delete"
SPACE = "space"

_LAYOUTS = {
    "digits": (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (CLEAR, "0", DELETE)),
    "id": (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), (CLEAR, "X", "0", DELETE)),
}


class Key(Press):
    """A key of a pad; `function` keys are tinted, `small` ones stand ten in a row.

    A `discreet` key shows nothing when it is pressed: a neighbour reads nothing off it.
    """

    function = BooleanProperty(False)
    small = BooleanProperty(False)
    discreet = BooleanProperty(False)


class KeyRows(BoxLayout):
    """Rows of keys. Event: `on_key(key)`, a character or "clear" or "delete".

    Each key's `name` is "key:<key>". It is `tallest` high, or in a page with little room less.
    """

    tallest = NumericProperty(0)

    clear_text = StringProperty("清除")
    delete_text = StringProperty("退格")

    __events__ = ("on_key",)

    def on_key(self, key: str) -> None:
        """For kv: `key` was pressed."""

    def row(self, keys: tuple[str, ...], *, small: bool = False) -> BoxLayout:
        """A row of keys side by side, already added to the pad."""
        line = BoxLayout()
        _follow(line, "spacing", "letter_gap_len" if small else "key_gap_len")
        for key in keys:
            line.add_widget(self.key(key, small=small))
        self.add_widget(line)
        return line

    def key(self, key: str, *, small: bool = False) -> Key:
        """One key that reports to this pad."""
        function = len(key) > 1
        made = Key(name=f"key:{key}", text=key, function=function, small=small)
        if function and hasattr(self, f"{key}_text"):
            _bind_text(self, made, f"{key}_text")
        said = " " if key == SPACE else key
        made.bind(on_release=lambda _pressed: self.dispatch("on_key", said))
        return made


class Keypad(KeyRows):
    """Ten digits; `layout: "id"` has the X of ID numbers as well."""

    layout = OptionProperty("digits", options=list(_LAYOUTS))

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.fbind("layout", self._build)
        self._build()

    def _build(self, *_args: object) -> None:
        self.clear_widgets()
        for keys in _LAYOUTS[self.layout]:
            self.row(keys)


def _follow(widget: BoxLayout, name: str, source: str) -> None:
    setattr(widget, name, getattr(theme, source))
    theme.bind(**{source: lambda _theme, value: setattr(widget, name, value)})


def _bind_text(pad: KeyRows, key: Key, source: str) -> None:
    key.text = getattr(pad, source)
    pad.bind(**{source: key.setter("text")})


rules.load(__file__)
