"""What becomes of a picture: bytes of the portrait, pages, gates."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.camera import scenes
from hardware.camera.frames import (
    Crop,
    PhotoProblem,
    PhotoTooLarge,
    PortraitProfile,
    guide,
    page_jpeg,
    portrait_jpeg,
    quality,
)

FRAME = guide(scenes.WIDTH, scenes.HEIGHT)


def noise(seed: int, height: int = 720, width: int = 1280, sigma: float = 60) -> scenes.Bgr:
    grain = np.random.default_rng(seed).normal(128, sigma, (height, width, 3))
    return np.clip(grain, 0, 255).astype(np.uint8)


def test_portrait_has_the_size_density_and_weight_of_an_id_photo() -> None:
    jpeg = portrait_jpeg(scenes.portrait(0), FRAME)
    assert 14_000 <= len(jpeg) <= 20_000
    with Image.open(BytesIO(jpeg)) as image:
        assert image.size == (358, 441)
        assert image.mode == "RGB"
        assert image.info["dpi"] == (350, 350)
        assert "progression" not in image.info


def test_jfif_header_is_350_dots_per_inch() -> None:
    """Bytes of the JFIF header: unit 01, X and Y density 015E (docs/devices/camera.md)."""
    jpeg = portrait_jpeg(scenes.portrait(0), FRAME)
    assert jpeg[:6] == bytes.fromhex("FF D8 FF E0 00 10")
    assert jpeg[6:11] == b"JFIF\0"
    assert jpeg[13:18] == bytes.fromhex("01 01 5E 01 5E")


@pytest.mark.parametrize(
    "picture", [scenes.portrait(1), noise(1), np.full((720, 1280, 3), 240, np.uint8)]
)
def test_portrait_weighs_what_is_asked_whatever_is_before_the_camera(picture: scenes.Bgr) -> None:
    jpeg = portrait_jpeg(picture, FRAME)
    assert 14_000 <= len(jpeg) <= 20_000
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (441, 358, 3)


def test_portrait_uses_the_room_it_has() -> None:
    tight = portrait_jpeg(noise(2, sigma=12), FRAME)
    assert len(tight) > 19_000


def test_portrait_that_cannot_fit_is_refused_not_spoilt() -> None:
    small = PortraitProfile(min_bytes=1_000, max_bytes=4_000)
    with pytest.raises(PhotoTooLarge):
        portrait_jpeg(noise(3, height=441, width=358), Crop(0, 0, 1, 1), small)


def test_a_city_may_ask_for_another_portrait() -> None:
    other = PortraitProfile(
        width_px=236, height_px=295, dpi=300, min_bytes=30_000, max_bytes=100_000
    )
    with Image.open(BytesIO(jpeg := portrait_jpeg(noise(4), FRAME, other))) as image:
        assert image.size == (236, 295)
        assert image.info["dpi"] == (300, 300)
    assert 30_000 <= len(jpeg) <= 100_000


def test_a_frame_of_another_shape_is_cut_not_squeezed() -> None:
    picture = np.zeros((600, 1200, 3), np.uint8)
    cv2.circle(picture, (600, 300), 150, (255, 255, 255), -1)
    jpeg = portrait_jpeg(picture, Crop(0, 0, 1, 1))
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    _, _, width, height = cv2.boundingRect((grey > 128).astype(np.uint8))
    assert abs(width - height) <= 3, "a circle stays one"


@pytest.mark.parametrize(
    "frame", [Crop(-0.1, 0, 1, 1), Crop(0.6, 0, 0.6, 1), Crop(0.5, 0.5, 0, 0.1)]
)
def test_a_frame_outside_the_picture_is_a_mistake(frame: Crop) -> None:
    with pytest.raises(ValueError, match="inside the picture"):
        portrait_jpeg(scenes.portrait(0), frame)


@given(width=st.integers(200, 4000), height=st.integers(200, 4000))
def test_guide_lies_inside_and_has_the_portraits_shape(width: int, height: int) -> None:
    frame = guide(width, height)
    assert min(frame.left, frame.top) >= 0
    assert max(frame.left + frame.width, frame.top + frame.height) <= 1 + 1e-9
    assert max(frame.width, frame.height) == pytest.approx(1)
    assert frame.width * width / (frame.height * height) == pytest.approx(358 / 441)


@settings(max_examples=25, deadline=None)
@given(
    height=st.integers(40, 500),
    width=st.integers(40, 500),
    left=st.floats(0, 0.5),
    top=st.floats(0, 0.5),
    sigma=st.floats(0, 12),
)
def test_any_frame_of_any_picture_gives_a_portrait(
    height: int, width: int, left: float, top: float, sigma: float
) -> None:
    jpeg = portrait_jpeg(noise(5, height, width, sigma), Crop(left, top, 0.5, 0.5))
    assert 14_000 <= len(jpeg) <= 20_000


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1920, 2560), (1200, 1600)), ((2560, 1920), (1600, 1200)), ((720, 1280), (720, 1280))],
)
def test_page_is_at_most_1600_long(size: tuple[int, int], expected: tuple[int, int]) -> None:
    jpeg = page_jpeg(np.full((*size, 3), 200, np.uint8))
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[:2] == expected


def test_quality_names_what_is_wrong() -> None:
    good = FRAME.of(scenes.portrait(0))
    assert quality(good) is None
    assert quality(scenes.dark(good)) is PhotoProblem.TOO_DARK
    assert quality(cv2.convertScaleAbs(good, alpha=1.6)) is PhotoProblem.TOO_BRIGHT
    assert quality(cv2.GaussianBlur(good, (0, 0), 8)) is PhotoProblem.BLURRED


@pytest.mark.parametrize("step", range(scenes.FRAMES))
def test_the_drawn_person_is_always_good_enough(step: int) -> None:
    assert quality(FRAME.of(scenes.portrait(step))) is None


def test_a_white_wall_behind_does_not_make_a_portrait_too_bright() -> None:
    portrait = FRAME.of(scenes.portrait(0)).copy()
    wall = portrait.min(axis=2) > 220
    wall[:, portrait.shape[1] // 5 : -portrait.shape[1] // 5] = False
    assert wall.mean() > 0.2
    portrait[wall] = 255
    assert quality(portrait) is None
