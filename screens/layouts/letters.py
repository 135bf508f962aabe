"""Type a name: Chinese by pinyin, one character at a time, or in Latin letters."""

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.widget import Widget

from screens.layouts.page import Body
from screens.view import Entry, Say, View
from screens.widgets import rules
from screens.widgets.keypad import CLEAR, DELETE


class LettersBody(Body):
    """A wide field, the keys, and a switch between Chinese and Latin letters."""

    typed = StringProperty("")
    latin = BooleanProperty(False)
    clear_text = StringProperty("")
    delete_text = StringProperty("")
    space_text = StringProperty("")
    hint = StringProperty("")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._entry: Entry | None = None
        self.ids.pinyin.bind(
            on_character=lambda _pad, char: self._add(char),
            on_erase=lambda _pad: self._put(self.typed[:-1]),
            on_clear=lambda _pad: self._put(""),
        )
        self.ids.letters.bind(on_key=self._key)
        self.show_pad()

    def fill(self, view: View) -> None:
        """Show the words of the keys."""
        self._entry = view.entry
        keys = view.keys
        self.clear_text, self.delete_text = keys.clear, keys.delete
        self.space_text, self.hint = keys.space, keys.hint
        self._put(self.typed)

    def answer(self, view: View) -> Say | None:
        """The name as typed."""
        return view.entry.say(self.typed.strip()) if view.entry else None

    def forget(self) -> None:
        """Wipe the name."""
        self.ids.pinyin.forget()
        self._put("")

    def switch(self) -> None:
        """Other letters."""
        self.latin = not self.latin
        self.show_pad()

    def show_pad(self) -> None:
        """Put the pad of the chosen letters on the page."""
        slot = self.ids.pads
        slot.clear_widgets()
        slot.add_widget(self.ids.letters.__self__ if self.latin else self.ids.pinyin.__self__)

    def _key(self, _pad: Widget, key: str) -> None:
        if key == CLEAR:
            self._put("")
        elif key == DELETE:
            self._put(self.typed[:-1])
        else:
            self._add(key)

    def _add(self, char: str) -> None:
        if self._entry and len(self.typed) < self._entry.length:
            self._put(self.typed + char)

    def _put(self, name: str) -> None:
        self.typed = name
        self.ids.pinyin.first = not name
        self.ready = self._entry is not None and len(name.strip()) >= self._entry.least


rules.load(__file__)
