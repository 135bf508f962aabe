"""The camera's live picture."""

from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from screens.widgets import rules
from screens.widgets.panel import Panel


class Preview(Panel):
    """Shows frames as they come, cut to the box, with a frame for the head drawn over.

    `count` is a word or number in the middle (the countdown); `guide` shows the head's outline;
    `mirror` turns the picture as a looking-glass does.
    """

    texture = ObjectProperty(None, allownone=True)
    guide = BooleanProperty(True)
    mirror = BooleanProperty(True)
    count = StringProperty("")
    text = StringProperty("")

    def __init__(self, **properties: object) -> None:
        self._frame: Texture | None = None
        super().__init__(**properties)
        for name in ("size", "mirror"):
            self.fbind(name, self._cut)

    def show_frame(self, rgba: bytes, width: int, height: int) -> None:
        """Paint a frame: `width` x `height` pixels of R, G, B, A, top row first."""
        frame = self._frame
        if frame is None or tuple(frame.size) != (width, height):
            frame = self._frame = Texture.create(size=(width, height), colorfmt="rgba")
        frame.blit_buffer(rgba, colorfmt="rgba", bufferfmt="ubyte")
        if self.texture is None or self.texture.id != frame.id:
            self._cut()
        self.canvas.ask_update()  # pyright: ignore[reportOptionalMemberAccess]  Kivy has no types

    def forget(self) -> None:
        """Show no picture: a citizen's face does not stay behind."""
        self._frame = self.texture = None
        self.count = ""

    def _cut(self, *_args: object) -> None:
        """Show the middle part of the frame that fills the box undistorted."""
        if self._frame is None:
            return
        width, height = self._frame.size
        box = self.width / max(1, self.height)
        wide, high = min(width, height * box), min(height, width / box)
        part = self._frame.get_region((width - wide) / 2, (height - high) / 2, wide, high)
        part.flip_vertical()  # a frame begins at the top, a texture at the bottom
        if self.mirror:
            part.flip_horizontal()
        self.texture = part


rules.load(__file__)
