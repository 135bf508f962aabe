"""Steps of a repair, and a drawing of where each is done."""

from kivy.properties import StringProperty

from screens.layouts.notice import NoticeBody
from screens.view import View
from screens.widgets import rules
from screens.widgets.drawing import RepairDrawing

__all__ = ["RepairBody", "RepairDrawing"]


class RepairBody(NoticeBody):
    """The rows, and below them, in the room that is left, the drawing."""

    drawing = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the steps and the drawing."""
        self.drawing = view.drawing
        super().fill(view)


rules.load(__file__)
