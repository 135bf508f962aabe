"""Type a PIN: dots, and the pad's own keys, which are told which place was pressed and no digit."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from screens.layouts.page import Body
from screens.view import Keys, Say, View
from screens.widgets import PinKeypad, rules
from screens.widgets.keypad import CLEAR, DELETE


class PinBody(Body):
    """A box for each digit, and keys where the pad is on the screen; one of steel has its own."""

    dots = NumericProperty(0)
    places = NumericProperty(6)
    notice = StringProperty("")
    keyed = BooleanProperty(False)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._keys: Keys | None = None
        self._pad: PinKeypad | None = None

    def fill(self, view: View) -> None:
        """Show how many digits are in, and the keys where they lie."""
        pin = view.pin
        self.dots, self.places = (pin.dots, pin.of) if pin else (0, 6)
        self.notice, self.ready = view.notice, bool(pin) and self.dots >= self.places
        self._keys = pin.keys if pin else None
        if self._keys is None:
            self._without_keys()
            return
        pad = self._pad or self._with_keys()
        pad.digits = list(self._keys.layout)
        pad.clear_text, pad.delete_text = view.keys.clear, view.keys.delete

    def answer(self, view: View) -> Say | None:
        """The pad is told that this is the PIN; nothing is said here."""
        if view.pin and view.pin.keys:
            view.pin.keys.enter()
        return None

    def forget(self) -> None:
        """Let go of the keys, and of where they lay."""
        self.dots, self._keys = 0, None
        self._without_keys()

    def press(self, _pad: Widget, key: int | str) -> None:
        """Tell the pad."""
        keys = self._keys
        if keys is None:
            return
        if key == CLEAR:
            keys.clear()
        elif key == DELETE:
            keys.backspace()
        elif isinstance(key, int):
            keys.press(key)

    def _with_keys(self) -> PinKeypad:
        self._pad = pad = PinKeypad(size_hint_y=1)
        pad.bind(on_key=self.press)
        self.ids.pad.add_widget(pad)
        self.keyed = True
        return pad

    def _without_keys(self) -> None:
        self.ids.pad.clear_widgets()
        self._pad, self.keyed = None, False


rules.load(__file__)
