"""A card of rows: what was entered, for checking."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.widgets import rules
from screens.widgets.panel import Panel


TIGHTEST = 2


class Table(Panel):
    """A card that holds `Row`s and is as high as they are.

    `tight` 1 sets the rows closer, 2 sets smaller type as well: for when there is too much.
    """

    tight = NumericProperty(0)

    def on_tight(self, _table: object, tight: int) -> None:
        """Pass it on to the rows."""
        for row in self.children:
            row.tight = tight


class Row(BoxLayout):
    """A label, its value, and with `edit_text` a button. Event: `on_edit`.

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

    __events__ = ("on_edit",)

    def on_edit(self) -> None:
        """For kv: the citizen wants to change this field."""


rules.load(__file__)
