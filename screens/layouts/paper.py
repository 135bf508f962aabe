"""Put a paper on the reader, or take it back: a picture of where."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class PaperBody(Body):
    """The reader with its lamp, and a notice."""

    notice = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the view's notice."""
        self.notice = view.notice


rules.load(__file__)
