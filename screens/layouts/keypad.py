"""Type a number with our own keys."""

from kivy.properties import ListProperty, StringProperty
from kivy.uix.widget import Widget

from screens.layouts.page import Body
from screens.view import Entry, Say, View
from screens.widgets import Keypad, LetterPad, rules
from screens.widgets.keypad import CLEAR, DELETE


class KeypadBody(Body):
    """A wide field and the keys its kind needs."""

    typed = StringProperty("")
    groups = ListProperty([])
    clear_text = StringProperty("")
    delete_text = StringProperty("")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._entry: Entry | None = None
        self._kind = ""

    def fill(self, view: View) -> None:
        """Show the keys of the view's entry."""
        self._entry = entry = view.entry
        if entry is None:
            return
        self.groups = list(entry.groups)
        keys = view.keys
        self.clear_text, self.delete_text = keys.clear, keys.delete
        if entry.kind != self._kind:
            self._kind = entry.kind
            self._keys(entry)
        self._count()

    def answer(self, view: View) -> Say | None:
        """The number as typed."""
        return view.entry.say(self.typed) if view.entry else None

    def forget(self) -> None:
        """Wipe the number."""
        self.typed = ""
        self._count()

    def press(self, _pad: Widget, key: str) -> None:
        """Take a key."""
        if key == CLEAR:
            self.typed = ""
        elif key == DELETE:
            self.typed = self.typed[:-1]
        elif self._entry and len(self.typed) < self._entry.length:
            self.typed += key
        self._count()

    def _count(self) -> None:
        self.ready = self._entry is not None and len(self.typed) >= self._entry.least

    def _keys(self, entry: Entry) -> None:
        slot = self.ids.pad
        slot.clear_widgets()
        pad = LetterPad(digits=True) if entry.kind == "number" else Keypad(layout=entry.kind)
        pad.size_hint_y = 1
        pad.bind(on_key=self.press)
        for name in ("clear_text", "delete_text"):
            setattr(pad, name, getattr(self, name))
            self.bind(**{name: pad.setter(name)})
        slot.add_widget(pad)


rules.load(__file__)
