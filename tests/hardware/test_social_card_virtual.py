"""The virtual card: every status word, in the order of its checks; other generations and chips."""

import dataclasses

import pytest

from hardware.social_card.arithmetic import DEMO_KEYS, SCHEMES, card_key
from hardware.social_card.card_files import CARD_A, Person, application_template, files_of
from hardware.social_card.keys import Algorithm
from hardware.social_card.other_chips import BankCard, LockedCard, MuteCard, StrictT0
from hardware.social_card.virtual_card import VirtualCard, is_pin
from tests.hardware.cards.dialogue import SELECT

CHALLENGE = "0084000008"
AID = SELECT[10:]


def _say(card, *commands):
    return [card.transmit(bytes.fromhex(apdu))[-2:].hex().upper() for apdu in commands]


@pytest.fixture
def card():
    card = VirtualCard(CARD_A)
    card.power_on()
    return card


@pytest.fixture
def selected(card):
    assert _say(card, SELECT) == ["9000"]
    return card


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("", "6700"),
        ("00A404", "6700"),
        ("00A404000F", "6A82"),
        ("00A4040002AA", "6700"),
        ("00A4040002AABBCCDD", "6700"),
        ("00A404000000", "6700"),
        ("00A4040100", "6A86"),
        ("00A404000F" + AID + "00", "9000"),
        ("00A4010002EF05", "6A86"),
        ("00A4020102EF05", "6A86"),
        ("00A4020002EF05", "6A82"),
        ("00B2012C12", "6985"),
        ("00B2012C01AA", "6700"),
        ("0084000007", "6700"),
        ("00840000", "6700"),
        ("0084000000", "9000"),
        ("0088000010" + "00" * 15, "6700"),
        ("008800000F" + "00" * 15, "6700"),
        ("0088000010" + "00" * 16, "6985"),
        ("008200040F" + "00" * 15, "6700"),
        ("0082000410" + "00" * 16, "6A88"),
        ("0082000A10" + "00" * 16, "6984"),
        ("00200000", "63C6"),
        ("0020000000", "63C6"),
        ("805E0000", "6A86"),
        ("805E010003123456", "6A80"),
        ("805E010005123456FF65", "6A80"),
        ("805E010007123456FF65432A", "6A80"),
        ("842400020400000000", "6A86"),
        ("842401000400000000", "6A86"),
        ("8424000003000000", "6700"),
        ("84240000040000000000", "6700"),
        ("842400000400000000", "6984"),
        ("8424000114" + "00" * 20, "6984"),
        ("8424000110" + "00" * 16, "6700"),
        ("84DC000000", "6D00"),
        ("00DC000000", "6D00"),
    ],
)
def test_a_card_that_was_only_powered(card, apdu, status):
    assert _say(card, apdu) == [status]


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("00A4000002EF05", "9000"),
        ("00A4000002EF08", "6A82"),
        ("00B2010412", "6985"),
        ("00B2010012", "6985"),
        ("00B2013D12", "6A82"),
        ("00B2014C12", "6A82"),
        ("00B2012D12", "6A86"),
        ("00B2010512", "6A86"),
        ("00B2012C12", "9000"),
        ("00B2012C", "9000"),
        ("00B2012C00", "9000"),
        ("00B2012C11", "6C12"),
        ("00B2012CFF", "6C12"),
        ("00B2002C00", "6A83"),
        ("00B2082C00", "6A83"),
        ("00B2013414", "6982"),
        ("00B2093400", "6982"),
        ("0088000010" + "00" * 16, "9000"),
    ],
)
def test_a_card_that_is_selected(selected, apdu, status):
    assert _say(selected, apdu) == [status]


def test_records_by_tag_in_the_current_file(selected):
    assert _say(selected, "00A4020002EF05", "00B2070000", "00B24E0000") == ["9000", "9000", "6A83"]
    assert selected.transmit(bytes.fromhex("00B2030000"))[:6] == b"\x03\x04" + b"3.00"


def test_an_sfi_does_not_change_the_current_file(selected):
    assert _say(selected, "00A4020002EF05", "00B2013400", "00B2010400") == ["9000", "6982", "9000"]


def _external(card, p2=0x0A, flip=0):
    source = card.transmit(bytes.fromhex(CHALLENGE))[:8]
    factor = card.transmit(bytes.fromhex(CHALLENGE))[:8]
    scheme = SCHEMES[card.person.algorithm]
    master = DEMO_KEYS["RKSSSE" if p2 == 0x0A else "RPK"]
    answer = scheme.answer(card_key(scheme, master, card.person.card_id), factor, source)
    body = bytearray(answer + factor)
    if flip:
        body[flip] ^= 1
    return card.transmit(bytes.fromhex(f"008200{p2:02X}10") + body)[-2:].hex().upper()


def test_external_authentication_uses_both_challenges_up(selected):
    assert _external(selected, flip=15) == "63C2"
    assert _say(selected, "0082000A10" + "00" * 16) == ["6984"]
    assert _external(selected) == "9000"
    assert _say(selected, "0082000A10" + "00" * 16) == ["6984"]
    assert _say(selected, "00B2013400") == ["9000"]


