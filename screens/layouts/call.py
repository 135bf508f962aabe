"""Call at once: a telephone number that nobody overlooks."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class CallBody(Body):
    """What to do, and the number below it as large as the page is wide."""

    hurry = StringProperty("")
    number = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the two lines of the view's `call`."""
        self.hurry, _, self.number = view.call.partition("\n")


rules.load(__file__)
