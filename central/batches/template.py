"""The empty 制卡明细表 that a unit fills in: .xlsx, by the columns of `config/batch_columns.toml`.

The first sheet has the head and one row that is marked as an example and belongs to nobody; the
second says what may stand in each column and how pictures are named. Source: 规程 1.2.1(1) (the
template comes from the window), services.md 6.
"""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from regulation.card_list.columns import Columns, load_columns
from regulation.card_list.rows import FIELDS, HOUSEHOLD, PICTURES, TEXTS

EXAMPLE = {
    "name": "示例",
    "paper": "身份证",
    "number": "11010519491231002X",
    "sex": "女",
    "ethnicity": "汉族",
    "birth": "19491231",
    "valid_to": "长期",
    "phone": "13800138000",
    "address": "重庆市渝北区示例路1号",
    "bank": "重庆银行",
    "minor": "否",
    "remark": "示例，请删去此行",
}
"""The specimen number of GB 11643: nobody's."""

RULES = {
    "name": "与身份证或户口簿完全一致",
    "number": "18位，末位可为X；请保持文本格式",
    "birth": "8位，年月日",
    "valid_to": "8位年月日，或“长期”；未成年人用户口簿的可不填",
    "phone": "11位手机，或023开头的座机",
    "address": "能收到信件的地址",
    "bank": "从合作银行中任选一家",
    "guardian_name": "未成年人必填",
    "guardian_number": "未成年人必填；监护人应已成年",
    "portrait_file": "照片不以证件号码命名的才填；只写文件名",
}
_REPLACEMENT = frozenset({"old_card", "reason", "new_portrait"})
_ROWS = 2000


def template(columns: Columns | None = None) -> bytes:
    """The template as a file, for lists of new cards."""
    columns = columns or load_columns()
    fields = [name for name in columns.shown if name not in _REPLACEMENT]
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "制卡明细表"
    _head(sheet, fields, columns)
    _instructions(book.create_sheet("填写说明"), fields, columns)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, fields: list[str], columns: Columns) -> None:
    """Texts alone: a spreadsheet must not take a number for a number."""
    sheet.freeze_panes = "A2"
    names = [_title(name, columns) for name in fields]
    for place, (name, title) in enumerate(zip(fields, names, strict=True), 1):
        letter = get_column_letter(place)
        head, cell = sheet.cell(1, place, title), sheet.cell(2, place, EXAMPLE.get(name, ""))
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="2F5597")
        head.alignment = Alignment(horizontal="center")
        cell.font = Font(italic=True, color="7F7F7F")
        sheet.column_dimensions[letter].width = 24 if name in {"number", "address"} else 14
        sheet.column_dimensions[letter].number_format = "@"
        cell.number_format = "@"
        if words := _words(name, columns):
            _choice(sheet, letter, words)


def _choice(sheet: Worksheet, letter: str, words: list[str]) -> None:
    cells = f"{letter}2:{letter}{_ROWS + 1}"
    listed = f'"{",".join(words)}"'
    rule = DataValidation(type="list", formula1=listed, allow_blank=True, sqref=cells)
    sheet.add_data_validation(rule)


def _instructions(sheet: Worksheet, fields: list[str], columns: Columns) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 80
    for row in (
        ("列", "怎样填写（带*的必填；不要改动列名，第一行示例请删去）"),
        *((_title(name, columns), _rule(name, columns)) for name in fields),
        ("", ""),
        ("照片和证件影像", "JPG或PNG，每张不超过2MB，放在同一个U盘里，也可压缩为一个zip"),
        *((FIELDS[shows], _naming(shows, columns)) for shows in PICTURES),
        ("成年人", "照片、身份证人像面、身份证国徽面"),
        ("未成年人", "户口簿本人页、户口簿增减页；照片可以不交"),
    ):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def _title(name: str, columns: Columns) -> str:
    return columns.shown[name] + ("*" if name in columns.required else "")


def _rule(name: str, columns: Columns) -> str:
    words = _words(name, columns)
    return RULES.get(name) or ("、".join(words) if words else "")


def _words(name: str, columns: Columns) -> list[str]:
    """The words of a column that has only some of them."""
    return list(columns.choices[name]) if name in columns.choices and name != "valid_to" else []


def _naming(shows: str, columns: Columns) -> str:
    endings = [ending for ending, each in columns.pictures.items() if each == shows]
    named = "，或".join(f"证件号码{ending}.jpg" for ending in endings)
    return f"{named}（未成年人）" if shows in HOUSEHOLD else named


assert EXAMPLE.keys() | RULES.keys() <= set(TEXTS)
