"""The text on the chip: rows, kinds, and what makes no sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.id_reader import text
from hardware.id_reader.commands import Reason
from hardware.id_reader.sam import IdCard
from hardware.id_reader.text import LAYOUTS, Reading, build, parse, split_payload
from tests.hardware.test_id_reader_vectors import PERSON_A, PERSON_J, TEXT_A

PHOTO = b"WLT" + bytes(1021)


def _read(card):
    return parse(*split_payload(card.payload()))


def test_a_resident():
    assert parse(TEXT_A, PHOTO) == Reading(
        kind="resident",
        name="张三",
        sex="female",
        ethnicity="汉",
        birth="19491231",
        address="重庆市渝中区人民路1号",
        number="11010519491231002X",
        issuer="重庆市公安局渝中分局",
        valid_from="20200101",
        valid_to="长期",
        photo=PHOTO,
    )


def test_a_resident_of_hong_kong_macau_or_taiwan():
    reading = _read(PERSON_J)
    assert (reading.kind, reading.name, reading.ethnicity) == ("hmt_residence", "测试", "")
    assert (reading.permit_number, reading.valid_to) == ("H12345678", "20300101")
    assert (reading.sex, reading.birth) == ("male", "19940823")


def test_a_foreigner_of_either_layout():
    common = {"sex": "1", "birth": "19810303", "latin_name": "SPECIMEN, ANNA", "country": "UTO"}
    old = _read(
        IdCard(
            number="UTO110081030310",
            name="",
            mark="I",
            valid_to="20300101",
            issuer="1100",
            **common,
        )
    )
    new = _read(
        IdCard(number="911124198108030024", name="安娜", mark="Y", valid_to="20300101", **common)
    )
    assert (old.kind, old.name, old.number) == ("foreigner", "SPECIMEN, ANNA", "UTO110081030310")
    assert (new.kind, new.name, new.latin_name) == ("foreigner", "安娜", "SPECIMEN, ANNA")
    assert (old.country, new.country, old.birth) == ("UTO", "UTO", "19810303")


def test_rare_characters_outside_the_first_plane_are_kept():
    rare = _read(IdCard("11010519491231002X", "㐀𠀀"))
    assert rare.name == "㐀𠀀"


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.mark)
def test_rows_lie_inside_the_block_and_do_not_overlap(layout):
    taken = [i for row in layout.rows for i in range(row.offset, row.offset + row.length)]
    assert len(taken) == len(set(taken))
    assert max(taken) < text.SIZE


@pytest.mark.parametrize("mark", ["Z", "\0", "中"])
def test_an_unknown_mark_is_an_unknown_card(mark):
    block = bytearray(TEXT_A)
    block[248:250] = mark.encode("utf-16-le")
    assert parse(bytes(block), PHOTO) is Reason.UNKNOWN_CARD


@pytest.mark.parametrize(
    "fields",
    [
        {"number": ""},
        {"birth": "1949123"},
        {"birth": "1949年1月"},
        {"birth": "１９４９１２３１"},
        {"valid_from": ""},
        {"valid_to": "很久"},
    ],
)
def test_fields_without_sense_are_no_identity(fields):
    good = {
        "number": "11010519491231002X",
        "birth": "19491231",
        "valid_from": "20200101",
        "valid_to": "长期",
    }
    assert isinstance(parse(build(" ", good), PHOTO), Reading)
    assert parse(build(" ", good | fields), PHOTO) is Reason.INVALID_DATA


def test_text_that_is_no_utf16_is_no_identity():
    half_a_pair = b"\x00\xd8" + TEXT_A[2:]
    assert parse(half_a_pair, PHOTO) is Reason.INVALID_DATA


@given(st.binary(min_size=256, max_size=256))
def test_any_block_gives_a_reading_or_a_reason(block):
    assert isinstance(parse(block, PHOTO), Reading | Reason)


@pytest.mark.parametrize(
    "change", [b"\x01\x00\x04\x01", b"\x00\xff\x04\x00", b"\x00\x00\x00\x00", b""]
)
def test_lengths_that_do_not_add_up_are_no_payload(change):
    payload = PERSON_A.payload()
    assert split_payload(payload) == (TEXT_A, bytes(1024))
    assert split_payload(change + payload[4:]) is None


def test_a_value_longer_than_its_row_is_refused():
    with pytest.raises(ValueError, match="name has 32 bytes"):
        build(" ", {"name": "长" * 16})


def test_a_reading_shows_nothing_personal():
    reading = _read(PERSON_A)
    assert repr(reading) == str(reading) == "Reading(kind='resident')"
    assert "张三" not in repr(PERSON_A)
    assert PERSON_A.number not in repr(PERSON_A)
