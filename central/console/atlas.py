"""A map of sites as a drawing of our own: nothing is fetched from anywhere. Pure.

Equirectangular about the middle of what is shown, north up: right to a pixel for a city or a
province. Lines of whole and tenth degrees tell the scale.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from central.fleet.sites import Seen

WIDTH, HEIGHT, EDGE = 1000.0, 700.0, 60.0
"""Of the drawing, and what stays free at its edges."""
SMALLEST = 0.05
"""Degrees: one site alone is not drawn larger."""
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
LINES = 8
NAMED = 40
"""So many sites have their names beside them; of more they are in the table alone."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A site on the drawing, and the kiosk it has that is worst."""

    x: float
    y: float
    site: Seen


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid: where it is on its axis, and its degrees."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """What is drawn. `named`: whether sites have their names beside them."""

    dots: tuple[Dot, ...]
    meridians: tuple[Line, ...]
    parallels: tuple[Line, ...]
    named: bool


def atlas(sites: Sequence[Seen]) -> Atlas | None:
    """The drawing of the sites that have a place; None where none has."""
    placed = [(*site.place, site) for site in sites if site.place is not None]
    if not placed:
        return None
    west, east = _spread([longitude for longitude, _, _ in placed])
    south, north = _spread([latitude for _, latitude, _ in placed])
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * EDGE) / max((east - west) * shrink, 1e-9),
        (HEIGHT - 2 * EDGE) / (north - south),
    )
    middle = ((west + east) / 2, (south + north) / 2)

    def x(longitude: float) -> float:
        return round(WIDTH / 2 + (longitude - middle[0]) * shrink * scale, 1)

    def y(latitude: float) -> float:
        return round(HEIGHT / 2 - (latitude - middle[1]) * scale, 1)

    few = (each for each in STEPS if WIDTH / (each * shrink * scale) <= LINES)
    step = next(few, STEPS[-1])
    around = WIDTH / 2 / (shrink * scale), HEIGHT / 2 / scale
    return Atlas(
        tuple(Dot(x(longitude), y(latitude), site) for longitude, latitude, site in placed),
        tuple(Line(x(each), f"{each:g}°") for each in _whole(middle[0], around[0], step)),
        tuple(Line(y(each), f"{each:g}°") for each in _whole(middle[1], around[1], step)),
        len(placed) <= NAMED,
    )


def _spread(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    lacks = max(0.0, SMALLEST - (high - low)) / 2
    return low - lacks, high + lacks


def _whole(middle: float, around: float, step: float) -> list[float]:
    """The multiples of a step within so much around the middle."""
    first, last = math.ceil((middle - around) / step), math.floor((middle + around) / step)
    return [round(each * step, 6) for each in range(first, last + 1)]