def test_a_wrong_key_reference_keeps_the_challenges(selected):
    assert _say(selected, CHALLENGE, CHALLENGE) == ["9000"] * 2
    assert _say(selected, "0082000410" + "00" * 16, "0082000A10" + "00" * 16) == ["6A88", "63C2"]


@pytest.mark.parametrize("forget", ["power", "reset", "select"])
def test_what_was_granted_is_forgotten(selected, forget):
    assert _external(selected) == "9000"
    if forget == "power":
        selected.power_off()
    if forget != "select":
        selected.power_on()
    assert _say(selected, SELECT, "00B2013400", "00B2010400") == ["9000", "6982", "6985"]


def test_pin_and_tries_stay_without_power(selected):
    assert _say(selected, "805E010007123456FF654321", "0020000003000000") == ["9000", "63C5"]
    selected.power_off()
    selected.power_on()
    assert _say(selected, "00200000", "0020000003654321", "00200000") == ["63C5", "9000", "63C6"]


def test_a_blocked_card(card):
    blocked = VirtualCard(CARD_A, tries=0)
    blocked.power_on()
    commands = ("00200000", "0020000003123456", "805E010007123456FF654321", "805E0100")
    assert _say(blocked, *commands) == ["6983"] * 4


def test_the_last_try_says_blocked():
    card = VirtualCard(CARD_A, tries=1)
    assert _say(card, "0020000003000000", "0020000003123456") == ["6983"] * 2


def test_wrong_mac_and_missing_right(selected):
    assert _say(selected, CHALLENGE, "842400000400000000", "842400000400000000") == [
        "9000",
        "6988",
        "6984",
    ]


@pytest.mark.parametrize("block", ["00" * 16, "03112233" + "00" * 12, "0211AA80" + "00" * 12])
def test_a_block_that_is_no_pin(selected, block):
    assert _external(selected, 0x06) == "9000"
    scheme = SCHEMES[Algorithm.SM4]
    key = card_key(scheme, DEMO_KEYS["RPK"], CARD_A.card_id)
    head = bytes.fromhex("8424000114")
    for _ in range(2):  # RPK stays granted
        challenge = selected.transmit(bytes.fromhex(CHALLENGE))[:8]
        sealed = scheme._encrypt(key, bytes.fromhex(block))
        apdu = head + sealed + scheme.mac(key, challenge, head + sealed)
        assert _say(selected, apdu.hex()) == ["6A80"]
    assert _say(selected, "0020000003123456") == ["9000"]


@pytest.mark.parametrize(
    ("packed", "right"),
    [("1234", True), ("12345F", True), ("12", False), ("12345A", False), ("123FFF", False)],
)
def test_what_a_card_takes_for_a_pin(packed, right):
    assert is_pin(bytes.fromhex(packed)) is right
    if not right:
        with pytest.raises(ValueError):
            VirtualCard(CARD_A, pin=packed)


@pytest.mark.parametrize(("version", "records"), [("1.00", 6), ("2.00", 7)])
def test_older_cards_give_their_holder_to_anybody(version, records):
    card = VirtualCard(Person(version=version, algorithm=Algorithm.DES))
    card.power_on()
    assert _say(card, SELECT, f"00B20{records}3400", f"00B20{records + 1}3400") == [
        "9000",
        "9000",
        "6A83",
    ]
    assert card.transmit(bytes.fromhex("00B2033400"))[0] == (0x0A if version == "1.00" else 0x4E)
    assert b"\x9f\x0c" not in application_template(Algorithm.DES)
    assert _say(card, CHALLENGE, CHALLENGE, "0082000A10" + "00" * 16) == ["9000", "9000", "6D00"]


def test_a_3des_card():
    card = VirtualCard(dataclasses.replace(CARD_A, algorithm=Algorithm.TDES))
    card.power_on()
    assert card.transmit(bytes.fromhex(SELECT))[-3] == 0x01
    assert _external(card) == "9000"
    assert _say(card, "00B2013400") == ["9000"]


def test_a_name_goes_on_in_its_second_record():
    files = files_of(Person(name="欧" * 16 + "阳"))
    assert files[6][1][2:] + files[6][2][2:6] == ("欧" * 16 + "阳").encode("gb18030")
    with pytest.raises(ValueError, match="name"):
        files_of(Person(name="欧" * 26))


def test_nothing_of_a_person_is_shown():
    assert "张三" not in repr(CARD_A)
    assert "110105" not in repr(CARD_A)


def test_a_strict_reader_gives_data_in_its_own_way():
    card = StrictT0(VirtualCard(CARD_A))
    card.power_on()
    assert _say(card, SELECT) == ["611B"]
    assert len(card.transmit(bytes.fromhex("00C000001B"))) == 27 + 2
    assert _say(card, "00C000001B", SELECT, "00C0000005") == ["6985", "611B", "6C1B"]
    assert _say(card, "00B2012C00", "00B2012C12", "0084000008") == ["6C12", "9000", "9000"]
    card.power_off()
    assert _say(card, "00C0000012") == ["6985"]


def test_other_chips():
    bank = BankCard()
    assert len(bank.power_on()) == 17
    assert _say(bank, SELECT, "00A4040008A000000333010101") == ["6A82", "9000"]
    assert MuteCard().power_on() == MuteCard().transmit(b"") == b""
    assert _say(LockedCard(CARD_A), SELECT) == ["9303"]
