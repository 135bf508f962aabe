"""Personal data as slips, screens and the window's lists may show it.

A star stands for one hidden character, but an address ends in five whatever its length.
"""

import re

ADDRESS_STARS = "*****"
DISTRICT = r"(?:[^市]{2,8}市)?[^区县]{1,14}?(?:自治县|区|县)"
TOWN = r"[^0-9０-９号巷]{1,10}?(?:街道|镇|乡)"


def mask_name(name: str) -> str:
    """王* of two characters, 张*三 of three and more: the first, and the last from three on."""
    text = name.strip()
    if len(text) < 3:
        return text[:1] + "*" if len(text) == 2 else "*" * len(text)
    return _keep(text, 1, 1)


def mask_number(number: str) -> str:
    """A paper's number: up to 3 first and 4 last of an ID number, fewer of a shorter one.

    Never more than half of it: a quarter at each end.
    """
    text = number.strip()
    quarter = len(text) // 4
    return _keep(text, min(3, quarter), min(4, quarter))


def mask_phone(phone: str) -> str:
    """138****1234 of a mobile number, 023-****1234 of a landline."""
    if phone.startswith("023-"):
        return _keep(phone, 4, 4)
    return _keep(phone, 3, 4) if len(phone) == 11 else mask_number(phone)


def mask_card(number: str) -> str:
    """The last four of a card number."""
    return _keep(number, 0, 4) if len(number) > 4 else "*" * len(number)


def mask_address(address: str) -> str:
    """Down to the street or town (渝北区龙溪街道*****), else to the district, else nothing."""
    known = re.match(f"({DISTRICT})({TOWN})?", address.strip())
    return (known[0] if known else "") + ADDRESS_STARS


def mask_text(text: str) -> str:
    """A sentence in which every ID number and every telephone number is masked."""
    text = re.sub(r"(?<![0-9])[0-9]{17}[0-9Xx]", lambda found: mask_number(found[0]), text)
    return re.sub(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", lambda found: mask_phone(found[0]), text)


def _keep(text: str, first: int, last: int) -> str:
    hidden = max(0, len(text) - first - last)
    return text[:first] + "*" * hidden + text[len(text) - last :]
