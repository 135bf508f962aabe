"""Put a paper on the reader, or take it back: a picture of where."""

from kivy.properties import NumericProperty, StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class PaperBody(Body):
    """The reader with its lamp, the slot or port a thing goes into or was left in; and a notice.

    `card_share`: how much of the picture is the slot's.
    """

    notice = StringProperty("")
    lying = StringProperty("")
    slot = StringProperty("")
    card_share = NumericProperty(0)

    def fill(self, view: View) -> None:
        """Show the view's notice, what lies where, and where another paper goes."""
        self.notice, self.lying, self.slot = view.notice, view.lying, view.slot
        elsewhere = view.lying in ("card", "stick") or view.slot == "only"
        self.card_share = 1 if elsewhere else 0.5 if view.slot else 0


rules.load(__file__)
