"""Chinese names by pinyin, one character at a time."""

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens import pinyin, typeset
from screens.widgets import rules
from screens.widgets.keypad import CLEAR, DELETE, Key
from screens.widgets.letter_pad import LETTERS

PAGE = 7
"""How many candidates stand side by side."""


class PinyinPad(BoxLayout):
    """Letters, and above them the characters they may mean.

    `first`: the next character begins the name (surnames first); the page keeps it up to date.
    Events: `on_character(char)`, also "·"; `on_erase()`: delete pressed with no letters typed;
    `on_clear()`: empty the name. Characters no font can draw are not offered.
    """

    first = BooleanProperty(True)
    letters = StringProperty("")
    found = ListProperty([])
    page = NumericProperty(0)
    tallest = NumericProperty(0)
    clear_text = StringProperty("清除")
    delete_text = StringProperty("退格")
    hint = StringProperty("请输入拼音")

    __events__ = ("on_character", "on_erase", "on_clear")

    def on_kv_post(self, base_widget: object) -> None:  # noqa: ARG002  Kivy's signature
        """Fill the rows once the rule has made them."""
        bar = self.ids.candidates
        for slot in range(PAGE):
            key = Key(name=f"candidate:{slot}")
            key.bind(on_release=lambda pressed: self._choose(pressed.text))
            bar.add_widget(key, index=1)
        letters = self.ids.letters
        for row in LETTERS:
            letters.row(tuple(row), small=True)
        letters.row((CLEAR, "·", DELETE), small=True)
        self.fbind("first", self._look_up_again)
        self.forget()

    def press(self, key: str) -> None:
        """Take a key of the letter rows."""
        if key == CLEAR:
            self.forget()
            self.dispatch("on_clear")
        elif key == DELETE and self.letters:
            self._type(self.letters[:-1])
        elif key == DELETE:
            self.dispatch("on_erase")
        elif key == "·":
            self._choose(key)
        elif pinyin.is_syllable_start(self.letters + key.lower()):
            self._type(self.letters + key.lower())

    def turn(self, pages: int) -> None:
        """Show the next candidates (1) or the ones before (-1)."""
        last = max(0, (len(self.found) - 1) // PAGE)
        self.page = min(last, max(0, self.page + pages))
        self._show()

    def forget(self) -> None:
        """Drop what was typed."""
        self._type("")

    def on_character(self, char: str) -> None:
        """For kv: `char` was chosen."""

    def on_erase(self) -> None:
        """For kv: take the last character of the name away."""

    def on_clear(self) -> None:
        """For kv: empty the name."""

    def _look_up_again(self, *_args: object) -> None:
        self._type(self.letters)

    def _choose(self, char: str) -> None:
        if char:
            self._type("")
            self.dispatch("on_character", char)

    def _type(self, letters: str) -> None:
        self.letters = letters
        all_found = pinyin.candidates(letters, first=self.first)
        self.found = [char for char in all_found if typeset.face_of(char)]
        self.page = 0
        self._show()

    def _show(self) -> None:
        shown = self.found[self.page * PAGE : (self.page + 1) * PAGE]
        keys = [k for k in reversed(self.ids.candidates.children) if k.name[:10] == "candidate:"]
        for slot, key in enumerate(keys):
            key.text = shown[slot] if slot < len(shown) else ""
            key.disabled = not key.text
        self.ids.before.disabled = self.page == 0
        self.ids.after.disabled = (self.page + 1) * PAGE >= len(self.found)


rules.load(__file__)
