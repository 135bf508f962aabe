"""Twenty-six letters, for names in Latin script and document numbers."""

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets import rules
from screens.widgets.keypad import CLEAR, DELETE, SPACE, KeyRows

LETTERS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_DIGITS = "1234567890"


class LetterPad(KeyRows):
    """Capital letters; `digits` adds a row of digits, `space` a key for the space.

    Event: `on_key(key)`: a letter, a digit, " ", "clear" or "delete".
    """

    digits = BooleanProperty(False)
    space = BooleanProperty(False)
    space_text = StringProperty("空格")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.fbind("digits", self._build)
        self.fbind("space", self._build)
        self._build()

    def _build(self, *_args: object) -> None:
        self.clear_widgets()
        for letters in ((_DIGITS,) if self.digits else ()) + LETTERS:
            self.row(tuple(letters), small=True)
        self.row((CLEAR, *((SPACE,) if self.space else ()), DELETE), small=True)


rules.load(__file__)
