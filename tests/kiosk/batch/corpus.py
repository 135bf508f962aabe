"""Seeded faults: what is spoilt in a clean row, and what has to be said of it, and nothing else."""

import struct
import zlib
from dataclasses import dataclass, field

import cv2
import numpy as np

from deploy.card_lists import GUARDIAN, HEAD, picture
from deploy.pictures import png

AT = {name: place for place, name in enumerate(HEAD)}
MINOR = "500103201011230033"
"""A number of somebody who is sixteen."""


@dataclass(frozen=True)
class Spoilt:
    """Cells and pictures (by ending; None takes one away) to be put in; what is to be found."""

    found: set
    cells: dict = field(default_factory=dict)
    pictures: dict = field(default_factory=dict)
    minor: bool = False


def cells(field_, code, minor=False, **told):
    return Spoilt({(field_, code)}, told, minor=minor)


def shown(field_, code, ending, data, minor=False):
    return Spoilt({(field_, code)}, pictures={ending: data}, minor=minor)


def jpeg(bgr, quality=90):
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def array(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


FACE = array(picture("portrait", 99))
PAGE = array(picture("id_front", 99))
BLUE = np.where(FACE.min(axis=2, keepdims=True) > 225, np.uint8([200, 110, 40]), FACE)
NOISE = np.random.default_rng(7).integers(0, 255, (1400, 1800, 3), np.uint8)
_HEADER = b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
_SMALL = png()
HUGE_PNG = _SMALL[:12] + _HEADER + struct.pack(">I", zlib.crc32(_HEADER)) + _SMALL[33:]
"""Says in its header that it unfolds to 10 GB."""

CORPUS = {
    "no name": cells("name", "missing", 姓名=""),
    "a digit in the name": cells("name", "characters", 姓名="张3"),
    "a name no card holds": cells("name", "too-long", 姓名="张" * 26),
    "an ideographic space in the name": cells("name", "characters", 姓名="张\u3000三"),
    "no paper": cells("paper", "missing", 证件类型=""),
    "a passport": cells("paper", "paper-not-taken", 证件类型="护照"),
    "an adult's household book": cells("paper", "adult-paper", 证件类型="户口簿"),
    "no number": cells("number", "missing", 证件号码=""),
    "a digit too few": cells("number", "length", 证件号码="1101051949123100X"),
    "an old number": cells("number", "fifteen-digits", 证件号码="110105491231002"),
    "a day that is none": cells("number", "birth", 证件号码="110105194902300023"),
    "a wrong last digit": cells("number", "check-character", 证件号码="110105194912310021"),
    "a letter in the number": cells("number", "characters", 证件号码="1101051949123100O2"),
    "a number kept as a number": cells("number", "lost-digits", 证件号码=110105194912310021),
    "another sex": cells("sex", "differs", 性别="?"),
    "a sex that is none": cells("sex", "not-a-choice", 性别="未知"),
    "no group": cells("ethnicity", "missing", 民族=""),
    "an unknown group": cells("ethnicity", "not-a-choice", 民族="火星族"),
    "a birth without a day": cells("birth", "date", 出生日期="194912"),
    "another birth": cells("birth", "differs", 出生日期="19491230"),
    "no last day": cells("valid_to", "missing", 证件有效期止=""),
    "a strange last day": cells("valid_to", "date", 证件有效期止="永远"),
    "yesterday": cells("valid_to", "expired", 证件有效期止="20261127"),
    "no phone": cells("phone", "missing", 手机=""),
    "a short phone": cells("phone", "phone", 手机="1380013800"),
    "no address": cells("address", "missing", 联系地址=""),
    "an unseen mark in the address": cells("address", "characters", 联系地址="路\u202e1号"),
    "an endless address": cells("address", "too-long", 联系地址="路" * 201),
    "no bank": cells("bank", "missing", 制卡银行=""),
    "a bank that is not among them": cells("bank", "not-a-choice", 制卡银行="外星银行"),
    "an adult said to be a minor": cells("minor", "differs", 是否未成年="是"),
    "neither yes nor no": cells("minor", "yes-no", 是否未成年="也许"),
    "no guardian's name": cells("guardian_name", "missing", True, 监护人姓名=""),
    "no guardian's number": cells("guardian_number", "missing", True, 监护人证件号=""),
    "a guardian's wrong digit": cells(
        "guardian_number", "check-character", True, 监护人证件号=GUARDIAN[1][:17] + "0"
    ),
    "a guardian of sixteen": cells("guardian_number", "guardian", True, 监护人证件号=MINOR),
    "the guardian is the child": cells("guardian_number", "guardian", True, 监护人证件号="self"),
    "a path as the portrait's name": Spoilt(
        {("portrait_file", "file-name"), ("portrait", "picture-missing")},
        {"照片文件名": "../../etc/passwd"},
    ),
    "a portrait's name that no file has": cells(
        "portrait", "picture-missing", 照片文件名="没有这个文件.jpg"
    ),
    "no portrait": shown("portrait", "picture-missing", "", None),
    "no back": shown("id_back", "picture-missing", "_B", None),
    "no page of changes": shown("household_changes", "picture-missing", "_H2", None, True),
    "a portrait that breaks off": shown("portrait", "picture-unreadable", "", jpeg(FACE)[:9000]),
    "a portrait that is a text": shown("portrait", "picture-unreadable", "", b"not a picture"),
    "an empty file": shown("id_front", "picture-unreadable", "_A", b""),
    "a picture of three thousand megapixels": shown(
        "id_front", "picture-too-large", "_A", HUGE_PNG
    ),
    "a file over two megabytes": shown("id_front", "picture-too-large", "_A", jpeg(NOISE, 95)),
    "a stamp for a portrait": shown(
        "portrait", "picture-too-small", "", jpeg(cv2.resize(FACE, (120, 148)))
    ),
    "a landscape": shown("portrait", "picture-shape", "", jpeg(cv2.resize(FACE, (600, 441)))),
    "a blue background": shown("portrait", "picture-background", "", jpeg(BLUE)),
    "a dark portrait": shown("portrait", "picture-dark", "", jpeg(FACE // 6)),
    "a washed-out portrait": shown("portrait", "picture-bright", "", jpeg(245 + FACE // 32)),
    "a blurred portrait": shown(
        "portrait", "picture-blurred", "", jpeg(cv2.GaussianBlur(FACE, (0, 0), 24))
    ),
    "a tiny scan": shown("id_back", "picture-too-small", "_B", jpeg(cv2.resize(PAGE, (300, 190)))),
    "a blank page": shown(
        "household_page", "picture-blurred", "_H1", jpeg(np.full_like(PAGE, 255)), True
    ),
}


def spoil(row, spoilt):
    """The row with the spoilt cells."""
    row = list(row)
    others = {"?": "女" if row[AT["性别"]] == "男" else "男", "self": row[AT["证件号码"]]}
    for name, value in spoilt.cells.items():
        row[AT[name]] = others.get(value, value)
    return row
