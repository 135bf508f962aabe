"""Put a paper on the reader, or take it back: a picture of where."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class PaperBody(Body):
    """The reader with its lamp, or the slot or port in which a thing was left; and a notice."""

    notice = StringProperty("")
    lying = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the view's notice, and what lies where."""
        self.notice, self.lying = view.notice, view.lying


rules.load(__file__)
