"""The 256 bytes of text on an identity card's chip: UTF-16LE, each field padded with spaces.

A layout is a list of rows; the code unit at byte 248 says which layout it is.
Source: docs/devices/id_reader.md (the old foreigner's layout rests on one vendor data sheet).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hardware.id_reader.commands import Reason
from hardware.id_reader.ethnic import ETHNIC_GROUPS

SIZE = 256
Kind = Literal["resident", "hmt_residence", "foreigner"]
Sex = Literal["unknown", "male", "female", "unstated"]

_SEXES: dict[str, Sex] = {"0": "unknown", "1": "male", "2": "female", "9": "unstated"}
_PADDING = " \u3000\0"
_DAY = re.compile(r"[0-9]{8}")
_LONG_TERM = "长期"
_FINGERS = (0, 512, 1024)


@dataclass(frozen=True)
class Row:
    """A field: where it is, in bytes."""

    offset: int
    length: int
    field: str


@dataclass(frozen=True)
class Layout:
    """The fields of one kind of paper, whose `mark` stands at byte 248."""

    mark: str
    kind: Kind
    rows: tuple[Row, ...]


_MARK = Row(248, 2, "mark")
_RESIDENT = (
    Row(0, 30, "name"),
    Row(30, 2, "sex"),
    Row(32, 4, "ethnicity"),
    Row(36, 16, "birth"),
    Row(52, 70, "address"),
    Row(122, 36, "number"),
    Row(158, 30, "issuer"),
    Row(188, 16, "valid_from"),
    Row(204, 16, "valid_to"),
    _MARK,
)
_HMT_RESIDENCE = (*_RESIDENT, Row(220, 18, "permit_number"), Row(238, 4, "permit_issue"))
_FOREIGNER_OLD = (
    Row(0, 120, "latin_name"),
    Row(120, 2, "sex"),
    Row(122, 30, "number"),
    Row(152, 6, "country"),
    Row(158, 30, "name"),
    Row(188, 16, "valid_from"),
    Row(204, 16, "valid_to"),
    Row(220, 16, "birth"),
    Row(240, 8, "issuer"),
    _MARK,
)
_FOREIGNER_NEW = (
    Row(0, 30, "name"),
    Row(30, 2, "sex"),
    Row(36, 16, "birth"),
    Row(52, 70, "latin_name"),
    Row(122, 36, "number"),
    Row(158, 30, "issuer"),
    Row(188, 16, "valid_from"),
    Row(204, 16, "valid_to"),
    Row(242, 6, "country"),
    _MARK,
)
LAYOUTS = {
    layout.mark: layout
    for layout in (
        Layout(" ", "resident", _RESIDENT),
        Layout("J", "hmt_residence", _HMT_RESIDENCE),
        Layout("I", "foreigner", _FOREIGNER_OLD),
        Layout("Y", "foreigner", _FOREIGNER_NEW),
    )
}


@dataclass(frozen=True, repr=False)
class Reading:
    """A paper that was read.

    Days are YYYYMMDD as the chip has them (eight digits, not necessarily a day of the calendar);
    `valid_to` may be "长期". `ethnicity` is the name ("汉"), "" where the paper has none. `name`
    is the Chinese one, or the Latin one where a foreigner has no other. `issuer` is a code on the
    old foreigner's card. `permit_number` is a 港澳台居民居住证's 通行证号码, `country` a
    foreigner's (GB/T 2659). `photo` is 1024 bytes of WLT, which nobody but the vendor can open,
    `picture` the BMP that a command of the vendor's made of it, b"" without one.
    Its `repr` shows the kind only: a reading must not get into a log.
    """

    kind: Kind
    name: str
    sex: Sex
    ethnicity: str
    birth: str
    address: str
    number: str
    issuer: str
    valid_from: str
    valid_to: str
    photo: bytes
    latin_name: str = ""
    country: str = ""
    permit_number: str = ""
    picture: bytes = b""

    def __repr__(self) -> str:
        return f"Reading(kind={self.kind!r})"


def split_payload(data: bytes) -> tuple[bytes, bytes] | None:
    """Give text and photo of READ's data: two big-endian lengths, then both; None if it is not."""
    text_end = 4 + int.from_bytes(data[:2], "big")
    photo_end = text_end + int.from_bytes(data[2:4], "big")
    if text_end != 4 + SIZE or len(data) != photo_end:
        return None
    return data[4:text_end], data[text_end:]


