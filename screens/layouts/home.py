"""The home screen: the fast way on top, the services below."""

from kivy.properties import StringProperty

from screens.layouts.choice import ChoiceBody
from screens.view import View
from screens.widgets import Notice, rules


class HomeBody(ChoiceBody):
    """A banner for whoever holds a paper, and the tiles."""

    banner = StringProperty("")
    banner_line = StringProperty("")
    line = StringProperty("")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._told = Notice()

    def fill(self, view: View) -> None:
        """Show the home screen's view; what is told to everybody stands above the tiles.

        It takes the room of the banner's second line, so that the tiles stay large enough.
        """
        self._told.text = view.told
        if bool(view.told) != (self._told.parent is not None):
            self._tell(view.told)
        lead = "" if view.told else view.lead
        self.banner, self.banner_line, self.line = view.title, lead, view.notice
        super().fill(view)

    def _tell(self, told: str) -> None:
        if told:
            self.add_widget(self._told, self.children.index(self.ids.grid) + 1)
        else:
            self.remove_widget(self._told)

    def columns(self, view: View) -> int:
        """Two columns although the tiles have two lines; one in large type."""
        return 1 if view.large else 2


rules.load(__file__)
