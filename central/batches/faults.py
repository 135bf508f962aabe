"""What can be wrong with a row of a list: a code, and the sentence a unit's clerk reads.

A sentence names the column and the cure, never the value that stands there.
"""

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field


class Fault(StrEnum):
    """A fault of a row; `zh` may name the `{field}` and another `{row}`."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """A member is its code; its sentence comes along."""
        fault = str.__new__(cls, value)
        fault._value_ = value
        fault.zh = zh
        return fault

    MISSING = "missing", "{field}没有填写，请补上"
    CHARACTERS = "characters", "{field}含有不能识别的字符，请改正"
    TOO_LONG = "too-long", "{field}太长，请缩短"
    NOT_A_CHOICE = "not-a-choice", "{field}不是可选的内容，请按模板说明填写"
    PAPER_NOT_TAKEN = "paper-not-taken", "批量办理只收居民身份证和户口簿，其他证件请本人单独申领"
    ADULT_PAPER = "adult-paper", "成年人请填居民身份证"
    LENGTH = "length", "证件号码应为18位，请补全"
    FIFTEEN_DIGITS = "fifteen-digits", "15位老号码已停用，请填18位号码"
    BIRTH = "birth", "证件号码中的出生日期不正确，请核对"
    CHECK_CHARACTER = "check-character", "证件号码的末位校验不符，请逐位核对"
    DIFFERS = "differs", "{field}与证件号码不一致，请核对"
    DATE = "date", "{field}应为8位日期（年月日）或“长期”"
    EXPIRED = "expired", "证件已过有效期，请换证后再申领"
    PHONE = "phone", "手机应为11位号码，或023开头的座机"
    GUARDIAN = "guardian", "监护人应为成年人，且不是本人，请核对"
    TWICE = "twice", "证件号码与第{row}行重复，请删去一行"
    PICTURE_MISSING = "picture-missing", "缺少{field}影像，请补上"
    PICTURE_NOT_ARRIVED = "picture-not-arrived", "{field}影像没有传到，请重新上传"
    PERSON_UNKNOWN = "person-unknown", "未查到此人，请核对姓名和证件号码"
    NOT_INSURED = "not-insured", "此人没有参保登记，请先办理参保"
    HAS_CARD = "has-card", "此人已有社保卡，请删去这一行；需要补换的另行办理"
    NO_CARD = "no-card", "此人没有社保卡，请删去这一行，走批量新办卡"
    NOT_THEIR_CARD = "not-their-card", "原卡号不是此人的社保卡，请核对"
    IN_BATCH = "in-batch", "此人已在另一个批次中，请删去这一行"
    APPLICATION_OPEN = "application-open", "此人正在个人申领，请删去这一行"
    NOT_TO_MAKE = "not-to-make", "名单里没有这个序号，或这张卡不用再制"
    NOT_THE_LISTS = "not-the-lists", "{field}与制卡清单不一致，请核对"
    REPEATED = "repeated", "{field}与第{row}行重复，请核对"
    USED = "used", "{field}已经用过，请核对"


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
"""How the template names the fields (services.md 6)."""


class RowFault(BaseModel):
    """One thing to mend: the row of the list, counted from 1, the field, what to do."""

    row: int = Field(ge=1)
    field: str
    code: str
    message: str = Field(description="Chinese; names the cure, never what stands in the row")
    other: int = Field(default=0, ge=0, description="the row that says the same; 0 for none")


def fault(row: int, field: str, what: Fault, other: int = 0) -> RowFault:
    """A fault of a row's field; `other` is the row that says the same."""
    words = what.zh.format(field=FIELDS[field], row=other)
    return RowFault(row=row, field=field, code=what.value, message=words, other=other)
