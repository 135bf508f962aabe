"""The arithmetic of the reference card profile against its vectors (facts of the card, 4.8)."""

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from hypothesis import given
from hypothesis import strategies as st

from central.hsm import pin_block
from central.hsm.arithmetic import SM4, TDES, authenticate, diversify, pad80, reload, unblock, wipe
from central.hsm.pin_block import NoPinError, account, account_field, read

CARD_A = bytes.fromhex("330300D15600000599110145FFFFFFFF")
CARD_B = bytes.fromhex("500000D15600000500000001FFFFFFFF")
IRK, RKSSSE, PUK, RPK = (bytes(range(at, at + 16)) for at in (0x00, 0x10, 0x20, 0x30))
SOURCE, FACTOR = bytes.fromhex("A1A2A3A4A5A6A7A8"), bytes.fromhex("B1B2B3B4B5B6B7B8")
CHALLENGE = bytes.fromhex("C1C2C3C4C5C6C7C8")


@pytest.mark.parametrize(
    ("master", "card_a", "card_b"),
    [
        (IRK, "EBE066E39F484098A48A65D1511644EC", "86158A297D5DB0A23DA93B8192435B73"),
        (RKSSSE, "588AC62ADB00A6E6DDBE5BA5BC8C6CE7", "149A3AAFF53A3998038E7E59287223EB"),
        (PUK, "33E5D718FB372A695E0A2B4943B312D2", "881FB192CC13624007963E013D822CA7"),
        (RPK, "A7C58F65FF3FBF6D04CD0839F2E045B6", "FB6FFA2277B7409C51FA9503D8114193"),
    ],
)
def test_v1_the_key_of_a_card(master, card_a, card_b):
    assert diversify(SM4, master, CARD_A).hex().upper() == card_a
    assert diversify(SM4, master, CARD_B).hex().upper() == card_b


@pytest.mark.parametrize(
    ("master", "answer"),
    [(IRK, "7AEFF48771CBD5A2"), (RKSSSE, "DD858F94FB936612"), (RPK, "DCC504FBD14ABA23")],
)
def test_v2_the_answer_to_a_challenge(master, answer):
    key = diversify(SM4, master, CARD_A)
    assert authenticate(SM4, key, FACTOR, SOURCE).hex().upper() == answer


def test_v3_unblock():
    command = unblock(SM4, diversify(SM4, PUK, CARD_A), CHALLENGE)
    assert command.hex().upper() == "8424000004B9D82199"


@pytest.mark.parametrize(
    ("pin", "command"),
    [
        ("03112233", "8424000114C10F439A1FE51D46EBA9BA6AC023D6C388894D8A"),
        ("0312345F", "84240001143A2E25DF8AF9057E0025BE53C6C516DABDE0F738"),
    ],
)
def test_v3_reload(pin, command):
    key, header = diversify(SM4, RPK, CARD_A), bytes.fromhex("84240001")
    pin = bytearray.fromhex(pin)
    assert reload(SM4, key, header, CHALLENGE, pin).hex().upper() == command


def test_v4_3des():
    master, half = (
        bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
        bytes.fromhex("32BF57D4E5C53800"),
    )
    own = TDES.encipher(master, half + bytes(byte ^ 0xFF for byte in half))
    assert own.hex().upper() == "76F317D9F1767FA65621E4DFD959A1B7"
    command = reload(TDES, master, bytes.fromhex("84240001"), half, bytearray.fromhex("03654321"))
    assert command.hex().upper() == "842400010C602A5D832D0261C0A2D16ACA"


def test_the_command_of_another_profile_has_its_own_header_under_the_mac():
    key, pin = diversify(SM4, RPK, CARD_A), bytearray.fromhex("03112233")
    usual = reload(SM4, key, bytes.fromhex("84240001"), CHALLENGE, pin)
    other = reload(SM4, key, bytes.fromhex("84D40001"), CHALLENGE, pin)
    assert other[:5].hex() == "84d4000114"
    assert other[5:21] == usual[5:21]
    assert other[21:] != usual[21:]


