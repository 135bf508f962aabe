"""The drawn pictures a simulated camera shows: a person before a white wall, a page on a table.

Nobody real: the face is drawn, the page carries the specimen of ICAO 9303.
"""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Bgr = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
FRAMES = 12
_SKIN, _LIP, _HAIR, _COAT, _INK = (
    (150, 178, 214),
    (112, 112, 190),
    (38, 34, 36),
    (96, 66, 44),
    (40, 40, 40),
)
_MRZ = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)


def portrait(step: int) -> Bgr:
    """Give one picture of a person who sways a little, head and shoulders where the guide is."""
    picture = np.full((HEIGHT, WIDTH, 3), 238, np.uint8)
    x = WIDTH // 2 + _sway(step, 6)
    _oval(picture, (x, 770), (270, 205), _COAT)
    _oval(picture, (x, 560), (62, 110), (132, 160, 198))
    for side in (-1, 1):
        _oval(picture, (x + side * 168, 350), (20, 44), (138, 166, 204))
    _oval(picture, (x, 232), (172, 200), _HAIR)
    _oval(picture, (x, 340), (164, 218), _SKIN)
    cv2.ellipse(picture, (x, 238), (166, 122), 0, 180, 360, _HAIR, -1, cv2.LINE_AA)
    for side in (-1, 1):
        _eye(picture, (x + side * 66, 330))
    cv2.line(picture, (x, 350), (x - 12, 420), (112, 138, 180), 5, cv2.LINE_AA)
    cv2.line(picture, (x - 12, 420), (x + 12, 424), (112, 138, 180), 5, cv2.LINE_AA)
    _oval(picture, (x, 474), (50, 11), _LIP)
    cv2.line(picture, (x - 48, 474), (x + 48, 474), (70, 70, 130), 3, cv2.LINE_AA)
    return _grain(picture, step)


def page(step: int) -> Bgr:
    """Give one picture of a passport page that lies on a dark table."""
    picture = np.full((HEIGHT, WIDTH, 3), (70, 78, 84), np.uint8)
    x, y = 190 + _sway(step, 2), 50
    cv2.rectangle(picture, (x, y), (x + 900, y + 620), (226, 236, 240), -1)
    cv2.rectangle(picture, (x + 40, y + 90), (x + 270, y + 390), (196, 190, 180), -1)
    _oval(picture, (x + 155, y + 220), (62, 80), _SKIN)
    _oval(picture, (x + 155, y + 420), (110, 110), _COAT)
    cv2.rectangle(picture, (x + 40, y + 390), (x + 270, y + 540), (226, 236, 240), -1)
    _write(picture, "UTOPIA  SPECIMEN", (x + 40, y + 60), 1.2)
    fields = ("ERIKSSON", "ANNA MARIA", "UTO", "12 AUG 74   F", "L898902C3", "15 APR 12")
    for row, field in enumerate(fields):
        _write(picture, field, (x + 320, y + 120 + row * 56), 1.0)
    for row, line in enumerate(_MRZ):
        _write(picture, line, (x + 24, y + 550 + row * 46), 0.98)
    return _grain(picture, step)


def dark(picture: Bgr) -> Bgr:
    """Give the picture as it is with the lamp off."""
    return cv2.convertScaleAbs(picture, alpha=0.12).astype(np.uint8, copy=False)


def _sway(step: int, width: int) -> int:
    return round(width * np.sin(2 * np.pi * step / FRAMES))


def _eye(picture: Bgr, centre: tuple[int, int]) -> None:
    x, y = centre
    _oval(picture, centre, (30, 15), (235, 238, 240))
    _oval(picture, centre, (13, 13), (48, 60, 84))
    cv2.ellipse(picture, centre, (31, 16), 0, 180, 360, _INK, 4, cv2.LINE_AA)
    cv2.ellipse(picture, (x, y - 28), (42, 14), 0, 200, 340, _HAIR, 9, cv2.LINE_AA)


def _oval(
    picture: Bgr, centre: tuple[int, int], axes: tuple[int, int], ink: tuple[int, int, int]
) -> None:
    cv2.ellipse(picture, centre, axes, 0, 0, 360, ink, -1, cv2.LINE_AA)


def _write(picture: Bgr, text: str, at: tuple[int, int], scale: float) -> None:
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, _INK, 2, cv2.LINE_AA)


def _grain(picture: Bgr, step: int) -> Bgr:
    """Add the grain of a sensor: a drawing is too clean to weigh what a photo weighs."""
    noise = np.roll(_noise(), step * WIDTH // FRAMES, axis=1)
    return cv2.add(picture, noise, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


@cache
def _noise() -> NDArray[np.int16]:
    """One picture's worth: it takes longer to make than all that is drawn."""
    return np.random.default_rng(0).normal(0, 2.5, (HEIGHT, WIDTH, 3)).round().astype(np.int16)


def lying(png: bytes) -> Callable[[int], Bgr]:
    """Give the pictures of a paper that lies under the camera, as large as the picture allows."""
    paper = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if paper is None:
        raise ValueError("not a picture")
    scale = min((HEIGHT - 40) / paper.shape[0], (WIDTH - 40) / paper.shape[1])
    small = cv2.resize(paper, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    table = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    top, left = (HEIGHT - small.shape[0]) // 2, (WIDTH - small.shape[1]) // 2
    table[top : top + small.shape[0], left : left + small.shape[1]] = small
    return lambda _step: table
