"""The home screen: the fast way on top, the services below."""

from kivy.properties import StringProperty

from screens.layouts.choice import ChoiceBody
from screens.view import View
from screens.widgets import rules


class HomeBody(ChoiceBody):
    """A banner for whoever holds a paper, and the tiles."""

    banner = StringProperty("")
    banner_line = StringProperty("")
    line = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the home screen's view."""
        self.banner, self.banner_line, self.line = view.title, view.lead, view.notice
        super().fill(view)

    def columns(self, view: View) -> int:
        """Two columns although the tiles have two lines; one in large type."""
        return 1 if view.large else 2


rules.load(__file__)
