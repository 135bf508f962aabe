"""A tile of the home screen or of a choice."""

from kivy.properties import BooleanProperty, StringProperty

from screens.widgets import rules
from screens.widgets.buttons import Press


class Tile(Press):
    """An icon on a plate, a title and a line under it; `aside` puts the line beside the title."""

    icon = StringProperty("")
    subtitle = StringProperty("")
    aside = BooleanProperty(False)
    chosen = BooleanProperty(False)


rules.load(__file__)
