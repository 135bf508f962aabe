"""What can be wrong with a row of a list: a code, and the sentence a unit's clerk reads.

A sentence names the column and the cure, never the value that stands there.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from regulation.card_list.rows import FIELDS


class Fault(StrEnum):
    """A fault of a row; `zh` may name the `{field}` and another `{row}`."""

    zh: str

    def __new__(cls, value: str, zh: str) -> Self:
        """A member is its code; its sentence comes along."""
        fault = str.__new__(cls, value)
        fault._value_ = value
        fault.zh = zh
        return fault

    # of the cells, before they are a row
    MERGED = "merged", "这一行有合并的单元格，请取消合并后逐行填写"
    EMPTY_ROW = "empty-row", "这一行是空行，请删去"
    ROW_TOO_LONG = "row-too-long", "这一行比表头长，请核对"
    LOST_DIGITS = "lost-digits", "{field}存成了数字，末几位已丢失，请把这一列设为文本后重新填写"
    CELL_ERROR = "cell-error", "{field}的公式没有算出结果，请直接填写内容"
    YES_NO = "yes-no", "{field}只能填“是”或“否”"
    # of the row by itself
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
    # of its pictures
    FILE_NAME = "file-name", "{field}里不能有斜杠等路径符号，请只写文件名"
    PICTURE_MISSING = "picture-missing", "缺少{field}影像，请补上"
    PICTURE_TWO_FILES = "picture-two-files", "{field}有两个同名的文件，请只留一个"
    PICTURE_TOO_LARGE = "picture-too-large", "{field}文件太大，请压缩到2MB以内"
    PICTURE_UNREADABLE = "picture-unreadable", "{field}打不开，请重新存为JPG图片"
    PICTURE_TOO_SMALL = "picture-too-small", "{field}太小看不清，请换清晰的图片"
    PICTURE_SHAPE = "picture-shape", "{field}应为竖版一寸证件照，请裁剪后再交"
    PICTURE_DARK = "picture-dark", "{field}太暗，请换一张"
    PICTURE_BRIGHT = "picture-bright", "{field}太亮，请换一张"
    PICTURE_BLURRED = "picture-blurred", "{field}模糊，请换一张清晰的"
    PICTURE_BACKGROUND = "picture-background", "{field}应为白色背景，请换一张"
    PICTURE_REPEATED = "picture-repeated", "{field}与第{row}行的图片是同一张，请换成本人的"
    PICTURE_CHANGED = "picture-changed", "{field}在检查以后被改动过，请重新检查"
    PICTURE_NOT_ARRIVED = "picture-not-arrived", "{field}影像没有传到，请重新上传"
    # of the person, as the centre knows them
    PERSON_UNKNOWN = "person-unknown", "未查到此人，请核对姓名和证件号码"
    NOT_INSURED = "not-insured", "此人没有参保登记，请先办理参保"
    HAS_CARD = "has-card", "此人已有社保卡，请删去这一行；需要补换的另行办理"
    NO_CARD = "no-card", "此人没有社保卡，请删去这一行，走批量新办卡"
    NOT_THEIR_CARD = "not-their-card", "原卡号不是此人的社保卡，请核对"
    IN_BATCH = "in-batch", "此人已在另一个批次中，请删去这一行"
    APPLICATION_OPEN = "application-open", "此人正在个人申领，请删去这一行"
    NOT_PASSED = "not-passed", "系统没有通过这一行，请到窗口核对"
    # of the maker's results
    NOT_TO_MAKE = "not-to-make", "名单里没有这个序号，或这张卡不用再制"
    NOT_THE_LISTS = "not-the-lists", "{field}与制卡清单不一致，请核对"
    REPEATED = "repeated", "{field}与第{row}行重复，请核对"
    USED = "used", "{field}已经用过，请核对"


UNKNOWN_COLUMN = "有模板以外的列，请按模板的列名填写"
REPEATED_COLUMN = "有重复的列，请删去一列"

Found = tuple[str, Fault]
"""A field of `FIELDS`, "" for the whole row, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing to mend: the row of the list, from 1, the field, what to do.

    `other` is the row that says the same, 0 for none. Holds nothing of the person.
    """

    row: int
    field: str
    what: Fault
    other: int = 0

    @property
    def message(self) -> str:
        """The sentence, in Chinese."""
        return self.what.zh.format(field=FIELDS.get(self.field, ""), row=self.other)
