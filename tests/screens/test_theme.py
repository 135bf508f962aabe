import dataclasses

import pytest

from screens.theme import (
    HIGH_CONTRAST,
    METRICS,
    MIN_CONTRAST,
    MIN_GAP_MM,
    MIN_TARGET_MM,
    NORMAL,
    PX_PER_MM,
    TEXT_ON_GROUND,
    TYPE,
    Theme,
    contrast,
)


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#FFFFFF", "#777777") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("palette", [NORMAL, HIGH_CONTRAST], ids=["normal", "high contrast"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(palette, text, ground):
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= MIN_CONTRAST


@pytest.mark.parametrize(
    "target", ["primary", "second", "foot_button", "tile", "key", "letter", "edit"]
)
def test_targets_are_large_enough_for_a_finger(target):
    assert getattr(METRICS, target) / PX_PER_MM >= MIN_TARGET_MM


def test_ten_letters_in_a_row_are_large_enough():
    letter = (1080 - 2 * METRICS.margin - 9 * METRICS.letter_gap) / 10
    assert letter / PX_PER_MM >= MIN_TARGET_MM


@pytest.mark.parametrize("gap", ["gap", "key_gap", "letter_gap"])
def test_gaps_keep_fingers_apart(gap):
    assert getattr(METRICS, gap) / PX_PER_MM >= MIN_GAP_MM


def test_no_type_is_below_30():
    assert min(dataclasses.astuple(TYPE)) >= 30


def test_large_type_is_larger_and_one_column():
    normal, large = Theme().type_sizes(), Theme(large=True).type_sizes()
    assert all(large[name] == round(size * 1.3) for name, size in normal.items())
    assert (Theme().columns, Theme(large=True).columns) == (2, 1)
