"""A live picture: a page on the stand, a portrait in its frame, the scene."""

from kivy.properties import BooleanProperty, StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class CameraBody(Body):
    """The preview, with the head's outline and the countdown where they belong."""

    guide = BooleanProperty(False)
    portrait = BooleanProperty(False)
    count = StringProperty("")
    waiting = StringProperty("")

    def fill(self, view: View) -> None:
        """Show what the view asks for; the frames come by themselves."""
        self.guide = view.guide and view.preview == "camera"
        self.portrait = view.guide
        self.count = view.countdown
        self.waiting = view.notice
        self.ids.preview.mirror = view.preview == "camera"

    def frame(self, rgba: memoryview, width: int, height: int) -> None:
        """Paint a frame."""
        self.ids.preview.show_frame(rgba, width, height)

    def forget(self) -> None:
        """No face stays behind."""
        self.ids.preview.forget()


rules.load(__file__)
