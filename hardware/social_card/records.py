"""What is in a card: the FCI, and the records of EF05 and EF06, a row a field. Pure.

Source: docs/devices/social_card.md (LD/T 32). Values are personal: nothing here shows them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hardware.social_card.frames import BadFrame
from hardware.social_card.keys import Algorithm

EF05, EF06 = 5, 6
"""Files of the card (EF05, always readable) and of its holder (EF06); also their SFI."""
FILE_IDS = {EF05: b"\xef\x05", EF06: b"\xef\x06"}

_FCI, _PROPRIETARY, _ALGORITHM, _CODE = 0x6F, 0xA5, 0x9F0C, 0x86
_LIFE_CYCLE, _INITIALISATION = 0x8A, b"\x03"  # ISO/IEC 7816-4, 7.4.10
_FIRST_NAME_BYTES = 30
_LONG_TAG = 0x1F
_SSF33_PREFIX = "11"


class Kind(StrEnum):
    """How a value is written: an text, cn digits, b bytes; `part` of a text."""

    TEXT = "an"
    DIGITS = "cn"
    BYTES = "b"
    PART = "part"


def read_text(value: bytes) -> str:
    """Give an `an` value: GB18030, padded on the right with 00; BadFrame if it is none."""
    try:
        return value.rstrip(b"\x00").decode("gb18030")
    except UnicodeDecodeError:
        raise BadFrame("a text is not GB18030") from None


def _digits(value: bytes) -> str:
    """Give a `cn` value: two digits a byte, padded on the right with F."""
    digits = value.hex().rstrip("f")
    if digits and not digits.isdecimal():
        raise BadFrame("a number has other than digits")
    return digits


_READ: dict[Kind, Callable[[bytes], str]] = {
    Kind.TEXT: read_text,
    Kind.DIGITS: _digits,
    Kind.BYTES: lambda value: value.hex().upper(),
    Kind.PART: lambda value: value.rstrip(b"\x00").hex(),
}


def _to_text(text: str) -> bytes:
    try:
        return text.encode("gb18030")
    except UnicodeEncodeError:
        raise ValueError from None  # it would show the text


_WRITE: dict[Kind, Callable[[str], bytes]] = {
    Kind.TEXT: _to_text,
    Kind.DIGITS: lambda digits: bytes.fromhex(digits + "F" * (len(digits) % 2)),
    Kind.BYTES: bytes.fromhex,
    Kind.PART: bytes.fromhex,
}


@dataclass(frozen=True)
class Field:
    """A record: in which file, its tag, bytes of value, and how the value is written.

    `first`: the generation that has it first; records behind it move up in an older one.
    """

    name: str
    file: int
    tag: int
    size: int
    kind: Kind
    first: int = 1

    def decode(self, record: bytes) -> str:
        """Give the value of a record; BadFrame if it is another one, cut, or not of its kind."""
        return _READ[self.kind](record_value(record, self.tag, self.size))

    def encode(self, value: str) -> bytes:
        """Give the record of a value that `decode` gives; ValueError, without it, if none can."""
        try:
            written = _WRITE[self.kind](value)
            filler = b"\xff" if self.kind is Kind.DIGITS else b"\x00"
            record = bytes([self.tag, self.size]) + written.ljust(self.size, filler)
            if len(written) <= self.size and self.decode(record) == value:
                return record
        except ValueError:  # its text, or its object, may show the value
            raise ValueError(f"{self.name} is not as a card has it") from None
        fault = "not as a card has it" if len(written) <= self.size else "too long for a card"
        raise ValueError(f"{self.name} is {fault}")


CARD_ID = Field("card_id", EF05, 0x01, 16, Kind.BYTES)
VERSION = Field("version", EF05, 0x03, 4, Kind.TEXT)

FIELDS = (
    CARD_ID,
    Field("kind", EF05, 0x02, 1, Kind.TEXT),
    VERSION,
    Field("issuer", EF05, 0x04, 12, Kind.DIGITS),
    Field("issued", EF05, 0x05, 4, Kind.DIGITS),
    Field("expires", EF05, 0x06, 4, Kind.DIGITS),
    Field("card_number", EF05, 0x07, 9, Kind.TEXT),
    Field("social_number", EF06, 0x08, 18, Kind.TEXT),
    Field("name", EF06, 0x09, 30, Kind.PART),  # a character may go on in the next record
    Field("name_rest", EF06, 0x4E, 20, Kind.PART, first=2),
    Field("sex", EF06, 0x0A, 1, Kind.TEXT),
    Field("nation", EF06, 0x0B, 1, Kind.DIGITS),
    Field("birthplace", EF06, 0x0C, 3, Kind.DIGITS),
    Field("born", EF06, 0x0D, 4, Kind.DIGITS),
)


def as_recorded(texts: Mapping[str, str]) -> dict[str, str]:
    """Give texts by record, their `name` in two parts; a character may go on in the second.

    ValueError, without the name, if GB18030 has no such character.
    """
    try:
        name = _to_text(texts["name"])
    except ValueError:
        raise ValueError("name is not as a card has it") from None
    parts = {"name": name[:_FIRST_NAME_BYTES], "name_rest": name[_FIRST_NAME_BYTES:]}
    return dict(texts) | {row: part.hex() for row, part in parts.items()}


def fields_of(file: int, generation: int) -> list[tuple[int, Field]]:
    """Give the records of a file of a card of this generation (1 to 3), with their numbers."""
    rows = [row for row in FIELDS if row.file == file and row.first <= generation]
    return list(enumerate(rows, start=1))


def record_value(record: bytes, tag: int, size: int) -> bytes:
    """Give V of a record T(1) L(1) V; BadFrame unless tag and both lengths are the row's."""
    if len(record) != 2 + size or record[0] != tag or record[1] != size:
        raise BadFrame(f"a record is not {tag:02X} with {size} bytes")
    return bytes(record[2:])


