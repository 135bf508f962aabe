"""The result: what happens next, what to bring, by when, and the slip."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

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
    shape = NumericProperty(1)

    def fill(self, view: View) -> None:
        """Show the result."""
        super().fill(view)
        self.title, self.lead, self.good = view.title, view.lead, view.good
        self.ids.slip.png = view.picture
        texture = self.ids.slip.texture
        self.shape = texture.width / texture.height if texture else 1
        self.take = view.keys.take if texture else ""
        self.missing = view.keys.missing if texture else ""

    def forget(self) -> None:
        """Wipe the result and the slip."""
        super().forget()
        self.title = self.lead = ""
        self.ids.slip.forget()


rules.load(__file__)
