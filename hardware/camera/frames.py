"""What becomes of a camera's picture: the portrait for the card, a page, a first look at quality.

Pure: pictures in, bytes or words out. Sources: docs/devices/camera.md.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

Bgr = NDArray[np.uint8]

_LARGEST_COMMENT = 0xFFFF - 2
_DARK, _BRIGHT = 25, 247  # luma at and beyond which a pixel holds nothing (ISO/IEC 29794-5)


@dataclass(frozen=True)
class Crop:
    """A part of a picture, in shares of its width and height (0 to 1) from the upper left."""

    left: float
    top: float
    width: float
    height: float

    def of(self, picture: Bgr) -> Bgr:
        """Cut the part out; ValueError if it leaves the picture or is empty."""
        rows, columns = picture.shape[:2]
        left, right = round(self.left * columns), round((self.left + self.width) * columns)
        top, bottom = round(self.top * rows), round((self.top + self.height) * rows)
        if not (0 <= left < right <= columns and 0 <= top < bottom <= rows):
            raise ValueError(f"a crop must lie inside the picture: {self}")
        return picture[top:bottom, left:right]


@dataclass(frozen=True)
class PortraitProfile:
    """The portrait a card system takes; another city may ask for other numbers.

    Default: 358 x 441 px at 350 dpi (26 x 32 mm, GA 461-2004 and the technical rules for social
    security card photos), 14 to 20 kB, where k is 1000 to be safe with either reading.
    """

    width_px: int = 358
    height_px: int = 441
    dpi: int = 350
    min_bytes: int = 14_000
    max_bytes: int = 20_000
    min_quality: int = 30
    max_quality: int = 98


@dataclass(frozen=True)
class Gates:
    """When a portrait is good enough; start values, to be set for each model of camera.

    `face` is where the guide frame puts the middle of the face. Luma is 0 to 1; sharpness is the
    variance of the Laplacian of that part scaled to 160 px width.
    """

    face: Crop = Crop(0.26, 0.2, 0.48, 0.44)
    mean_luma: tuple[float, float] = (0.35, 0.75)
    dark_share: float = 0.10
    bright_share: float = 0.01
    sharpness: float = 15.0


class PhotoProblem(StrEnum):
    """What is wrong with a portrait, in the order in which it should be said."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"


class PhotoTooLarge(ValueError):  # noqa: N818 - it says what is the matter
    """The portrait does not fit into its bytes even at the lowest quality allowed."""


PORTRAIT = PortraitProfile()
GATES = Gates()
PAGE_LONG_SIDE_PX = 1600
PAGE_QUALITY = 80


def guide(width_px: int, height_px: int, profile: PortraitProfile = PORTRAIT) -> Crop:
    """Give the largest centred frame of the portrait's shape in a picture of this size."""
    shape = profile.width_px / profile.height_px
    width = min(1.0, shape * height_px / width_px)
    height = min(1.0, width_px / shape / height_px)
    return Crop((1 - width) / 2, (1 - height) / 2, width, height)


def portrait_jpeg(bgr: Bgr, frame: Crop, profile: PortraitProfile = PORTRAIT) -> bytes:
    """Give the part within the on-screen guide as the JPEG a card is made with.

    A frame of another shape is cut to the portrait's shape, never squeezed. The highest quality
    that fits into `max_bytes` is taken; a picture with too little in it for `min_bytes` is filled
    up with a comment segment. Raises PhotoTooLarge (cure: take it again) and ValueError for a
    frame outside the picture.
    """
    part = frame.of(bgr)
    part = guide(part.shape[1], part.shape[0], profile).of(part)
    shrinks = part.shape[0] > profile.height_px
    size = (profile.width_px, profile.height_px)
    picture = cv2.resize(part, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    jpeg = _with_density(_fitted(picture.astype(np.uint8, copy=False), profile), profile.dpi)
    return _filled(jpeg, profile.min_bytes)


def page_jpeg(bgr: Bgr) -> bytes:
    """Give a document page or a scene photo as JPEG: long side 1600 px at most, quality 80."""
    scale = PAGE_LONG_SIDE_PX / max(bgr.shape[:2])
    if scale < 1:
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        bgr = small.astype(np.uint8, copy=False)
    return _jpeg(bgr, PAGE_QUALITY)


def quality(crop: Bgr, gates: Gates = GATES) -> PhotoProblem | None:
    """Give the first thing wrong with a portrait (the part within the guide), or None.

    Measures light and sharpness where the guide puts the face. It does NOT look for a face: it
    judges neither whether one is there, nor its size, place, pose, eyes, mouth, glasses or
    headgear, nor the background. That needs face detection, which comes later.
    """
    luma = cv2.cvtColor(gates.face.of(crop), cv2.COLOR_BGR2GRAY)
    mean = float(luma.mean()) / 255
    if mean < gates.mean_luma[0] or float((luma <= _DARK).mean()) > gates.dark_share:
        return PhotoProblem.TOO_DARK
    if mean > gates.mean_luma[1] or float((luma >= _BRIGHT).mean()) > gates.bright_share:
        return PhotoProblem.TOO_BRIGHT
    if sharpness(luma.astype(np.uint8, copy=False)) < gates.sharpness:
        return PhotoProblem.BLURRED
    return None


def sharpness(luma: NDArray[np.uint8]) -> float:
    """Give the variance of the Laplacian at 160 px width after a 3 x 3 Gaussian."""
    height = max(1, round(luma.shape[0] * 160 / luma.shape[1]))
    small = cv2.resize(luma, (160, height), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(cv2.GaussianBlur(small, (3, 3), 0), cv2.CV_64F).var())


def _fitted(picture: Bgr, profile: PortraitProfile) -> bytes:
    """Binary search: size grows with quality."""
    low, high = profile.min_quality, profile.max_quality
    best = _jpeg(picture, low)
    if len(best) > profile.max_bytes:
        raise PhotoTooLarge(f"{len(best)} bytes at quality {low}, limit {profile.max_bytes}")
    while low < high:
        middle = (low + high + 1) // 2
        jpeg = _jpeg(picture, middle)
        if len(jpeg) <= profile.max_bytes:
            low, best = middle, jpeg
        else:
            high = middle - 1
    return best


def _jpeg(picture: Bgr, quality: int) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    _, data = cv2.imencode(".jpg", picture, options)
    return data.tobytes()


def _with_density(jpeg: bytes, dpi: int) -> bytes:
    """Write dots per inch into the JFIF header: unit, X and Y density (big-endian), 7 after J."""
    at = jpeg.index(b"JFIF\0") + 7
    density = dpi.to_bytes(2, "big")
    return jpeg[:at] + b"\x01" + density + density + jpeg[at + 5 :]


def _filled(jpeg: bytes, at_least: int) -> bytes:
    """Add comment segments (ITU-T T.81 B.2.4.5) behind the JFIF header (20 bytes)."""
    while (missing := at_least - len(jpeg)) > 0:
        size = min(max(missing - 4, 0), _LARGEST_COMMENT)
        comment = b"\xff\xfe" + (size + 2).to_bytes(2, "big") + bytes(size)
        jpeg = jpeg[:20] + comment + jpeg[20:]
    return jpeg
