"""What matters before a decision."""

from kivy.properties import StringProperty

from screens.widgets import rules
from screens.widgets.panel import Panel


class Notice(Panel):
    """A yellow box with a sentence; its height follows the text. No text, no box."""

    text = StringProperty("")
    icon = StringProperty("")


rules.load(__file__)
