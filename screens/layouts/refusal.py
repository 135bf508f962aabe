"""Not here, and what to do instead."""

from kivy.properties import StringProperty

from screens.layouts.notice import NoticeBody
from screens.view import View
from screens.widgets import rules


class RefusalBody(NoticeBody):
    """The reason as the title, and the way as rows."""

    title = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the reason and the way."""
        super().fill(view)
        self.title = view.title

    def forget(self) -> None:
        """Wipe them."""
        super().forget()
        self.title = ""


rules.load(__file__)
