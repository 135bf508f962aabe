"""Citizens by their numbers: GB 11643 numbers, ages, validity of a paper, telephone numbers.

Days are local days (Asia/Shanghai) given by the caller; nothing here asks a clock.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from operator import mul

from regulation.problem import Problem, ProblemKind

LONG_TERM = "长期"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, ISO 7064 MOD 11-2
CHECK_CHARACTERS = "10X98765432"
EARLIEST_BIRTH = date(1900, 1, 1)
HMT_REGIONS = ("810000", "820000", "830000")


class Sex(StrEnum):
    """Sex as the number tells it; the codes of GB/T 2261.1."""

    MALE = "1"
    FEMALE = "2"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A citizen number (公民身份号码) that is possible: 18 characters, X in upper case."""

    number: str = field(repr=False)
    birth: date = field(repr=False)
    sex: Sex = field(repr=False)

    @property
    def of_residence_permit(self) -> bool:
        """Whether it stands on a residence permit of Hong Kong, Macao or Taiwan (港澳台居民居住证).

        规程 1.1.1 names the travel permit, not this paper (reading A18).
        """
        return self.number.startswith(HMT_REGIONS)


def check_id_number(text: str, today: date) -> IdNumber | Problem:
    """The number with its birth date and sex, or what is wrong with it.

    18 digits, the last may be X or x; a real birth date from 1900 to today; the check character.
    Old numbers of 15 digits are refused. A region code is not looked up: old ones stay in use.
    Source: GB 11643-1999; 规程 1.1.1.
    """
    number = text.strip().upper()
    if problem := _shape(number):
        return Problem(problem)
    birth = _date(number[6:14])
    if birth is None or not EARLIEST_BIRTH <= birth <= today:
        return Problem(ProblemKind.BIRTH)
    if check_character(number[:17]) != number[17]:
        return Problem(ProblemKind.CHECK_CHARACTER)
    return IdNumber(number, birth, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_character(digits: str) -> str:
    """The check character of 17 digits (GB 11643: weights, sum modulo 11)."""
    total = sum(map(mul, map(int, digits), WEIGHTS))  # thrice as fast as zip: lists are long
    return CHECK_CHARACTERS[total % 11]


def age_on(birth: date, day: date) -> int:
    """Full years at the local day; negative before birth.

    A 29 February counts on 1 March in common years.
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_minor(birth: date, day: date, minor_age: int = 18) -> bool:
    """Whether someone is a minor (未成年人): younger than `minor_age` (reading A17)."""
    return age_on(birth, day) < minor_age


def counts_as_minor(birth: date, day: date, minor_age: int = 18) -> bool:
    """Whether a minor's papers serve: for a minor, and on the birthday itself (reading A17)."""
    return is_minor(birth, day - timedelta(days=1), minor_age)


def counts_as_adult(birth: date, day: date, minor_age: int = 18) -> bool:
    """Whether an adult's papers serve: from the birthday on (reading A17)."""
    return not is_minor(birth, day, minor_age)


def check_valid_until(text: str) -> date | Problem:
    """The last day of validity from `YYYYMMDD`, `YYYY-MM-DD` or 长期 (which is `date.max`)."""
    if text.strip() == LONG_TERM:
        return date.max
    return _date(text.strip().replace("-", "")) or Problem(ProblemKind.DATE)


def is_valid_on(valid_until: str, day: date, accept_expired_days: int = 0) -> bool:
    """Whether a paper is valid: through its last day, and some days more by reading A26.

    A text that is no date is not valid.
    """
    end = check_valid_until(valid_until)
    return isinstance(end, date) and day - timedelta(days=accept_expired_days) <= end


def is_mobile(text: str) -> bool:
    """Whether it is a mobile number: 11 digits, 13 to 19 first."""
    return re.fullmatch(r"1[3-9][0-9]{9}", text) is not None


def check_phone(text: str) -> str | Problem:
    """A mobile number (11 digits) or a Chongqing landline (`023-` and 8 digits), normalised."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits:
        return Problem(ProblemKind.EMPTY)
    if is_mobile(digits):
        return digits
    if re.fullmatch(r"023[0-9]{8}", digits):
        return f"{digits[:3]}-{digits[3:]}"
    return Problem(ProblemKind.FORMAT)


def _shape(number: str) -> ProblemKind | None:
    if not number:
        return ProblemKind.EMPTY
    if re.fullmatch(r"[0-9]{15}", number):
        return ProblemKind.FIFTEEN_DIGITS
    if len(number) != 18:
        return ProblemKind.LENGTH
    return None if re.fullmatch(r"[0-9]{17}[0-9X]", number) else ProblemKind.CHARACTERS


def _date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
