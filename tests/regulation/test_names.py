"""Names and masks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.masks import (
    mask_address,
    mask_card,
    mask_name,
    mask_number,
    mask_phone,
    mask_text,
)
from regulation.names import DOTS, check_latin_name, check_name, needs_picture, same_name
from regulation.problem import Problem, ProblemKind


@pytest.mark.parametrize("dot", DOTS)
def test_all_dots_of_a_name_are_one_1_1_2(dot):
    assert same_name(f"阿依古丽{dot}买买提", "阿依古丽·买买提")


def test_spaces_forms_and_case_do_not_matter_1_1_2():
    assert same_name("张 三", "张三")
    assert same_name("e\u0301ric", "\u00c9RIC")
    assert not same_name("张三", "张叁")
    assert not same_name("", " ")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (" 张三 ", "张三"),
        ("阿依古丽•买买提", "阿依古丽•买买提"),  # printed as the paper has it
        ("㼆𬀩", "㼆𬀩"),
        ("\ue863三", "\ue863三"),
        ("ERIKSSON ANNA-MARIA", "ERIKSSON ANNA-MARIA"),
        ("", Problem(ProblemKind.EMPTY)),
        ("张3", Problem(ProblemKind.CHARACTERS)),
        ("张\n三", Problem(ProblemKind.CHARACTERS)),
        ("张三<b>", Problem(ProblemKind.CHARACTERS)),
        ("\ud800", Problem(ProblemKind.CHARACTERS)),
        ("张" * 25, "张" * 25),  # 50 bytes fit in any case
        ("张" * 51, Problem(ProblemKind.LENGTH)),
    ],
)
def test_names_as_papers_write_them_1_1_2(name, found):
    assert check_name(name) == found


@given(st.text(max_size=60))
def test_no_name_raises(name):
    check_name(name)
    check_latin_name(name)
    needs_picture(name)
    same_name(name, name[::-1])


@pytest.mark.parametrize(
    ("name", "picture"),
    [("张三", False), ("㼆𬀩", False), ("\ue863三", True), ("\U000f0000", True)],
)
def test_characters_no_font_can_be_trusted_with(name, picture):
    assert needs_picture(name) is picture


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("eriksson,  anna maria", "ERIKSSON ANNA MARIA"),
        ("O'Neil-Smith", "O'NEIL-SMITH"),
        ("张三", Problem(ProblemKind.CHARACTERS)),
        ("-A", Problem(ProblemKind.CHARACTERS)),
        ("", Problem(ProblemKind.EMPTY)),
    ],
)
def test_latin_names_of_passports_1_1_1(name, found):
    assert check_latin_name(name) == found


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_name, "", ""),
        (mask_name, "王", "*"),
        (mask_name, "王五", "王*"),
        (mask_name, "张小三", "张*三"),
        (mask_name, "欧阳小三", "欧**三"),
        (mask_number, "500103200002290021", "500***********0021"),
        (mask_number, "11010519491231002X", "110***********002X"),
        (mask_number, "E12345678", "E1*****78"),
        (mask_number, "AB12", "A**2"),
        (mask_number, "AB1", "***"),
        (mask_phone, "13812341234", "138****1234"),
        (mask_phone, "023-12345678", "023-****5678"),
        (mask_card, "A12345678", "*****5678"),
        (mask_card, "1234", "****"),
        (mask_address, "渝北区龙溪街道红锦大道1号", "渝北区龙溪街道*****"),
        (mask_address, "重庆市渝北区古路镇1号", "重庆市渝北区古路镇*****"),
        (mask_address, "重庆市渝中区人民路1号镇江小区", "重庆市渝中区*****"),
        (
            mask_address,
            "重庆市酉阳土家族苗族自治县桃花源街道8号",
            "重庆市酉阳土家族苗族自治县桃花源街道*****",
        ),
        (mask_address, "人民路1号", "*****"),
        (mask_address, "", "*****"),
        (
            mask_text,
            "号码500103200002290021,电话13812341234。",
            "号码500***********0021,电话138****1234。",
        ),
        (
            mask_text,
            "凭证号CQ-0017-20261123-0042-K,请拨023-12333",
            "凭证号CQ-0017-20261123-0042-K,请拨023-12333",
        ),
    ],
)
def test_masks_1_1_2(mask, text, masked):
    assert mask(text) == masked


@given(st.text(min_size=1, max_size=40))
def test_at_least_half_of_every_number_is_hidden(number):
    masked = mask_number(number)
    assert len(masked) == len(number.strip())
    assert masked.count("*") * 2 >= len(masked)
