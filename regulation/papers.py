"""Identity papers (证件): their ids, their names, and the form of their numbers."""

import re
from datetime import date
from enum import StrEnum
from typing import Self

from regulation.people import IdNumber, check_id_number
from regulation.problem import Problem, ProblemKind


class Paper(StrEnum):
    """An identity paper, by its id in `config/rules.toml`.

    The last three are named by no clause: they are refused unless `extra_docs` lists them (A18).
    """

    zh: str
    en: str

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        """A member is its id; its names come along."""
        paper = str.__new__(cls, value)
        paper._value_ = value
        paper.zh, paper.en = zh, en
        return paper

    RESIDENT_ID = "resident_id", "身份证", "resident identity card"
    HMT_PERMIT = (
        "hmt_permit",
        "港澳台居民来往内地通行证",
        "mainland travel permit (HK/Macao/Taiwan)",
    )
    PASSPORT = "passport", "护照", "passport"
    MILITARY_OFFICER = "military_officer", "军官证", "military officer's card"
    HOUSEHOLD_REGISTER = "household_register", "户口簿", "household register"
    SS_CARD = "ss_card", "社保卡", "social security card"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit", "港澳台居民居住证", "HMT residence permit"
    FOREIGN_RESIDENCE_CARD = (
        "foreign_residence_card",
        "外国人永久居留身份证",
        "foreign permanent resident ID card",
    )
    TEMPORARY_ID = "temporary_id", "临时身份证", "temporary identity card"


CITIZEN_NUMBERED = frozenset(
    {Paper.RESIDENT_ID, Paper.HOUSEHOLD_REGISTER, Paper.HMT_RESIDENCE_PERMIT, Paper.TEMPORARY_ID}
)
"""Papers whose number is the citizen number of GB 11643."""

HONG_KONG_MACAO = r"[HM][0-9]{8}([0-9]{2})?"  # letter, 8 digits for life, 2 of the renewal
TAIWAN = r"[0-9]{8}([0-9]{2})?"
FORMS = {
    Paper.HMT_PERMIT: f"{HONG_KONG_MACAO}|{TAIWAN}",
    Paper.PASSPORT: r"[A-Z0-9]{5,17}",
    Paper.SS_CARD: r"[A-Z0-9]{9}",  # LD/T 32 file EF05, field 07: docs/devices
    Paper.FOREIGN_RESIDENCE_CARD: r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]",
}
CHINESE_PASSPORT = r"E[0-9A-HJ-NP-Z][0-9]{7}|[GDSP][0-9]{8}|1[45][0-9]{7}"
OFFICER_CARD = r"[0-9A-Za-z\u4e00-\u9fff()（）〔〕\[\] -]{4,30}"
"""Free text such as 字第…号: no format is published, so only charset and length are looked at."""


def check_number(paper: Paper, text: str, today: date) -> str | Problem:
    """The number of a paper, normalised: upper case, no spaces; or what is wrong with it.

    `today` bounds the birth date in a citizen number. Source: 规程 1.1.1 for the papers; the forms
    are those in public use, there is no single standard of them.
    """
    if paper in CITIZEN_NUMBERED:
        number = check_id_number(text, today)
        return number.number if isinstance(number, IdNumber) else number
    if paper is Paper.MILITARY_OFFICER:
        return _officer_card(text)
    bare = "".join(text.split()).upper()
    if not bare:
        return Problem(ProblemKind.EMPTY)
    return bare if re.fullmatch(FORMS[paper], bare) else Problem(ProblemKind.FORMAT)


def is_chinese_passport(number: str) -> bool:
    """Whether a normalised number has the form of a passport of China."""
    return re.fullmatch(CHINESE_PASSPORT, number) is not None


def _officer_card(text: str) -> str | Problem:
    bare = " ".join(text.split())
    if not bare:
        return Problem(ProblemKind.EMPTY)
    if not 4 <= len(bare) <= 30:
        return Problem(ProblemKind.LENGTH)
    return bare if re.fullmatch(OFFICER_CARD, bare) else Problem(ProblemKind.CHARACTERS)