def read_generation(version: str) -> int:
    """Give 1, 2 or 3 by 规范版本 ("1.00", "2.00", "3.00"); BadFrame for another one."""
    if version[:1] not in ("1", "2", "3"):
        raise BadFrame("the version of the card's rules is unknown")
    return int(version[0])


@dataclass(frozen=True)
class Template:
    """A data object of a BER-TLV."""

    tag: int
    value: bytes = field(repr=False)


def read_tlv(data: bytes) -> list[Template]:
    """Give the objects of a BER-TLV in order, one level; BadFrame if it is cut.

    Tags of one or two bytes, lengths of one to three (ISO/IEC 7816-4, 5.2.2); 00 and FF between
    objects are padding.
    """
    objects: list[Template] = []
    at = 0
    while at < len(data):
        if data[at] in (0x00, 0xFF):
            at += 1
            continue
        tag, at = _tag(data, at)
        size, at = _length(data, at)
        if at + size > len(data):
            raise BadFrame("a data object is cut")
        objects.append(Template(tag, bytes(data[at : at + size])))
        at += size
    return objects


def _tag(data: bytes, at: int) -> tuple[int, int]:
    if data[at] & _LONG_TAG != _LONG_TAG:
        return data[at], at + 1
    if at + 1 >= len(data) or data[at + 1] & 0x80:
        raise BadFrame("a tag is cut, or has three bytes")
    return data[at] << 8 | data[at + 1], at + 2


def _length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise BadFrame("a length is missing")
    first = data[at]
    if first < 0x80:  # noqa: PLR2004 - the short form
        return first, at + 1
    more = first & 0x7F
    if more not in (1, 2) or at + 1 + more > len(data):
        raise BadFrame("a length is cut, or too large")
    return int.from_bytes(data[at + 1 : at + 1 + more], "big"), at + 1 + more


def read_algorithm_code(fci: bytes) -> int | None:
    """Give the last byte of 9F0C in the answer to SELECT; none if it has none.

    `6F .. 84 .. AID A5 .. 9F0C 03 86 01 xx`; BadFrame if something else was answered.
    """
    if not fci:
        return None
    outer = _find(read_tlv(fci), _FCI)
    if outer is None:
        raise BadFrame("the answer to SELECT is no FCI")
    inner = _find(read_tlv(outer), _PROPRIETARY)
    algorithm = None if inner is None else _find(read_tlv(inner), _ALGORITHM)
    code = None if algorithm is None else _find(read_tlv(algorithm), _CODE)
    if code is None:
        return None
    if len(code) != 1:
        raise BadFrame("the algorithm is not one byte")
    return code[0]


def is_initialised(fci: bytes) -> bool:
    """Whether the answer to SELECT says that the application waits to be personalised.

    Its life cycle (8A in 6F) is 03 then; a card in use has 05, or says nothing [P].
    """
    outer = _find(read_tlv(fci), _FCI) if fci else None
    return outer is not None and _find(read_tlv(outer), _LIFE_CYCLE) == _INITIALISATION


def read_algorithm(code: int | None, card_id: str) -> Algorithm:
    """Tell the algorithm: 01 3DES, 02 SSF33, 03 SM4; without 9F0C DES, or SSF33 by 卡识别码.

    BadFrame for a code that is not known.
    """
    if code is None:
        return Algorithm.SSF33 if card_id.startswith(_SSF33_PREFIX) else Algorithm.DES
    try:
        return Algorithm(f"{code:02X}")
    except ValueError:
        raise BadFrame("the algorithm is unknown") from None


def _find(objects: list[Template], tag: int) -> bytes | None:
    return next((item.value for item in objects if item.tag == tag), None)
