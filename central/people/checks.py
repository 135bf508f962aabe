"""What a person's number, name and phone must be; each gives the one form it is kept in.

For validators: a `ValueError` says what to write, never what was written.
"""

import re
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationInfo

from regulation.names import check_name
from regulation.papers import Paper, check_number
from regulation.people import check_phone

_CITIZEN = re.compile(r"\d{17}[0-9Xx]")
_OTHERS = (Paper.HMT_PERMIT, Paper.PASSPORT, Paper.MILITARY_OFFICER)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The validation context: the day a birth date may not be after."""

    today: date


def id_number(value: object, info: ValidationInfo) -> str:
    """An ID number (GB 11643), or that of a permit, passport or officer's card."""
    if not isinstance(info.context, AsOf):
        raise TypeError("validate with context=AsOf(today)")
    today = info.context.today
    if isinstance(value, str):
        text = value.strip()
        kinds = (Paper.RESIDENT_ID,) if _CITIZEN.fullmatch(text) else _OTHERS
        for kind in kinds:
            number = check_number(kind, text, today)
            if isinstance(number, str):
                return number
    raise ValueError(
        "is no possible number of an ID card, permit, passport or officer's card: correct it"
    )


def name(value: object) -> str:
    """A name as it stands on the paper."""
    if isinstance(value, str) and isinstance(checked := check_name(value), str):
        return checked
    raise ValueError("is no possible name: correct it")


def phone(value: object) -> str:
    """A mobile number, 023 and eight digits, or nothing."""
    if value == "":
        return ""
    if isinstance(value, str) and isinstance(checked := check_phone(value), str):
        return checked
    raise ValueError('is no possible phone number: correct it, or write "" for none')
