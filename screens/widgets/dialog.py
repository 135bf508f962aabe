"""A question laid over the page."""

from kivy.properties import StringProperty

from screens.widgets import rules
from screens.widgets.panel import Panel


class Dialog(Panel):
    """A bordered card over the page: a sign, a title, a text, one or two buttons.

    Events: `on_primary`, `on_secondary`. Without `secondary_text` there is one button. The host
    keeps touches from the page below.
    """

    icon = StringProperty("")
    title = StringProperty("")
    text = StringProperty("")
    primary_text = StringProperty("")
    secondary_text = StringProperty("")
    name = StringProperty("dialog")

    __events__ = ("on_primary", "on_secondary")

    def on_primary(self) -> None:
        """For kv: the filled button was pressed."""

    def on_secondary(self) -> None:
        """For kv: the outlined button was pressed."""


rules.load(__file__)
