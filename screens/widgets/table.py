"""A card of rows: what was entered, for checking."""

from collections.abc import Callable

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets import rules
from screens.widgets.panel import Panel

TIGHTEST = 3


class Table(Panel):
    """A card that holds `Row`s and is as high as they are.

    `tight` 1 sets the rows closer, 2 and 3 set smaller type as well: for when there is too much.
    """

    tight = NumericProperty(0)

    def __init__(self, **properties: object) -> None:
        self.spare: list[Row] = []
        super().__init__(**properties)

    def put_away(self) -> None:
        """Take the rows out, wiped, to be used again: making one takes milliseconds."""
        for row in self.children[:]:
            self.remove_widget(row)
            row.forget()
            self.spare.append(row)

    def on_tight(self, _table: object, tight: int) -> None:
        """Pass it on to the rows."""
        for row in self.children:
            row.tight = tight


class Row(BoxLayout):
    """A label, its value, and with `edit_text` a button, which calls `edit`.

    `name` is the field; the button is then known as "edit:<name>". `texture` shows a picture in
    place of the value. `last` leaves out the line below.
    """

    name = StringProperty("")
    label = StringProperty("")
    value = StringProperty("")
    rich = BooleanProperty(True)
    edit_text = StringProperty("")
    texture = ObjectProperty(None, allownone=True)
    last = BooleanProperty(False)
    tight = NumericProperty(0)

    edit: Callable[[], None] | None = None

    def forget(self) -> None:
        """Wipe what the row says."""
        self.label = self.value = self.name = self.edit_text = ""
        self.texture = self.edit = None

    def pressed(self) -> None:
        """The citizen wants to change this field."""
        if self.edit:
            self.edit()


rules.load(__file__)