def test_the_longest_pin_fits_the_smallest_block():
    pin = bytearray.fromhex("06123456789012")
    assert pad80(pin, TDES.block) == bytes.fromhex("0612345678901280")


@given(st.binary(max_size=64), st.sampled_from([8, 16]))
def test_padding_is_undone_by_its_80(message, size):
    padded = pad80(message, size)
    assert len(padded) % size == 0
    assert len(padded) > len(message)
    assert bytes(padded).rstrip(b"\0") == message + b"\x80"


def test_a_wiped_buffer_is_zeros_where_it_was():
    buffer = bytearray(b"123456")
    same = memoryview(buffer)
    wipe(buffer)
    assert bytes(same) == bytes(6)


def test_format_4_with_the_cipher_of_the_standard():
    """ISO 9564-1 format 4 over AES-128: the facts of PIN pads, 8 (made with psec 1.3.0)."""
    key = bytes.fromhex("C1D0F8FB4958670DBA40AB1F3752EF0D")
    block = bytes.fromhex("8B696FC5A37943E9A13A86FF89F8C4D7")
    assert read(block, key, "432198765432109870", AES) == bytes.fromhex("021234")
    with pytest.raises(NoPinError):
        read(block, key, "432198765432109871", AES)


def test_the_account_of_a_card():
    assert account(CARD_A) == "836746715354"
    assert account_field("836746715354") == bytes.fromhex("0836746715354" + "0" * 19)


@given(block=st.binary(min_size=16, max_size=16), key=st.binary(min_size=16, max_size=16))
def test_any_block_has_a_pin_or_has_none(block, key):
    try:
        pin = read(block, key, "836746715354")
    except NoPinError:
        return
    assert pin[0] == len(pin) - 1


def sealed(field, key, digits):
    """A block around any 16 bytes: the two encipherments by hand."""
    inner = SM4.encipher(key, field)
    return SM4.encipher(
        key, bytes(a ^ b for a, b in zip(inner, account_field(digits), strict=True))
    )


@given(
    digits=st.text("0123456789", min_size=4, max_size=12),
    salt=st.binary(min_size=8, max_size=8),
    key=st.binary(min_size=16, max_size=16),
)
def test_a_pin_comes_back_as_the_card_wants_it(digits, salt, key):
    field = bytes.fromhex(f"4{len(digits):X}{digits}".ljust(16, "A")) + salt
    pin = read(sealed(field, key, "836746715354"), key, "836746715354")
    even = digits + "F" * (len(digits) % 2)
    assert pin == bytes([len(even) // 2]) + bytes.fromhex(even)


@pytest.mark.parametrize(
    "field",
    [
        "36123456AAAAAAAA",  # format 3
        "4312 3AAA AAAA AAAA",  # three digits
        "4D12 3456 7890 123A",  # thirteen
        "4612 345B AAAA AAAA",  # no digit
        "4612 3456 AAAA AAA0",  # another fill
    ],
)
def test_what_is_no_pin_field_holds_no_pin(field):
    key = bytes(range(16))
    with pytest.raises(NoPinError):
        read(sealed(bytes.fromhex(field) + bytes(8), key, "836746715354"), key, "836746715354")


def test_no_clear_pin_is_left_in_what_is_read(monkeypatch):
    """The buffer of the clear field and that of its nibbles are zeros when the PIN is out."""
    wiped = []
    monkeypatch.setattr(pin_block, "wipe", lambda buffer: (wipe(buffer), wiped.append(buffer)))
    key = bytes(range(16))
    field = bytes.fromhex("46123456AAAAAAAA") + bytes(8)
    read(sealed(field, key, "836746715354"), key, "836746715354")
    assert len(wiped) == 2
    assert not any(map(any, wiped))
