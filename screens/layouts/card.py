"""Put a social card in: a picture of the slot."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class CardBody(Body):
    """The slot, the way a card goes in, and a notice."""

    notice = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the view's notice."""
        self.notice = view.notice


rules.load(__file__)
