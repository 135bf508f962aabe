"""People nobody has, and the search for them in whatever a program leaves: in any way of writing."""

import base64
import gzip
import json
import re

from tests.faults.at_slot import NEW, OLD

NAME, NAME_2 = "鸩㸃龘", "欧阳䶮犇"
PINYIN = ("zhen dian da", "zhendianda", "ouyang yan ben", "ouyangyanben")
NUMBER, NUMBER_2 = "990001197707070078", "990001197909090114"
PHONE, CARD, BANK_CARD = "19900007777", "A90007777", "6222990007777000777"
ADDRESS, ISSUER = "重庆市渝北区金丝雀巷七号", "金丝雀公安局"
PIN, NEW_PIN = OLD, NEW  # of a card whose PIN is changed at a real slot, too

TEXTS = (NAME, NAME_2, *PINYIN, NUMBER, NUMBER_2, PHONE, CARD, BANK_CARD, ADDRESS, ISSUER)
PINS = (PIN, NEW_PIN)
ALL = (*TEXTS, *PINS)

CHARACTER_SETS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
SHORTEST = 6
"""Bytes that are not there by chance."""


def needles(text):
    """The ways in which a text may be written, as lower-case bytes."""
    plain = {text.encode(name) for name in CHARACTER_SETS}
    found = set(plain) | {json.dumps(text)[1:-1].encode(), text.encode("unicode_escape")}
    found |= {data.hex().encode() for data in plain}
    for data in plain:
        for shift in range(3):  # wherever it stands among the three bytes of a group
            whole = base64.b64encode(bytes(shift) + data)
            first, last = -(-shift * 8 // 6), (shift + len(data)) * 8 // 6
            found |= {whole[first:last], whole[first:last].translate(bytes.maketrans(b"+/", b"-_"))}
    return {needle.lower() for needle in found if len(needle) >= SHORTEST}


NEEDLES = {text: needles(text) for text in TEXTS}
PIN_ALONE = re.compile(rb"(?<![0-9a-z_-])(?:%s)(?![0-9a-z_-])" % "|".join(PINS).encode())
"""A PIN among digits and letters is chance: a hash has such."""
PIN_NEEDLES = {pin: {each for each in needles(pin) if len(each) > len(pin)} for pin in PINS}


def found(data):
    """The canaries that stand in bytes, or in a text."""
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    low = data.lower()
    there = {text for text, ways in NEEDLES.items() if any(way in low for way in ways)}
    there |= {pin for pin, ways in PIN_NEEDLES.items() if any(way in low for way in ways)}
    return there | {each.decode() for each in PIN_ALONE.findall(low)}


def left_in(folder):
    """The canaries that stand in any file of a folder or in its name, by the file."""
    there = {}
    for path in folder.rglob("*"):
        names = found(str(path.relative_to(folder)))
        if path.is_file():
            data = path.read_bytes()
            packed = path.suffix == ".gz"
            names |= found(data) | (found(gzip.decompress(data)) if packed else set())
        if names:
            there[path.name] = names
    return there
