"""Voucher numbers, and the codes of requests whose number is not known yet."""

import re
from datetime import date

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(text: str) -> str:
    """The check character of ISO 7064 MOD 37,36 over the letters and digits of a text."""
    product = 36
    for character in text.upper():
        if character in ALPHABET:
            product = (product + ALPHABET.index(character)) % 36 or 36
            product = product * 2 % 37
    return ALPHABET[(37 - product) % 36]


def voucher_number(kiosk: str, day: date, sequence: int) -> str:
    """`CQ-0017-20261123-0042-?`: kiosk (4 letters or digits), day, 1..9999 of that day, check.

    Raises ValueError for a kiosk or a sequence that does not fit.
    """
    if not re.fullmatch(r"[0-9A-Z]{4}", kiosk):
        raise ValueError("a kiosk id is four digits or capital letters")
    if not 1 <= sequence <= 9999:
        raise ValueError("a kiosk gives the numbers 1 to 9999 a day; use another kiosk id")
    body = f"CQ-{kiosk}-{day:%Y%m%d}-{sequence:04}"
    return f"{body}-{check_character(body)}"


def is_voucher_number(text: str) -> bool:
    """Whether a text is a voucher number: its form, a real day, a number from 1, the check."""
    found = re.fullmatch(r"CQ-([0-9A-Z]{4})-([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{4})-.", text)
    if found is None:
        return False
    kiosk, year, month, day, sequence = found.groups()
    try:
        return text == voucher_number(kiosk, date(int(year), int(month), int(day)), int(sequence))
    except ValueError:
        return False


def query_code(key: str) -> str:
    """A code of 8 and a check character for a request's key: short enough to read to a clerk."""
    short = "".join(character for character in key.upper() if character in ALPHABET)[:8]
    return f"{short[:4]}-{short[4:]}-{check_character(short)}"
