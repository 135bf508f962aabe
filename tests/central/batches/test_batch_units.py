"""A unit's code: 统一社会信用代码 with its check, or a 单位编号."""

import pytest

from central.batches.units import ALPHABET, unit_code

KNOWN = "91350100M000100Y43"  # the example of GB 32100-2015


def test_the_standards_own_example_is_right():
    assert unit_code(f" {KNOWN.lower()} ") == KNOWN


def test_every_single_wrong_character_is_found():
    wrong = {
        KNOWN[:i] + each + KNOWN[i + 1 :]
        for i in range(18)
        for each in ALPHABET
        if each != KNOWN[i]
    }
    assert len(wrong) == 18 * 30
    assert [each for each in wrong if unit_code(each)] == []


@pytest.mark.parametrize("text", ["", "1", "U-1", "9135010OM000100Y43", KNOWN + "1", "单位"])
def test_what_can_be_neither_is_none(text):
    assert unit_code(text) is None


def test_a_unit_number_is_taken_as_it_is():
    assert unit_code("50 1234") == "501234"
