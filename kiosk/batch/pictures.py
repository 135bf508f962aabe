"""A picture that came with a list: whether it is one, can be seen, and may be a portrait.

Everything is really decoded, to its last byte and within bounds; a picture is decoded small, which
costs a quarter of the whole and fails all the same where the whole would.
"""

import hashlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hardware.camera.frames import sharpness
from kiosk.batch.names import MOST_BYTES
from regulation.card_list.faults import Fault
from regulation.card_list.rows import PORTRAIT

MOST_PIXELS = 40_000_000
"""What the centre takes (docs/centre/images.md)."""
PORTRAIT_LEAST = (295, 360)
"""Width and height in pixels: one inch at 300 dpi; the card's own are 358 x 441 (services.md 4)."""
SCAN_LEAST = (480, 300)
"""Long and short side: a card at 145 dpi, its 8-point type 16 pixels high."""
SHAPE = (0.66, 0.90)
"""Width by height: 25 x 35 mm is 0.71, 26 x 32 mm is 0.81."""
DARK, BRIGHT = 0.20, 0.93
"""Mean luma (0 to 1) where the face is."""
SHARP, FLAT = 4.0, 3.0
"""Sharpness of the face as `hardware.camera.frames` has it; spread of a scan's luma (0 to 255).

All are set well apart from the camera's own gates: a unit's clerk cannot take the picture again, so
only what no window would take is refused.
"""
WHITE = 0.66
"""Mean luma of the upper corners: blue and red backgrounds have at most half."""
_SMALL_PX = 160

Grey = NDArray[np.uint8]


def look(data: bytes, shows: str) -> str | Fault:
    """The SHA-256 of a picture, or the first thing wrong with it. Any thread."""
    if len(data) > MOST_BYTES:
        return Fault.PICTURE_TOO_LARGE
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if fault := _of_size(picture.width, picture.height, shows):
                return fault
            grey = _decoded(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Fault.PICTURE_TOO_LARGE
    except (OSError, ValueError, SyntaxError):
        return Fault.PICTURE_UNREADABLE  # whatever the decoder says may hold what it read
    fault = _of_portrait(grey) if shows == PORTRAIT else _of_scan(grey)
    return fault or hashlib.sha256(data).hexdigest()


def _of_size(width: int, height: int, shows: str) -> Fault | None:
    if width * height > MOST_PIXELS:
        return Fault.PICTURE_TOO_LARGE
    if shows != PORTRAIT:
        small = max(width, height) < SCAN_LEAST[0] or min(width, height) < SCAN_LEAST[1]
        return Fault.PICTURE_TOO_SMALL if small else None
    if not SHAPE[0] <= width / height <= SHAPE[1]:
        return Fault.PICTURE_SHAPE
    small = width < PORTRAIT_LEAST[0] or height < PORTRAIT_LEAST[1]
    return Fault.PICTURE_TOO_SMALL if small else None


def _decoded(picture: Image.Image) -> Grey:
    """The whole picture as grey, at least 160 px wide; a JPEG is decoded small at once."""
    scale = max(1, min(picture.width, picture.height) // _SMALL_PX)
    picture.draft("L", (picture.width // scale, picture.height // scale))
    picture.load()
    small = picture if picture.mode == "L" else picture.convert("L")
    return np.asarray(small, np.uint8)


def _of_portrait(grey: Grey) -> Fault | None:
    height, width = grey.shape
    face = grey[height // 5 : height * 16 // 25, width * 26 // 100 : width * 74 // 100]
    mean = float(face.mean()) / 255
    if mean < DARK:
        return Fault.PICTURE_DARK
    if mean > BRIGHT:
        return Fault.PICTURE_BRIGHT
    if sharpness(np.ascontiguousarray(face)) < SHARP:
        return Fault.PICTURE_BLURRED
    edge = max(1, width // 12)
    corners = np.concatenate((grey[:edge, :edge].ravel(), grey[:edge, -edge:].ravel()))
    return None if float(np.median(corners)) / 255 >= WHITE else Fault.PICTURE_BACKGROUND


def _of_scan(grey: Grey) -> Fault | None:
    """A page without anything on it is none."""
    return Fault.PICTURE_BLURRED if float(grey.std()) < FLAT else None
