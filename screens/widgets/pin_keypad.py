"""The keys for a PIN: they lie where they are told, and look the same pressed or not."""

from kivy.properties import ListProperty

from screens.widgets import rules
from screens.widgets.keypad import CLEAR, DELETE, Key, KeyRows

TELEPHONE = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
_ROWS: tuple[tuple[int | str, ...], ...] = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (CLEAR, 9, DELETE))


class PinKeypad(KeyRows):
    """Ten digits. Event: `on_key(key)`, the place 0 to 9 that was pressed, "clear" or "delete".

    `digits` is the digit at each place: three rows of three, and the one below. Which digit was
    pressed is not known here, nor kept; a key's `name` is "pin:<place>".
    """

    digits = ListProperty(TELEPHONE)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._keys: dict[int, Key] = {}
        for places in _ROWS:
            line = self.row(())
            for place in places:
                line.add_widget(self._place(place))
        self.fbind("digits", self._show)
        self._show()

    def _place(self, place: int | str) -> Key:
        if isinstance(place, str):
            return self.key(place)
        made = self._keys[place] = Key(name=f"pin:{place}", discreet=True)
        made.bind(on_release=lambda _pressed: self.dispatch("on_key", place))
        return made

    def _show(self, *_args: object) -> None:
        for place, key in self._keys.items():
            key.text = str(self.digits[place])


rules.load(__file__)
