from hypothesis import given
from hypothesis import strategies as st

from screens.text import (
    NOT_FIRST,
    NOT_LAST,
    Span,
    break_lines,
    font_runs,
    literal,
    markup,
    spans,
    visible,
)


def measure(text: str, bold: bool) -> float:
    """Chinese characters one wide, Latin ones half; bold as wide as regular."""
    return sum(1.0 if ord(char) > 0x2000 else 0.5 for char in text)


def lines(text: str, width: float) -> list[str]:
    return [
        "".join(span.text for span in line) for line in break_lines(spans(text), width, measure)
    ]


def test_a_short_text_is_one_line():
    assert lines("请把身份证放在亮灯处", 10) == ["请把身份证放在亮灯处"]


def test_no_line_begins_with_a_full_stop():
    assert lines("请核对姓名。", 5) == ["请核对", "姓名。"]


def test_no_line_ends_with_an_opening_bracket():
    assert lines("新办社保卡（本人）", 6) == ["新办社保卡", "（本人）"]


def test_a_voucher_number_is_not_broken():
    assert lines("凭证号 CQ-0017-20261123-0042-K", 14) == ["凭证号", "CQ-0017-20261123-0042-K"]


def test_lines_end_where_one_pauses():
    text = "社保卡使用密码，6 位数字。银行密码不会改变。"
    assert lines(text, 18) == ["社保卡使用密码，6 位数字。", "银行密码不会改变。"]


def test_bold_is_kept_together_where_it_can_be():
    assert lines("持凭证到 **3 号窗口** 等待制卡", 9) == ["持凭证到", "3 号窗口 等待制卡"]


def test_english_words_stay_whole():
    broken = lines("Your card is used for this application only.", 9)
    assert " ".join(broken) == "Your card is used for this application only."
    assert len(broken) == 3


def test_a_word_wider_than_the_line_is_broken_and_complete():
    assert "".join(lines("A" * 50, 5)) == "A" * 50


def test_a_line_feed_ends_a_line():
    assert lines("没有打印？\n\n按帮我", 20) == ["没有打印？", "", "按帮我"]


def test_stars_of_a_masked_number_are_not_bold():
    text = f"手机 {literal('138****1234')}、{literal('139****4321')}，**请核对**"
    assert spans(text) == (Span("手机 138****1234、139****4321，"), Span("请核对", bold=True))
    assert spans("500***********0021") == (Span("500***********0021"),)
    assert spans("**a**", rich=False) == (Span("**a**"),)


def test_markup_escapes_and_changes_font_by_character():
    faces = {"𠀀": "hana_b", "𲎿": None}
    made = markup(
        (Span("[a]&", bold=True), Span("王𠀀𲎿")), lambda char: faces.get(char, "sc"), "sc"
    )
    assert made == "[b]&bl;a&br;&amp;[/b]王[font=hana_b]𠀀[/font]〔U+323BF〕"


def test_font_runs_are_as_few_as_the_fonts_change():
    assert font_runs("ab𠀀c", lambda char: "x" if ord(char) > 0xFFFF else "sc", "sc") == [
        ("sc", "ab"),
        ("x", "𠀀"),
        ("sc", "c"),
    ]


def test_variation_selectors_draw_nothing():
    assert visible("葛\U000e0100城") == "葛城"


WORDS = st.text(st.sampled_from("国中华请。，（）“”！：、ab1-· "), max_size=60)


@given(WORDS, st.integers(8, 30))
def test_no_character_is_lost(text: str, width: int):
    assert "".join(lines(text, width)).replace(" ", "") == text.replace(" ", "")


@given(WORDS, st.integers(8, 30))
def test_no_line_is_too_wide(text: str, width: int):
    assert all(measure(line, False) <= width for line in lines(text, width))


PHRASES = st.lists(st.sampled_from(["（中华）", "国。", "请，", "“好”", "ab-1", "国"]), max_size=30)


@given(PHRASES, st.integers(8, 30))
def test_no_line_begins_or_ends_where_it_must_not(phrases: list[str], width: int):
    broken = lines("国".join(phrases), width)
    assert not any(line[0] in NOT_FIRST for line in broken[1:] if line)
    assert not any(line[-1] in NOT_LAST for line in broken[:-1] if line)


@given(WORDS, st.floats(0, 30))
def test_a_box_of_any_width_takes_any_text(text: str, width: float):
    assert "".join(lines(text, width)).replace(" ", "") == text.replace(" ", "")
