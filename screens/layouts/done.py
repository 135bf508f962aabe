"""The result: what happens next, what to bring, by when, and the slip."""

from kivy.properties import BooleanProperty, StringProperty

from screens.layouts.notice import NoticeBody
from screens.view import View
from screens.widgets import rules


class DoneBody(NoticeBody):
    """A sign, the result, its rows, and the slip as it was printed."""

    title = StringProperty("")
    lead = StringProperty("")
    good = BooleanProperty(True)
    take = StringProperty("")
    missing = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the result."""
        super().fill(view)
        self.title, self.lead, self.good = view.title, view.lead, view.good
        self.take, self.missing = view.keys.take, view.keys.missing
        self.ids.slip.png = view.picture

    def forget(self) -> None:
        """Wipe the result and the slip."""
        super().forget()
        self.title = self.lead = ""
        self.ids.slip.forget()


rules.load(__file__)
