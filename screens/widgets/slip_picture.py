"""The slip as it was printed."""

from io import BytesIO
from typing import TYPE_CHECKING

from kivy.core.image import Image
from kivy.properties import ObjectProperty

from screens import shapes
from screens.widgets import rules

if TYPE_CHECKING:
    from kivy.graphics.texture import Texture
from screens.widgets.panel import Panel


class SlipPicture(Panel):
    """A picture on paper, fitted into the box. `png`: the picture's bytes, b"" for none."""

    png = ObjectProperty(b"")
    texture = ObjectProperty(None, allownone=True)
    drawn = ObjectProperty((0, 0, 0, 0))

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        for name in ("pos", "size", "texture", "padding"):
            self.fbind(name, self._fit)
        self._fit()

    def on_png(self, _slip: object, png: bytes) -> None:
        """Show another slip."""
        self.texture = Image(BytesIO(png), ext="png", nocache=True).texture if png else None

    def forget(self) -> None:
        """Show no slip."""
        self.png = b""

    def _fit(self, *_args: object) -> None:
        texture: Texture | None = self.texture
        if texture is None:
            return
        pad = self.padding[0]
        wide, high = texture.size
        scale = min((self.width - 2 * pad) / wide, (self.height - 2 * pad) / high)
        wide, high = wide * scale, high * scale
        # not by center_x: Kivy brings that up to date after it tells of a new position
        left, low = self.x + (self.width - wide) / 2, self.y + (self.height - high) / 2
        self.drawn = (*shapes.snap((left, low)), wide, high)


rules.load(__file__)
