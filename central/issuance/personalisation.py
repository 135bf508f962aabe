"""What a case's card is to hold: the texts of the chip's records, and their digest.

The rows are those of LD/T 32 (docs/devices/social_card.md): EF05 02 to 07, EF06 08 to 0D and 4E.
The centre has them of its own, for it may not know the hardware.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from central.applications.records import Application
from central.people.records import Person
from central.problems import Kind, ProblemError
from regulation.nations import code_of
from regulation.papers import CITIZEN_NUMBERED
from regulation.people import IdNumber, check_id_number

VERSION, KIND = "3.00", "3"
_VALID_YEARS = 10
_NAME_BYTES = 50  # 09 has 30, 4E 20; a character may begin in the one and end in the other
_SEXES = {"1": "1", "男": "1", "male": "1", "2": "2", "女": "2", "female": "2"}


@dataclass(frozen=True, slots=True)
class Row:
    """A record's text: what it has to look like, and how a clerk calls it."""

    form: re.Pattern[str]
    zh: str


ROWS = {
    "card_number": Row(re.compile(r"[A-Z][0-9]{8}"), "卡号"),  # EF05 07, an9
    "social_number": Row(re.compile(r"[0-9A-Z]{1,18}"), "社会保障号码"),  # EF06 08, an18
    "name": Row(re.compile(r"[^\0]+", re.DOTALL), "姓名"),  # EF06 09 and 4E
    "sex": Row(re.compile(r"[0129]?"), "性别"),  # EF06 0A, GB/T 2261.1
    "nation": Row(re.compile(r"([0-9]{2})?"), "民族"),  # EF06 0B, GB/T 3304
    "birthplace": Row(re.compile(r"([0-9]{6})?"), "出生地"),  # EF06 0C, GB/T 2260
    "born": Row(re.compile(r"([0-9]{8})?"), "出生日期"),  # EF06 0D
    "issuer": Row(re.compile(r"[0-9]{1,24}"), "初始化机构编号"),  # EF05 04, cn12
    "issued": Row(re.compile(r"[0-9]{8}"), "发卡日期"),  # EF05 05
    "expires": Row(re.compile(r"[0-9]{8}"), "卡有效期"),  # EF05 06
    "version": Row(re.compile(r"3\.[0-9]{2}"), "规范版本"),  # EF05 03
    "kind": Row(re.compile(r"[0-9A-Z]"), "卡的类别"),  # EF05 02
}


def texts_of(
    case: Application, person: Person, card_number: str, region: str, today: date
) -> dict[str, str]:
    """The texts for a case's card. Raises `CARD_DATA_IMPOSSIBLE`, which names the row alone."""
    paper = case.applicant
    citizen = _citizen(paper["paper"], case.number, today)
    told = _SEXES.get(str(paper.get("sex")).strip().lower(), "")
    birth = str(paper.get("birth") or "").replace("-", "")
    texts = {
        "card_number": card_number,
        "social_number": person.id_number,
        "name": person.name,
        "sex": citizen.sex.value if citizen else told,
        "nation": code_of(paper.get("ethnicity")),
        "birthplace": person.id_number[:6] if citizen else "",
        "born": f"{citizen.birth:%Y%m%d}" if citizen else birth,
        "issuer": f"9156000002{region}{region[:4]}",  # after the specimen's 91560000023303003303
        "issued": f"{today:%Y%m%d}",
        "expires": f"{_years_on(today):%Y%m%d}",
        "version": VERSION,
        "kind": KIND,
    }
    _check(texts)
    return texts


def digest(texts: Mapping[str, str], identifier: str) -> str:
    """SHA-256 over the texts and the 卡识别码 (`card_id`, upper case) as canonical JSON, in hex.

    Sorted keys, no spaces, UTF-8: the station makes the same of what it read back.
    """
    whole = {**texts, "card_id": identifier.upper()}
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _citizen(paper: str, number: str, today: date) -> IdNumber | None:
    if paper not in CITIZEN_NUMBERED:
        return None
    found = check_id_number(number, today)
    return found if isinstance(found, IdNumber) else None


def _years_on(today: date) -> date:
    """The same day in ten years; of a 29 February the day before."""
    try:
        return today.replace(year=today.year + _VALID_YEARS)
    except ValueError:
        return today.replace(year=today.year + _VALID_YEARS, day=28)


def _check(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if not ROWS[name].form.fullmatch(text) or (name == "name" and not _fits(text)):
            raise ProblemError(
                Kind.CARD_DATA_IMPOSSIBLE,
                f"A card cannot hold its {name}.",
                reason_zh=f"卡内{ROWS[name].zh}无法写入，请核对后更正",
            )


def _fits(name: str) -> bool:
    try:
        return len(name.encode("gb18030")) <= _NAME_BYTES
    except UnicodeEncodeError:
        return False
