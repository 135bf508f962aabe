"""The least Kivy can do: the peers of the kiosk's window, under the same Kivy settings.

`python -m benchmarks.floor label|pages FOLDER`: one label, or two bare pages in the kiosk's look
and sizes; a tile leads to the second, a button back. Prints a line of JSON once it stands.
"""

import sys
from pathlib import Path

from screens.window import configure

WIDTH, HEIGHT = 1080, 1920

Box = tuple[int, int, int, int]
"""Left, top, width, height, in pixels from the top left corner."""

TILE: Box = (48, 455, 984, 226)
BACK: Box = (32, 1770, 187, 124)
PRIMARY: Box = (48, 1564, 984, 152)
"""As on the kiosk's pages `who` and `notice`."""

if __name__ == "__main__":
    configure(WIDTH, HEIGHT, Path(sys.argv[2]), fullscreen=True)
    from benchmarks.floor_app import Floor

    Floor(sys.argv[1]).run()
