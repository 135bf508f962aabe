"""What is on the glass right now, when it changed, and a finger that can rest on it.

The picture is read from the framebuffer of a virtual screen (Xvfb `-fbdir`), so what is measured
is what a person would see, flip included.
"""

import mmap
import struct
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from PIL import Image, ImageChops

from deploy.hand import Hand

POLL_S = 0.0003
LIMIT_S = 60.0

Point = tuple[int, int]
Box = tuple[int, int, int, int]
"""Left, top, width, height."""
Colours = Mapping[Point, bytes]


class NotSeenError(Exception):
    """The glass did not show what was waited for."""


class Glass:
    """Single pixels of a framebuffer in XWD layout (X11 XWDFile.h, as in deploy/eyes.py)."""

    def __init__(self, frame: Path) -> None:
        with frame.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        words = struct.unpack_from(">20I", self._map)
        self._line, self._first = words[12], words[0] + words[19] * 12

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._map.close()

    def colour(self, at: Point) -> bytes:
        """Blue, green, red of a pixel."""
        place = self._first + at[1] * self._line + at[0] * 4
        return self._map[place : place + 3]

    def colours(self, points: Iterable[Point]) -> Colours:
        return {point: self.colour(point) for point in points}

    def shows(self, colours: Colours) -> bool:
        return all(self.colour(at) == colour for at, colour in colours.items())

    def until(self, colours: Colours) -> float:
        """The moment (`time.perf_counter`) at which all these pixels are so; NotSeenError."""
        deadline = time.perf_counter() + LIMIT_S
        while not self.shows(colours):
            self._wait(deadline)
        return time.perf_counter()

    def until_other(self, at: Point, than: bytes) -> float:
        """The moment at which a pixel has another colour; NotSeenError."""
        deadline = time.perf_counter() + LIMIT_S
        while self.colour(at) == than:
            self._wait(deadline)
        return time.perf_counter()

    @staticmethod
    def _wait(deadline: float) -> None:
        if time.perf_counter() > deadline:
            raise NotSeenError(f"waited {LIMIT_S:g} s for the picture to change")
        time.sleep(POLL_S)


class Finger(Hand):
    """A finger whose coming down and going up are two calls."""

    def park(self, at: Point) -> None:
        self.move(at)

    def touch(self) -> None:
        self.press(down=True)

    def lift(self) -> None:
        self.press(down=False)


def telling(one: Image.Image, other: Image.Image, but: Iterable[Box]) -> Point:
    """A pixel by which two pictures are best told apart, outside of some boxes."""
    difference = ImageChops.difference(one, other).convert("L")
    for x, y, w, h in but:
        difference.paste(0, (x, y, x + w, y + h))
    best = difference.getextrema()[1]
    assert isinstance(best, int), "an L picture has one band of integers"
    found = difference.point([255 if level == best else 0 for level in range(256)]).getbbox()
    assert best > 0, "the two pictures are the same"
    assert found is not None, "the brightest pixel is somewhere"
    row = difference.crop((0, found[1], difference.width, found[1] + 1)).tobytes()
    return row.index(best), found[1]
