"""A box with round corners, and an icon."""

from kivy.properties import ColorProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.widgets import rules


class Panel(BoxLayout):
    """A box layout on a filled, outlined box with round corners."""

    fill = ColorProperty([1, 1, 1, 1])
    edge = ColorProperty([0, 0, 0, 1])
    edge_width = NumericProperty(3)
    radius = NumericProperty(28)


class Icon(Widget):
    """One of the line icons, in the middle of the widget: `icon: "id-card"`."""

    icon = StringProperty("")
    color = ColorProperty([0, 0, 0, 1])
    side = NumericProperty(56)


rules.load(__file__)
