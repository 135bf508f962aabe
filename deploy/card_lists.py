"""Lists of people nobody is, with pictures: what tests, benchmarks and demonstrations hand in.

The same `seed` gives the same people. Region 990001 is nobody's.
"""

import csv
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import openpyxl

from regulation.people import check_character

HEAD = (
    "序号", "姓名", "证件类型", "证件号码", "性别", "民族", "出生日期", "证件有效期止", "手机",
    "联系地址", "制卡银行", "是否未成年", "监护人姓名", "监护人证件号", "照片文件名", "备注",
)  # fmt: skip
"""As services.md 6 has them."""

STICK = "stick"
"""The folder of a clerk's stick, in the folder of the stage."""

TODAY = date(2026, 11, 28)
GUARDIAN = ("刘强", "50010319850612019X")
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂英华玉兰梅红波宁燕琴"
_RARE = ("阿依古丽·买买提", "王䶮", "欧阳𬀩", "㼆小雨")
_GROUPS = ("汉族", "土家族", "苗族", "回族", "汉")
_BANKS = ("重庆农村商业银行", "重庆银行", "中国工商银行", "中国银行")
_OLDEST, _YOUNGEST = date(1955, 1, 1), date(2019, 12, 31)
_EIGHTEEN_DAYS = 6575

Cells = list[str]
_GRAINS = 16


def number_of(birth: date, order: int) -> str:
    """A number of a birth date and an order of 0 to 999 (odd are men)."""
    digits = f"990001{birth:%Y%m%d}{order:03}"
    return digits + check_character(digits)


def people(count: int, seed: int = 1, minors: float = 0.1) -> Iterator[Cells]:
    """So many rows without a fault, in the order of `HEAD`; every number once."""
    chance = random.Random(seed)  # noqa: S311 - people to test with, not secrets
    days, adults = (_YOUNGEST - _OLDEST).days, (TODAY - _OLDEST).days - _EIGHTEEN_DAYS - 1
    seen = set[tuple[date, int]]()
    for i in range(count):
        minor = chance.random() < minors
        at = chance.randrange(adults + 400, days) if minor else chance.randrange(adults)
        birth, order = _OLDEST + timedelta(days=at), chance.randrange(1000)
        while (birth, order) in seen:
            order = (order + 1) % 1000
        seen.add((birth, order))
        yield _person(i, birth, order, chance, minor=minor)


def _person(i: int, birth: date, order: int, chance: random.Random, *, minor: bool) -> Cells:
    name = chance.choice(_FAMILY) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2))))
    if chance.random() < 0.01:  # noqa: PLR2004
        name = chance.choice(_RARE)
    return [
        str(i + 1),
        name,
        "户口簿" if minor else chance.choice(("身份证", "居民身份证")),
        number_of(birth, order),
        "男" if order % 2 else "女",
        chance.choice(_GROUPS),
        f"{birth:%Y%m%d}",
        "" if minor else chance.choice(("长期", "20360101", "2040-12-31")),
        f"138{i % 10**8:08}",
        f"重庆市渝北区示例路{i + 1}号",
        chance.choice(_BANKS),
        "是" if minor else "否",
        *(GUARDIAN if minor else ("", "")),
        "",
        "",
    ]


def csv_of(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """Rows as a .csv, without the head."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_of(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a workbook with one sheet, as a spreadsheet program would write them."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("制卡明细表")
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def _base(shows: str) -> np.ndarray:
    """What a picture of its kind looks like: a head on white, or a page with lines of type."""
    if shows == "portrait":
        picture = np.full((441, 358, 3), 246, np.uint8)
        cv2.ellipse(picture, (179, 440), (165, 130), 0, 0, 360, (96, 64, 48), -1)
        cv2.ellipse(picture, (179, 215), (92, 128), 0, 0, 360, (150, 178, 214), -1)
        cv2.ellipse(picture, (179, 130), (96, 62), 0, 180, 360, (30, 28, 26), -1)
        for x in (143, 215):
            cv2.ellipse(picture, (x, 200), (16, 8), 0, 0, 360, (40, 32, 28), -1)
        cv2.ellipse(picture, (179, 285), (28, 8), 0, 0, 360, (92, 92, 180), -1)
        return picture
    picture = np.full((640, 1010, 3), 232, np.uint8)
    for y in range(60, 620, 44):
        cv2.putText(picture, f"{shows} 0123456789", (40, y), 0, 1.1, (48, 40, 36), 2)
    return picture


@cache
def _grained(shows: str, grain: int, quality: int) -> bytes:
    noise = np.random.default_rng(grain)
    base = _base(shows)
    mixed = np.clip(base + noise.normal(0, 3, base.shape[:2])[:, :, None], 0, 255)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return cv2.imencode(".jpg", mixed.astype(np.uint8), options)[1].tobytes()


def picture(shows: str, seed: int, quality: int = 80) -> bytes:
    """A JPEG of a portrait (358 x 441) or a scan (1010 x 640), another for each seed."""
    made = _grained(shows, seed % _GRAINS, quality)
    comment = seed.to_bytes(8, "big")
    return made[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + made[2:]


def endings(row: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What a person brings: what a picture shows, and the ending of its file's name."""
    if row[2] == "户口簿":
        return (("household_page", "_H1"), ("household_changes", "_H2"))
    return (("portrait", ""), ("id_front", "_A"), ("id_back", "_B"))


def pictures(rows: Iterable[Sequence[str]]) -> dict[str, bytes]:
    """The pictures of people, by the names of their files."""
    made: dict[str, bytes] = {}
    for i, row in enumerate(rows):
        for j, (shows, ending) in enumerate(endings(row)):
            made[f"{row[3]}{ending}.jpg"] = picture(shows, i * 8 + j)
    return made


def known(rows: Iterable[Sequence[str]]) -> str:
    """The rows' people as a centre is seeded with them (TOML, docs/centre/people.md)."""
    return "\n".join(
        f'[[person]]\nkey = "listed_{n}"\nid_number = "{row[3]}"\n'
        f'name = "{row[1]}"\ninsured = true\nphone = "13800138000"\n'
        for n, row in enumerate(rows)
    )


def town(folder: Path, others: Path, count: int = 6) -> Path:
    """A file of the `others` and of the people of a list, which is on the stick in `folder`."""
    rows, stick = list(people(count, minors=0.0)), folder / STICK
    stick.mkdir(parents=True)
    (stick / "list.csv").write_bytes(csv_of([HEAD, *rows]))
    for name, data in pictures(rows).items():
        (stick / name).write_bytes(data)
    file = folder / "people.toml"
    file.write_text(f"{others.read_text('utf-8')}\n{known(rows)}", "utf-8")
    return file
