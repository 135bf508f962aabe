"""The line icons of `assets/icons` as textures: white, tinted by the colour set before them."""

from functools import cache
from pathlib import Path

from kivy.core.image import Image
from kivy.graphics.texture import Texture

FOLDER = Path(__file__).parents[1] / "assets" / "icons"


@cache
def icon(name: str) -> Texture | None:
    """The icon `name` ("id-card"); "" is no icon. Raises FileNotFoundError for an unknown one."""
    if not name:
        return None
    file = FOLDER / f"{name}.png"
    if not file.is_file():
        message = f"no icon {name!r} in assets/icons"
        raise FileNotFoundError(message)
    return Image(str(file), mipmap=True).texture
