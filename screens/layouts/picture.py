"""A picture that was taken: keep it, or take another."""

from io import BytesIO
from typing import TYPE_CHECKING

from kivy.core.image import Image
from kivy.properties import NumericProperty, ObjectProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules

if TYPE_CHECKING:
    from kivy.graphics.texture import Texture


class PictureBody(Body):
    """The picture, as large as there is room."""

    texture = ObjectProperty(None, allownone=True)
    shape = NumericProperty(1)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._shown = b""

    def fill(self, view: View) -> None:
        """Show the view's picture (JPEG)."""
        if view.picture != self._shown:
            self._shown = view.picture
            jpeg = BytesIO(view.picture)
            self.texture = Image(jpeg, ext="jpg", nocache=True).texture if view.picture else None
            texture: Texture | None = self.texture
            self.shape = texture.width / texture.height if texture else 1

    def forget(self) -> None:
        """No face stays behind."""
        self._shown, self.texture = b"", None


rules.load(__file__)
