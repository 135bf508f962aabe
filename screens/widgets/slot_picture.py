"""A picture of a thing that was left in its slot: a social card, or a USB stick."""

from kivy.properties import BooleanProperty, NumericProperty

from screens.widgets import rules
from screens.widgets.panel import Panel


class SlotPicture(Panel):
    """A card half out of its slot, or a stick in its port, and the way it is pulled.

    `stick`: it is a stick; `inwards`: it is put in.
    """

    stick = BooleanProperty(False)
    inwards = BooleanProperty(False)
    unit = NumericProperty(1)


rules.load(__file__)
