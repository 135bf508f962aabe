"""Lines and pictures of a slip."""

from itertools import pairwise

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer import layout, raster
from hardware.printer.document import Feed, Pair, Qr, Rule, Text

WORDS = st.sampled_from(
    [
        "社会保障卡",
        "窗口",
        "（凭证）",
        "（",
        "）。",
        "，",
        "：",
        "！",
        "「卡」",
        "CQ-0001",
        "24",
        " ",
        "please wait",
        "㐀",
    ]
)
SEPARATED = st.lists(st.tuples(st.sampled_from(["办理", "card", "请等待制卡"]), WORDS), max_size=20)


@given(SEPARATED, st.sampled_from([240, 384, 576]), st.sampled_from([1, 2]))
def test_lines_fit_and_keep_punctuation_in_place(
    words: list[tuple[str, str]], dots: int, size: int
) -> None:
    text = "".join(a + b for a, b in words)
    lines = layout.wrap(text, dots, size)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert layout.width(line, size) <= dots
    for before, after in pairwise(lines):
        assert before[-1] not in "（「"
        assert after[0] not in "。，、；：！？）」"


@given(st.text(max_size=100), st.integers(0, 100))
def test_wrapping_anything_loses_nothing_and_ends(text: str, dots: int) -> None:
    lines = layout.wrap(text, dots)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_word_stays_whole() -> None:
    assert layout.wrap("凭证号 CQ-0001-2026", 180) == ["凭证号", "CQ-0001-2026"]


def test_pairs_share_a_column_and_values_wrap() -> None:
    items = list(layout.rows([Pair("业务", "新办"), Pair("凭证号", "社" * 30)], 384))
    assert [item.pieces[1][0] for item in items if isinstance(item, layout.Row)] == [96] * 4


def test_what_a_printer_would_obey_is_taken_out() -> None:
    assert layout.clean("张\x1b@\x10\x04\u202e三\ufe00\ud800\t·") == "张@三 ·"


def test_the_face_is_simplified_chinese() -> None:
    assert raster.face(24).getname() == ("Noto Sans Mono CJK SC", "Regular")
    assert raster.face(24, bold=True).getname() == ("Noto Sans Mono CJK SC", "Bold")


def test_a_missing_font_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "FACE", "Noto Sans Mono CJK XX")
    raster.face.cache_clear()
    with pytest.raises(raster.MissingFont, match="fonts-noto-cjk"):
        raster.face(24)
    raster.face.cache_clear()


@pytest.mark.parametrize("character", "㐀𠀋·é社A")
def test_characters_are_drawn_not_boxed(character: str) -> None:
    font, drawn = raster.shape(character, 24, bold=False)
    assert drawn == character
    assert bytes(font.getmask(drawn)) != bytes(font.getmask("\U0010fffd"))


def test_a_character_no_font_has_is_a_missing_type() -> None:
    assert raster.shape("\U0010fffd", 24, bold=False)[1] == raster.MISSING


@pytest.mark.parametrize("dots", [384, 576])
def test_the_picture_is_as_wide_as_the_paper_and_its_qr_reads(dots: int) -> None:
    picture = raster.picture([Text("凭证"), Rule(), Qr("v1|CQ-0001"), Feed(1)], dots)
    assert picture.width == dots
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == ["v1|CQ-0001"]


def test_a_code_too_wide_gets_smaller_modules_or_is_refused() -> None:
    assert raster.module_dots(Qr("7" * 50, module_dots=16), 384) == 384 // (25 + 8)
    with pytest.raises(ValueError, match="fit"):
        raster.picture([Qr("x" * 2000)], 384)


def test_an_empty_slip_has_a_picture() -> None:
    assert raster.picture([], 384).size == (384, 1)
