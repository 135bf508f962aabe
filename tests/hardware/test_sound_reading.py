"""What the synthesiser is fed: readings, numbers, names."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.sound.reading import LONGEST, spoken

TABLE = tomllib.loads(Path("hardware/sound/readings.toml").read_text("utf-8"))


def _zh(text, *names):
    return spoken(text, "zh_CN", names)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("重置密码", "chong2 zhi4 mi4 ma3"),
        ("重庆市", "chong2 qing4 shi4"),
        ("请重新办理", "qing3 chong2 xin1 ban4 li3"),
        ("窗口发卡", "chuang1 kou3 fa1 ka3"),
        ("挂失、解挂和补领", "gua4 shi1 , jie3 gua4 he2 bu3 ling3"),
        ("单位经办人", "dan1 wei4 jing1 ban4 ren2"),
        ("银行卡，绿色", "yin2 hang2 ka3 , lv4 se4"),
        ("办好了。", "ban4 hao3 le5 ."),
        ("", ""),
    ],
)
def test_words_that_have_several_readings(text, reading):
    assert _zh(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("曾女士", "zeng1 nv3 shi4"),
        ("单先生", "shan4 xian1 sheng1"),
        ("解女士", "xie4 nv3 shi4"),
        ("仇先生", "qiu2 xian1 sheng1"),
        ("单于先生", "chan2 yu2 xian1 sheng1"),
        ("张女士，单位", "zhang1 nv3 shi4 , dan1 wei4"),
    ],
)
def test_surnames_before_a_title(text, reading):
    assert _zh(text) == reading


def test_names_that_are_said_to_be_names():
    assert _zh("曾单的卡", "曾单") == "zeng1 dan1 de5 ka3"
    assert _zh("曾单的卡") != "zeng1 dan1 de5 ka3"
    assert _zh("单*，您好", "单*") == "shan4 xing1 , nin2 hao3"
    assert _zh("请尉迟恭和仇小单过来", "仇小单", "尉迟恭") == (
        "qing3 yu4 chi2 gong1 he2 qiu2 xiao3 dan1 guo4 lai2"
    )


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("1949123100X", "yao1 jiu3 si4 jiu3 yao1 er4 san1 yao1 ling2 ling2 ai2 ke5 si5"),
        ("138****8000", "yao1 san1 ba1 xing1 ba1 ling2 ling2 ling2"),
        ("尾号0017", "wei3 hao4 ling2 ling2 yao1 qi1"),
        ("A00000001", "ei1 ling2 ling2 ling2 ling2 ling2 ling2 ling2 yao1"),
        ("3号窗口", "san1 hao4 chuang1 kou3"),
        ("15个工作日", "shi2 wu3 ge4 gong1 zuo4 ri4"),
        ("2个", "liang3 ge4"),
        ("2 天", "liang3 tian1"),
        ("2号", "er4 hao4"),
        ("0", "ling2"),
        ("10", "shi2"),
        ("20", "er4 shi2"),
        ("105", "yi1 bai3 ling2 wu3"),
        ("110", "yi1 bai3 yi1 shi2"),
        ("1001", "yi1 qian1 ling2 yi1"),
        ("1010", "yi1 qian1 ling2 yi1 shi2"),
        ("9999", "jiu3 qian1 jiu3 bai3 jiu3 shi2 jiu3"),
        ("20.05元", "er4 shi2 dian3 ling2 wu3 yuan2"),
        ("2026年", "er4 ling2 er4 liu4 nian2"),
        ("2026-11-24", "er4 ling2 er4 liu4 nian2 shi2 yi1 yue4 er4 shi2 si4 ri4"),
        ("10:05", "shi2 dian3 ling2 wu3 fen1"),
        ("9:30", "jiu3 dian3 san1 shi2 fen1"),
        ("17:00", "shi2 qi1 dian3"),
        ("１２", "shi2 er4"),
    ],
)
def test_numbers_are_counted_or_read_digit_by_digit(text, reading):
    assert _zh(text) == reading


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Card A00000001 is ready", "Card A 0 0 0 0 0 0 0 1 is ready"),
        ("Number 110***02X", "Number 1 1 0 star 0 2 X"),
        ("Counter 3, 15 days", "Counter 3, 15 days"),
        ("重庆 card", "chong qing card"),
        ("[[D,Is]] <b>", "D,Is b"),
    ],
)
def test_english(text, reading):
    assert spoken(text, "en") == reading


@pytest.mark.parametrize("table", ["phrases", "surnames"])
def test_the_table_has_a_syllable_a_character(table):
    for word, reading in TABLE[table].items():
        assert len(reading.split()) == len(word), word


@given(st.text(max_size=60), st.lists(st.text(max_size=4), max_size=3))
def test_any_text_gives_syllables_and_pauses_alone(text, names):
    for part in _zh(text, *names).split():
        assert part.isascii()
        assert part in {".", ","} or part[-1] in "12345" or part.isalpha(), part
    assert "[" not in spoken(text, "en", names)


def test_a_text_without_end_is_cut():
    assert len(_zh("好" * 5 * LONGEST).split()) == LONGEST
    assert len(spoken("a " * 5 * LONGEST, "en")) <= LONGEST
