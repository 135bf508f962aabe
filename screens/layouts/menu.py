"""What can be done now: tiles, the best first, and what else there is to know."""

from kivy.properties import StringProperty

from screens.layouts.choice import ChoiceBody
from screens.view import View
from screens.widgets import rules


class MenuBody(ChoiceBody):
    """Tiles, and a notice below them."""

    notice = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the view's tiles and notice."""
        self.notice = view.notice
        super().fill(view)

    def forget(self) -> None:
        """Wipe the tiles and the notice."""
        super().forget()
        self.notice = ""


rules.load(__file__)
