"""Sign with a finger."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.view import Say, View
from screens.widgets import rules


class SignatureBody(Body):
    """The pad, and a button to begin again."""

    again_text = StringProperty("")
    hint = StringProperty("")

    def fill(self, view: View) -> None:
        """Show the words of the pad."""
        self.again_text, self.hint = view.keys.clear, view.keys.sign
        self.ready = self.ids.pad.signed

    def answer(self, view: View) -> Say | None:
        """The strokes as drawn."""
        return view.pad.say(self.ids.pad.strokes) if view.pad else None

    def forget(self) -> None:
        """Wipe the pad."""
        self.ids.pad.clear()


rules.load(__file__)
