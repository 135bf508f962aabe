"""A picture of the ID reader: where the card goes."""

from kivy.properties import BooleanProperty, NumericProperty

from screens.widgets import rules
from screens.widgets.panel import Panel


class IdReaderPicture(Panel):
    """An ID card above the reader, whose lamp is lit where the real one is.

    `reading`: the card lies on the reader.
    """

    reading = BooleanProperty(False)
    unit = NumericProperty(1)


rules.load(__file__)
