"""Every kind of paper on the chip, byte by byte, and what may come with the text."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.id_reader import commands, text
from hardware.id_reader.commands import Reason
from hardware.id_reader.ethnic import ETHNIC_GROUPS
from hardware.id_reader.frames import build_reply
from hardware.id_reader.sam import IdCard
from hardware.id_reader.text import LAYOUTS, Reading, address, parse, split_payload, without_finger
from tests.hardware.test_id_reader_vectors import PERSON_A, PERSON_J

OLD = IdCard(
    number="UTO110081030310",
    name="",
    latin_name="ERIKSSON, ANNA MARIA",
    birth="19740812",
    sex="2",
    country="UTO",
    valid_from="20150415",
    valid_to="20250414",
    issuer="1100",
    mark="I",
)
NEW = IdCard(
    number="911124198108030024",
    name="安娜",
    latin_name="ERIKSSON, ANNA MARIA",
    birth="19810803",
    sex="2",
    country="UTO",
    valid_from="20240101",
    valid_to="20340101",
    issuer="国家移民管理局",
    mark="Y",
)


def laid(*fields):
    """A block of spaces with texts at offsets (docs/devices/id_reader.md, a row a field)."""
    block = bytearray(b"\x20\x00" * 128)
    for offset, value in fields:
        data = value.encode("utf-16-le")
        block[offset : offset + len(data)] = data
    return bytes(block)


GOLDEN = {
    "J": (
        PERSON_J,
        laid(
            (0, "测试"), (30, "1"), (36, "19940823"), (52, "重庆市渝北区示例路8号"),
            (122, "810000199408230021"), (158, "重庆市公安局渝北区分局"), (188, "20250101"),
            (204, "20300101"), (220, "H12345678"), (238, "01"), (248, "J"),
        ),
    ),
    "I": (
        OLD,
        laid(
            (0, "ERIKSSON, ANNA MARIA"), (120, "2"), (122, "UTO110081030310"), (152, "UTO"),
            (188, "20150415"), (204, "20250414"), (220, "19740812"), (240, "1100"), (248, "I"),
        ),
    ),
    "Y": (
        NEW,
        laid(
            (0, "安娜"), (30, "2"), (36, "19810803"), (52, "ERIKSSON, ANNA MARIA"),
            (122, "911124198108030024"), (158, "国家移民管理局"), (188, "20240101"),
            (204, "20340101"), (242, "UTO"), (248, "Y"),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("mark", GOLDEN)
def test_a_block_is_laid_out_as_the_sheet_says(mark):
    card, block = GOLDEN[mark]
    assert card.payload()[4:260] == block


def test_what_is_read_of_each_kind():
    hmt, old, new = (parse(block, b"") for _card, block in GOLDEN.values())
    assert (hmt.kind, hmt.name, hmt.permit_number) == ("hmt_residence", "测试", "H12345678")
    assert (hmt.number, hmt.ethnicity, hmt.valid_to) == ("810000199408230021", "", "20300101")
    assert (old.kind, old.name, old.number) == (
        "foreigner",
        "ERIKSSON, ANNA MARIA",
        "UTO110081030310",
    )
    assert (old.birth, old.sex, old.country, old.issuer) == ("19740812", "female", "UTO", "1100")
    assert (new.kind, new.name, new.latin_name) == ("foreigner", "安娜", "ERIKSSON, ANNA MARIA")
    assert (new.birth, new.country, new.issuer) == ("19810803", "UTO", "国家移民管理局")


DAYS = st.from_regex(r"[0-9]{8}", fullmatch=True)
ENDS = st.characters(exclude_categories=("Cs", "Zs", "Cc"))


@st.composite
def values(draw, length):
    """A text that fits into so many bytes and neither begins nor ends with padding."""
    value = draw(st.text(ENDS, max_size=length // 2))
    return value if len(value.encode("utf-16-le")) <= length else value[: length // 4]


@st.composite
def papers(draw):
    """A layout and a value for each of its fields."""
    layout = draw(st.sampled_from(list(LAYOUTS.values())))
    fields = {row.field: draw(values(row.length)) for row in layout.rows if row.field != "mark"}
    fields |= {name: draw(DAYS) for name in ("birth", "valid_from")}
    fields["valid_to"] = draw(DAYS | st.just("长期"))
    fields["number"] = draw(st.from_regex(r"[0-9A-Z]{15}", fullmatch=True))
    fields["sex"] = draw(st.sampled_from("0129"))
    if "ethnicity" in fields:
        fields["ethnicity"] = draw(st.sampled_from([*ETHNIC_GROUPS, ""]))
    return layout, fields


@given(papers())
def test_whatever_is_written_is_read(paper):
    layout, fields = paper
    reading = parse(text.build(layout.mark, fields), b"photo")
    assert (reading.kind, reading.photo) == (layout.kind, b"photo")
    for name in ("number", "birth", "valid_from", "valid_to", "issuer"):
        assert getattr(reading, name) == fields[name]
    assert reading.name == (fields["name"] or fields.get("latin_name", ""))
    assert reading.address == fields.get("address", "")
    assert reading.latin_name == fields.get("latin_name", "")
    assert reading.permit_number == fields.get("permit_number", "")
    assert reading.ethnicity == ETHNIC_GROUPS.get(fields.get("ethnicity", ""), "")


@pytest.mark.parametrize(
    ("fingers", "size", "head"),
    [
        (1024, 2321, "09 0A 00 00 90 01 00 04 00 04 00"),
        (512, 1809, "07 0A 00 00 90 01 00 04 00 02 00"),
        (0, 1297, "05 0A 00 00 90 01 00 04 00 00 00"),
    ],
)
def test_a_reading_with_fingerprints_and_without_them(fingers, size, head):
    card = dataclasses.replace(PERSON_A, fingers=b"\xf1" * fingers)
    frame = build_reply(commands.OK, card.payload_with_finger())
    assert len(frame) == size
    assert frame.startswith(bytes.fromhex("AA AA AA 96 69" + head))
    assert without_finger(card.payload_with_finger()) == card.payload()
    assert without_finger(card.payload()) == card.payload()


@given(st.integers(0, 1100), st.sampled_from([0, 512, 1024]))
def test_lengths_add_up_in_one_shape_only(photo, fingers):
    card = dataclasses.replace(PERSON_A, photo=bytes(photo), fingers=bytes(fingers))
    assert split_payload(card.payload_with_finger()) is None
    assert without_finger(card.payload_with_finger()) == without_finger(card.payload())


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_payload_or_none(data):
    rest = without_finger(data)
    assert len(rest) <= len(data)
    for payload in (data, rest):
        assert isinstance(text.decode(payload), Reading | Reason)


@given(st.integers(0, 0xFFFF), st.integers(0, 2000))
def test_lengths_of_fingerprints_that_do_not_add_up_are_no_payload(length, size):
    payload = PERSON_A.payload()
    data = payload[:4] + length.to_bytes(2, "big") + payload[4:] + bytes(size)
    right = length == size and length in (0, 512, 1024)
    expected = (payload[4:260], payload[260:]) if right else None
    assert split_payload(without_finger(data)) == expected


def test_the_newest_address_is_70_bytes():
    assert commands.NEWEST_ADDRESS.frame == bytes.fromhex("AA AA AA 96 69 00 03 30 03 30")
    data = "重庆市江北区示例街3号".ljust(35).encode("utf-16-le")
    assert build_reply(commands.OK, data)[:10] == bytes.fromhex("AA AA AA 96 69 00 4A 00 00 90")
    assert address(data) == "重庆市江北区示例街3号"
    assert address(b"\x00\xd8" * 35) == ""
    assert address(b"") == ""


@given(st.binary(max_size=100))
def test_any_bytes_are_an_address_or_none(data):
    assert isinstance(address(data), str)
