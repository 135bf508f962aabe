"""The template is a list that can be read, and its example is nobody."""

import io

import openpyxl

from central.batches.card_list import read_list
from central.batches.template import template
from regulation.card_list.columns import load_columns


def test_the_template_is_read_as_a_list_of_one():
    (row,) = read_list(template())
    assert (row.name, row.number, row.minor) == ("示例", "11010519491231002X", False)
    assert "请删去此行" in row.remark


def test_it_has_every_column_of_a_new_card_and_a_page_that_explains_them():
    book = openpyxl.load_workbook(io.BytesIO(template()))
    head = [cell.value for cell in book.worksheets[0][1]]
    assert {"姓名*", "证件号码*", "照片文件名"} <= set(head)
    assert "原卡号" not in head
    told = [row[0] for row in book["填写说明"].iter_rows(values_only=True)]
    assert set(head) <= set(told)
    assert book["制卡明细表"]["C2"].number_format == "@"  # a number must stay a text


def test_another_units_columns_make_another_template():
    text = 'required = ["name"]\nignored = []\n[columns]\nname = ["职工姓名", "姓名"]\n[values]\n'
    book = openpyxl.load_workbook(io.BytesIO(template(load_columns(text))))
    assert [cell.value for cell in book.worksheets[0][1]] == ["职工姓名*"]
