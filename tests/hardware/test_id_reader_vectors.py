"""Golden bytes of the reader (docs/devices/id_reader.md, G1-G6) and the specimen people on them."""

import dataclasses
import hashlib

import pytest

from hardware.id_reader import commands
from hardware.id_reader.frames import build_reply
from hardware.id_reader.sam import SAM_NUMBER, IdCard, Sam

STATUS_COMMAND = bytes.fromhex("AA AA AA 96 69 00 03 11 FF ED")
STATUS_REPLY = bytes.fromhex("AA AA AA 96 69 00 04 00 00 90 94")
SAM_NUMBER_REPLY = bytes.fromhex(
    "AA AA AA 96 69 00 14 00 00 90 05 01 00 00 05 25 35 01 87 D6 12 00 4D E6 40 BB 87"
)
FIND_NONE = bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84")
FIND_FOUND = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
BAD_COMMAND = bytes.fromhex("AA AA AA 96 69 00 03 20 01 23")
BAD_COMMAND_REPLY = bytes.fromhex("AA AA AA 96 69 00 04 00 00 10 14")
READ_HEAD = bytes.fromhex("AA AA AA 96 69 05 08 00 00 90 01 00 04 00")
TEXT_A = bytes.fromhex(
    "205F094E20002000200020002000200020002000200020002000200020003200300031003100390034003900"
    "3100320033003100CD91865E025E1D6E2D4E3A53"
    "BA4E116CEF8D3100F75320002000200020002000200020002000200020002000200020002000200020002000"
    "2000200020002000200020002000310031003000"
    "310030003500310039003400390031003200330031003000300032005800CD91865E025E6C51895B405C1D6E"
    "2D4E0652405C2000200020002000200032003000"
    "3200300030003100300031007F951F6720002000200020002000200020002000200020002000200020002000"
    "2000200020002000200020002000200020002000"
)
TEXT_A_SHA256 = "d746042f63c016c8251519a87d70fc03d88f27c20328c59b9a072c9ae8cf6b8e"
TEXT_J_SHA256 = "c8f2cf31262e4699e588811c6b921067b188656749a22c7043062b05b5d715d6"
READ_A_SHA256 = "0a6bd3a02e3d69618a3d0fbb7ef89e63aa488cce6ac7f1c5ec76628c11db8d5c"
READ_J_SHA256 = "96614385cb0dfc2a9ef095d5bc34f55b278eeb62cfc7d835cd7c436a422f6155"

PERSON_A = IdCard(
    number="11010519491231002X",
    name="张三",
    address="重庆市渝中区人民路1号",
    issuer="重庆市公安局渝中分局",
)
PERSON_J = IdCard(
    number="810000199408230021",
    name="测试",
    address="重庆市渝北区示例路8号",
    sex="1",
    ethnicity="",
    issuer="重庆市公安局渝北区分局",
    valid_from="20250101",
    valid_to="20300101",
    mark="J",
    permit_number="H12345678",
    permit_issue="01",
)


def _sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_the_status_command_and_its_reply_g1():
    assert commands.STATUS.frame == STATUS_COMMAND
    assert build_reply(commands.OK) == STATUS_REPLY


def test_the_number_of_the_security_module_g2():
    assert build_reply(commands.OK, SAM_NUMBER) == SAM_NUMBER_REPLY


def test_nothing_found_and_found_g3():
    assert build_reply(commands.NOT_FOUND) == FIND_NONE
    assert build_reply(commands.FOUND, bytes(4)) == FIND_FOUND


def test_a_command_with_a_wrong_checksum_is_answered_with_10_g4():
    sam = Sam(finds_again=True)
    [order] = sam.hear(BAD_COMMAND)
    assert sam.obey(order) == BAD_COMMAND_REPLY


@pytest.mark.parametrize(
    ("command", "body"),
    [
        (commands.RESET, "00 03 10 FF EC"),
        (commands.SAM_NUMBER, "00 03 12 FF EE"),
        (commands.FIND, "00 03 20 01 22"),
        (commands.SELECT, "00 03 20 02 21"),
        (commands.READ, "00 03 30 01 32"),
    ],
)
def test_the_other_commands(command, body):
    assert command.frame == bytes.fromhex("AA AA AA 96 69") + bytes.fromhex(body)


def test_the_reading_of_a_resident_g5():
    frame = build_reply(commands.OK, PERSON_A.payload())
    assert frame == READ_HEAD + TEXT_A + bytes(1024) + b"\xc3"
    assert (len(frame), _sha256(frame)) == (1295, READ_A_SHA256)
    assert _sha256(TEXT_A) == TEXT_A_SHA256
    marked = dataclasses.replace(PERSON_A, photo=b"\x57" + bytes(1023))
    assert build_reply(commands.OK, marked.payload())[-1] == 0x94


def test_the_reading_of_a_residence_permit_g6():
    frame = build_reply(commands.OK, PERSON_J.payload())
    assert (len(frame), frame[-1], _sha256(frame)) == (1295, 0x36, READ_J_SHA256)
    assert _sha256(PERSON_J.payload()[4:260]) == TEXT_J_SHA256
