"""A code for a phone, or a list with one: as large as there is room."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class CodeBody(Body):
    """The picture (PNG), and a notice below it."""

    notice = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the view's picture and notice."""
        self.notice = view.notice
        self.ids.code.png = view.picture

    def forget(self) -> None:
        """Wipe both."""
        self.notice = ""
        self.ids.code.forget()


rules.load(__file__)
