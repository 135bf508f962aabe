"""Paper under a print head, for the simulator: dots, a tear, a cut."""

import numpy as np
from PIL import Image, ImageDraw

from hardware.printer import raster

Dots = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Strip:
    """The paper since the last cut; True is black."""

    def __init__(self, dots: int) -> None:
        self.dots = dots
        self.moved = 0
        """Lines of dots that ever passed the head."""
        self._rows: list[Dots] = []

    def print(self, rows: Dots, left: int = 0) -> None:
        """Print rows `left` dots from the edge; what does not fit is lost."""
        self.moved += len(rows)
        line = np.zeros((len(rows), self.dots), np.bool_)
        fitting = rows[:, : self.dots - left]
        line[:, left : left + fitting.shape[1]] = fitting
        self._rows.append(line)

    def feed(self, lines: int) -> None:
        """Move on without printing."""
        self.moved += lines
        self._rows.append(np.zeros((lines, self.dots), np.bool_))

    def take(self) -> Image.Image | None:
        """The picture (mode "L") of what is cut or torn off; None if there is no paper out."""
        rows, self._rows = self._rows, []
        if not sum(map(len, rows)):
            return None
        black = np.concatenate(rows)
        return Image.fromarray(np.where(black, raster.BLACK, raster.WHITE).astype(np.uint8))


def glyph(character: str, cell: int, *, bold: bool) -> Dots:
    """A character in its cell: `cell` high, as wide for hanzi, half for ASCII."""
    font, drawn = raster.shape(character, cell, bold=bold)
    across = cell // 2 if character.isascii() else cell
    picture = Image.new("L", (across, cell), raster.WHITE)
    ImageDraw.Draw(picture).text((0, cell - 2), drawn, fill=raster.BLACK, font=font, anchor="ls")
    return np.asarray(picture) < raster.THRESHOLD
