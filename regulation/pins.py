"""Which new PIN is too easy to guess, by the name of the rule that refuses it.

A PIN is ASCII digits in a buffer of the caller's, who wipes it; nothing here keeps, copies to text
or prints it. Source: 规程 5, `pin_errors.csv` -36, F23; services.md 2.4 P5.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

STAR = ord("*")
KNOWN_OF_PART = 4
"""Digits of a masked telephone number that a PIN must have in common with it."""
_NONE: Mapping[str, str] = MappingProxyType({})


class Weakness(StrEnum):
    """The rules, in the order in which they are asked; a member is its name on the wire."""

    INITIAL = "initial"
    SAME_AS_OLD = "same_as_old"
    REPEATED = "repeated"
    SEQUENCE = "sequence"
    BIRTHDAY = "birthday"
    ID_PART = "id_part"
    CARD_PART = "card_part"
    PHONE_PART = "phone_part"


_PARTS = (Weakness.ID_PART, Weakness.CARD_PART)


def weakness(  # noqa: PLR0913 - what a PIN may be guessed from, each by its name
    pin: bytes | bytearray,
    *,
    initial: bytes | bytearray = b"",
    birth: date | None = None,
    numbers: Mapping[str, str] = _NONE,
    phone_masked: str = "",
    old: bytes | bytearray = b"",
) -> Weakness | None:
    """The first rule that refuses a PIN, or None; what is not known ("" or None) refuses nothing.

    `numbers`: the holder's numbers under the rule that a part of them breaks (`id_part`,
    `card_part`). `phone_masked`: a star stands for any digit, but four digits must be there to
    tell. `initial`, `old`: ASCII digits. ValueError, without the PIN, if it is no digits.
    """
    if not pin.isdigit():
        raise ValueError("a PIN is of digits")
    parts = {rule: numbers.get(rule, "").encode() for rule in _PARTS}
    refused = (
        (Weakness.INITIAL, pin == initial),
        (Weakness.SAME_AS_OLD, pin == old),
        (Weakness.REPEATED, _repeated(pin)),
        (Weakness.SEQUENCE, _sequence(pin)),
        (Weakness.BIRTHDAY, birth is not None and any(pin == way for way in _ways(birth))),
        *((rule, pin in number) for rule, number in parts.items()),
        (Weakness.PHONE_PART, _of_phone(pin, phone_masked.encode())),
    )
    return next((rule for rule, is_so in refused if is_so), None)


def _repeated(pin: bytes | bytearray) -> bool:
    """111111 and 121211: too few different digits; 123123: the same half twice."""
    half, odd = divmod(len(pin), 2)
    twice = not odd and all(pin[at] == pin[at + half] for at in range(half))
    return twice or 3 * len(set(pin)) <= len(pin)


def _sequence(pin: bytes | bytearray) -> bool:
    """345678 and 876543; after a 9 comes a 0, as on a row of keys."""
    return {(after - before) % 10 for before, after in pairwise(pin)} in ({1}, {9})


def _ways(birth: date) -> Iterator[bytes]:
    """The ways a birthday is written with digits alone, with and without its zeros."""
    month, day = f"{birth.month:02}", f"{birth.day:02}"
    bare = f"{birth.month}{birth.day}"
    yield from (month.encode() + day.encode(), day.encode() + month.encode())
    for year in (f"{birth.year:04}", f"{birth.year % 100:02}"):
        ends = (year, month + year, day + month + year, month + day + year)
        yield from (way.encode() for way in ends)
        starts = (year + month, year + bare, year + month + day)
        yield from (way.encode() for way in starts)


def _of_phone(pin: bytes | bytearray, phone: bytes) -> bool:
    size, known = len(pin), min(len(pin), KNOWN_OF_PART)
    for at in range(len(phone) - size + 1):
        part = phone[at : at + size]
        fits = all(mark in (STAR, digit) for mark, digit in zip(part, pin, strict=True))
        if fits and size - part.count(STAR) >= known:
            return True
    return False
