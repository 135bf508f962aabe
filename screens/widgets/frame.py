"""What frames every page: header, steps, body and foot."""

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from screens.theme_kv import theme
from screens.widgets import rules

_TOP, _BOTTOM, _TIGHT, _LEAST_GAP = 56, 42, 24, 13  # design pixels


class Header(BoxLayout):
    """The service's name, where the kiosk stands, date and time."""

    title = StringProperty("")
    place = StringProperty("")
    time = StringProperty("")


class StepsBar(BoxLayout):
    """Which step of how many, its name, and a bar. `label`: "第 **2** 步，共 8 步"."""

    label = StringProperty("")
    step = StringProperty("")
    index = NumericProperty(0)
    total = NumericProperty(1)


class Body(BoxLayout):
    """What stands between steps and foot, top to bottom; gaps close up when it is too much."""

    def do_layout(self, *largs: object) -> None:
        """Share what height is left between the gaps, down to the least gap there may be."""
        children = [child for child in self.children if child.height or child.size_hint_y]
        fixed = sum(child.height for child in children if child.size_hint_y is None)
        gaps = max(1, len(self.children) - 1)
        free = self.height - fixed - (_TOP + _BOTTOM) * theme.u
        roomy = free >= gaps * theme.gap_len
        top, bottom = (_TOP, _BOTTOM) if roomy else (_TIGHT, _TIGHT)
        free = self.height - fixed - (top + bottom) * theme.u
        gap = min(theme.gap_len, max(_LEAST_GAP * theme.u, free / gaps))
        self.spacing = gap
        self.padding = [theme.margin_len, top * theme.u, theme.margin_len, bottom * theme.u]
        super().do_layout(*largs)


class Foot(BoxLayout):
    """The strip of fixed buttons: put `FootButton`s in it."""


rules.load(__file__)
