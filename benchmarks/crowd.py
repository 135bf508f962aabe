"""A crowd for a centre: as many people as wanted, nobody real (region 990001 is nobody's)."""

from collections.abc import Iterator
from datetime import date, timedelta

from regulation.people import CHECK_CHARACTERS, WEIGHTS

_FIRST = date(1940, 1, 1)
_DAYS = 60 * 365
_ORDERS = 1000


def numbers(count: int) -> Iterator[str]:
    """Possible numbers of adults, all different: birth date by birth date, then the next order.

    At most 21,900,000.
    """
    for i in range(count):
        order, day = divmod(i, _DAYS)
        if order >= _ORDERS:
            raise ValueError("there are no more numbers in this region")
        yield _checked(f"990001{_FIRST + timedelta(days=day):%Y%m%d}{order:03d}")


def names(count: int) -> Iterator[str]:
    """A name for each of them: 张甲 .. with two characters of a thousand."""
    for i in range(count):
        yield f"张{chr(0x4E00 + i % 1000)}{chr(0x4E00 + i // 1000 % 1000)}"


def _checked(digits: str) -> str:
    """The 17 digits with their check character (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + CHECK_CHARACTERS[total % 11]