def without_finger(data: bytes) -> bytes:
    """Give a reading's data without fingerprints, whichever command it answers; b"" if it is none.

    With them a third length follows the two, and the fingerprints (0, 512 or 1024 bytes) the photo.
    The lengths add up in one of the two shapes only. Nobody looks at the fingerprints.
    """
    if split_payload(data) is not None:
        return data
    finger = int.from_bytes(data[4:6], "big")
    rest = data[:4] + data[6 : len(data) - finger]
    return rest if finger in _FINGERS and split_payload(rest) is not None else b""


def address(data: bytes) -> str:
    """Give the newest address, or "" where there is none or it is no UTF-16."""
    try:
        return data.decode("utf-16-le").strip(_PADDING)
    except UnicodeDecodeError:
        return ""


def decode(data: bytes) -> Reading | Reason:
    """Give what READ's data say, or why they are no identity; any bytes are asked."""
    parts = split_payload(data)
    return Reason.INVALID_DATA if parts is None else parse(*parts)


def parse(text: bytes, photo: bytes) -> Reading | Reason:
    """Give what the chip says, or why it is no identity: an unknown mark, or fields without sense.

    Only what every later step relies on is asked here: text that is UTF-16, a number, days of eight
    digits. Whether the number is possible is the regulation's business.
    """
    mark = text[_MARK.offset : _MARK.offset + 2].decode("utf-16-le", "replace")
    layout = LAYOUTS.get(mark)
    if layout is None:
        return Reason.UNKNOWN_CARD
    try:
        fields = {row.field: _cut(text, row) for row in layout.rows}
    except UnicodeDecodeError:  # carries the text: it must not travel further
        return Reason.INVALID_DATA
    if not fields["number"] or not _days_are_days(fields):
        return Reason.INVALID_DATA
    return _reading(layout.kind, fields, photo)


def build(mark: str, fields: Mapping[str, str]) -> bytes:
    """Give the text block of a paper of this mark; a value too long for its row is refused."""
    block = bytearray(" ".encode("utf-16-le") * (SIZE // 2))
    for row in LAYOUTS[mark].rows:
        value = (mark if row == _MARK else fields.get(row.field, "")).encode("utf-16-le")
        if len(value) > row.length:
            raise ValueError(f"{row.field} has {len(value)} bytes, at most {row.length} fit")
        block[row.offset : row.offset + len(value)] = value
    return bytes(block)


def _cut(text: bytes, row: Row) -> str:
    return text[row.offset : row.offset + row.length].decode("utf-16-le").rstrip(_PADDING)


def _reading(kind: Kind, fields: Mapping[str, str], photo: bytes) -> Reading:
    latin_name = fields.get("latin_name", "")
    return Reading(
        kind=kind,
        name=fields["name"] or latin_name,
        sex=_SEXES.get(fields["sex"], "unknown"),
        ethnicity=ETHNIC_GROUPS.get(fields.get("ethnicity", ""), ""),
        birth=fields["birth"],
        address=fields.get("address", ""),
        number=fields["number"],
        issuer=fields["issuer"],
        valid_from=fields["valid_from"],
        valid_to=fields["valid_to"],
        photo=photo,
        latin_name=latin_name,
        country=fields.get("country", ""),
        permit_number=fields.get("permit_number", ""),
    )


def _days_are_days(fields: Mapping[str, str]) -> bool:
    days = [fields["birth"], fields["valid_from"]]
    if fields["valid_to"] != _LONG_TERM:
        days.append(fields["valid_to"])
    return all(_DAY.fullmatch(day) for day in days)
