"""Put a paper on the reader, or take it back: a picture of where."""

from kivy.properties import BooleanProperty, StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class PaperBody(Body):
    """The reader with its lamp, and a notice."""

    notice = StringProperty("")
    lying = BooleanProperty(False)

    def fill(self, view: View) -> None:
        """Show the view's notice."""
        self.notice = view.notice
        self.lying = view.step == "take_paper"


rules.load(__file__)
