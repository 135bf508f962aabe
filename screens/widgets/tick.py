"""How it ended, as a sign."""

from kivy.properties import OptionProperty
from kivy.uix.widget import Widget

from screens.widgets import rules


class Tick(Widget):
    """A disc with a sign: `kind` is "success" (tick), "danger" (cross) or "notice" (!)."""

    kind = OptionProperty("success", options=["success", "danger", "notice"])


rules.load(__file__)
