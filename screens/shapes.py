"""Smooth corners without multisampling: white pictures of rounded boxes, stretched by nine parts.

A window without multisamples draws steps on curves; these textures carry their own smooth edge
and take the colour set before them. Used from kv:

    Color:
        rgba: theme.surface
    BorderImage:
        texture: shapes.plate(28)
        border: shapes.border(28)
"""

from collections.abc import Callable, Sequence
from functools import cache
from math import hypot

from kivy.graphics.texture import Texture

from screens.theme import channels


def border(radius: float) -> tuple[int, int, int, int]:
    """The `border` of the BorderImage that shows a plate or ring of `radius` pixels."""
    side = _whole(radius)
    return side, side, side, side


def snap(pair: Sequence[float]) -> tuple[int, int]:
    """A position or size on whole pixels: edges and letters stay sharp."""
    return round(pair[0]), round(pair[1])


def plate(radius: float) -> Texture:
    """A filled box whose corners have `radius` pixels."""
    return _box(_whole(radius), None)


def ring(radius: float, stroke: float) -> Texture:
    """The outline of that box, `stroke` pixels wide, inside its edge."""
    return _box(_whole(radius), max(1.0, float(stroke)))


def _whole(radius: float) -> int:
    return max(1, round(radius))


@cache
def _box(radius: int, stroke: float | None) -> Texture:
    side = 2 * radius + 2
    corner = [[_alpha(x, y, radius, stroke) for x in range(radius + 1)] for y in range(radius + 1)]
    half = [[*row, *reversed(row)] for row in corner]
    pixels = bytearray()
    for row in [*half, *reversed(half)]:
        for alpha in row:
            pixels += bytes((255, 255, 255, alpha))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    _keep(texture, pixels)
    return texture


def _keep(texture: Texture, pixels: bytearray) -> None:
    """Draw the picture again should the GL context be lost."""
    restore: Callable[[Texture], None] = lambda lost: lost.blit_buffer(  # noqa: E731
        bytes(pixels), colorfmt="rgba", bufferfmt="ubyte"
    )
    texture.add_reload_observer(restore)


def _alpha(x: int, y: int, radius: int, stroke: float | None) -> int:
    """Coverage 0 to 255 of the pixel at column `x`, row `y` of the bottom left corner."""
    inward = radius - hypot(max(0.0, radius - x - 0.5), max(0.0, radius - y - 0.5))
    cover = min(1.0, max(0.0, inward + 0.5 if x < radius and y < radius else 1.0))
    if stroke is not None:
        edge = inward if x < radius and y < radius else min(x, y) + 0.5
        cover = min(cover, max(0.0, min(1.0, stroke - edge + 0.5)))
    return round(cover * 255)


def rgba(colour: str) -> tuple[float, float, float, float]:
    """A colour "#RRGGBB" as Kivy takes it, for things whose colour is not the theme's."""
    return (*channels(colour), 1.0)
