"""A row of a 制卡明细表 or 补换卡明细表 as it stands there (规程 1.2.1, 3.2.1; services.md 6)."""

from typing import NamedTuple

PORTRAIT = "portrait"
BOTH_SIDES = ("id_front", "id_back")
HOUSEHOLD = ("household_page", "household_changes")
PICTURES = (PORTRAIT, *BOTH_SIDES, *HOUSEHOLD)
"""What the pictures of a person show (规程 1.2.1(1))."""

FIELDS = {
    "name": "姓名",
    "paper": "证件类型",
    "number": "证件号码",
    "sex": "性别",
    "ethnicity": "民族",
    "birth": "出生日期",
    "valid_to": "证件有效期止",
    "phone": "手机",
    "address": "联系地址",
    "bank": "制卡银行",
    "minor": "是否未成年",
    "guardian_name": "监护人姓名",
    "guardian_number": "监护人证件号",
    "portrait_file": "照片文件名",
    "old_card": "原卡号",
    "reason": "原因",
    "new_portrait": "是否换照片",
    "remark": "备注",
    "portrait": "照片",
    "id_front": "身份证人像面",
    "id_back": "身份证国徽面",
    "household_page": "户口簿本人页",
    "household_changes": "户口簿增减页",
    "outcome": "结果",
    "card_number": "卡号",
    "identifier": "卡识别码",
    "line": "序号",
}
"""How the template names the columns, and what else of a row can be wrong (services.md 6)."""


class Row(NamedTuple):
    """The texts of a row; a column that is empty or not there is "". Judged by `judge`.

    Days are `YYYYMMDD` or `YYYY-MM-DD`, `valid_to` may be 长期; `sex` is 1 or 2 (GB/T 2261.1);
    `reason` one of `Reason`. `minor` and `new_portrait` are None where nobody said. `pictures`
    are those that came, of `PICTURES`. Its repr tells nothing: it is a person.
    """

    name: str = ""
    paper: str = "resident_id"
    number: str = ""
    sex: str = ""
    ethnicity: str = ""
    birth: str = ""
    valid_to: str = ""
    phone: str = ""
    address: str = ""
    bank: str = ""
    minor: bool | None = None
    guardian_name: str = ""
    guardian_number: str = ""
    portrait_file: str = ""
    old_card: str = ""
    reason: str = ""
    new_portrait: bool | None = None
    remark: str = ""
    pictures: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return "Row()"


TEXTS = Row._fields[:-1]
"""The fields that are columns of the list: all but the pictures."""


def number_of(row: Row) -> str:
    """A row's number in the form numbers are kept in, if it is one."""
    return row.number.upper()
