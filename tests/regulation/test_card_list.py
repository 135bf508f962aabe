"""Cells of a list as rows, by the columns of the settings (services.md 6)."""

from datetime import date, datetime
from pathlib import Path

import pytest

from regulation.card_list.columns import (
    Head,
    NoHead,
    head_of,
    is_empty,
    load_columns,
    row_of,
    value_of,
)
from regulation.card_list.faults import Fault, RowFault
from regulation.card_list.rows import FIELDS, PICTURES, TEXTS, Row
from regulation.tables import RulesError

COLUMNS = load_columns()
NAMES = ["姓名*", "证件类型", "证件号码", "民族", "证件有效期止", "手机", "联系地址", "制卡银行"]


def test_every_field_and_picture_has_a_name():
    assert set(TEXTS) | set(PICTURES) <= FIELDS.keys()
    assert set(COLUMNS.fields.values()) == set(TEXTS)
    assert set(COLUMNS.pictures.values()) == set(PICTURES)


@pytest.mark.parametrize("what", Fault)
def test_a_sentence_needs_no_more_than_field_and_row(what):
    assert "{" not in RowFault(7, "phone", what, 3).message


def test_a_head_in_any_order_with_other_spellings():
    head = head_of(["序号", *reversed(NAMES[:-1]), "合作银行", None, ""], COLUMNS)
    assert isinstance(head, Head)
    assert head.fields[0] == ""
    assert set(head.fields[1:]) == COLUMNS.required


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (NAMES[:-1], "制卡银行"),
        ([*NAMES, "密码"], "模板以外"),
        ([*NAMES, "手机号码"], "重复的列"),
        ([], "缺少列"),
    ],
)
def test_what_is_no_head_says_the_cure(cells, said):
    head = head_of(cells, COLUMNS)
    assert isinstance(head, NoHead)
    assert said in head.zh
    assert "密码" not in head.zh


NUMBERS = {
    "１３８００１３８０００": "13800138000",
    " 138 0013 8000 ": "13800138000",
    13800138000: "13800138000",
    "\u202a13800138000\u202c": "13800138000",
    1380013800.5: "1380013800.5",
    10**15: Fault.LOST_DIGITS,
    1.10105194912e17: Fault.LOST_DIGITS,
    float("nan"): Fault.LOST_DIGITS,
    float("-inf"): Fault.LOST_DIGITS,
}


@pytest.mark.parametrize("cell", NUMBERS, ids=repr)
def test_a_phone_in_any_form(cell):
    assert value_of("phone", cell, COLUMNS) == NUMBERS[cell]


@pytest.mark.parametrize(
    "cell",
    ["20360101", "2036-01-01", "2036/1/1", "2036．1．1", "2036年1月1日", "２０３６-1-1", 20360101,
     date(2036, 1, 1), datetime(2036, 1, 1, 3, 4)],  # noqa: DTZ001 - a cell has no zone
    ids=str,
)  # fmt: skip
def test_a_day_in_any_form(cell):
    assert value_of("valid_to", cell, COLUMNS) == "20360101"


@pytest.mark.parametrize("cell", ["2036", "2036-13", "01/02/2036", "永远", "2036-1-1-1"])
def test_a_day_that_is_none_stays_as_it_is(cell):
    assert value_of("valid_to", cell, COLUMNS) == cell


def test_words_mean_what_the_settings_say():
    assert value_of("paper", "居民身份证", COLUMNS) == "resident_id"
    assert value_of("valid_to", "长期有效", COLUMNS) == "长期"
    assert value_of("minor", "是", COLUMNS) is True
    assert value_of("minor", True, COLUMNS) is True
    assert value_of("minor", "", COLUMNS) is None
    assert value_of("minor", "也许", COLUMNS) is Fault.YES_NO


def test_names_and_addresses_stay_as_they_stand():
    assert value_of("name", " 阿依古丽·买买提 ", COLUMNS) == "阿依古丽·买买提"
    assert value_of("address", "１号 A座", COLUMNS) == "１号 A座"


def test_a_row_and_what_cannot_be_read_of_it():
    head = head_of(NAMES, COLUMNS)
    assert isinstance(head, Head)
    row, found = row_of(
        ["张三", "身份证", 1e17, "汉", "长期", "路" * 201, "#REF!", "重庆银行"], head, COLUMNS
    )
    assert row == Row(
        name="张三", paper="resident_id", ethnicity="汉", valid_to="长期", bank="重庆银行"
    )
    assert found == [
        ("number", Fault.LOST_DIGITS),
        ("phone", Fault.TOO_LONG),
        ("address", Fault.CELL_ERROR),
    ]
    assert row_of([*[""] * 8, " "], head, COLUMNS) == (Row(paper=""), [])
    assert row_of([*[""] * 8, "x"], head, COLUMNS)[1] == [("", Fault.ROW_TOO_LONG)]
    assert row_of(["张三"], head, COLUMNS)[0].name == "张三"


def test_a_row_tells_nobody_who_it_is():
    assert "张三" not in repr(Row(name="张三"))
    assert "张三" not in str([Row(name="张三")])


def test_nothing_is_an_empty_row():
    assert is_empty([None, "", "  ", "\u3000"])
    assert not is_empty([None, 0])


SMALL = 'required = ["name"]\nignored = []\n[columns]\nname = ["职工姓名"]\n[values]\n'


def test_another_template_without_papers_means_identity_cards():
    columns = load_columns(SMALL)
    head = head_of(["职工姓名"], columns)
    assert isinstance(head, Head)
    row, found = row_of(["张三"], head, columns)
    assert (row.paper, found, columns.pictures) == ("resident_id", [], {})


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("name = [", "nme = [", "columns"),
        ('required = ["name"]', 'required = ["phone"]', "required"),
        ("[values]", "[values.colour]\na = 'b'", "values"),
        ("[values]", "[values]\n[pictures]\nface = ['']", "pictures"),
        ("[values]", "", "values"),
    ],
)
def test_a_bad_table_names_its_key(old, new, key):
    with pytest.raises(RulesError, match=key):
        load_columns(SMALL.replace(old, new))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(RulesError, match=r"nowhere\.toml"):
        load_columns(Path(tmp_path / "nowhere.toml"))
