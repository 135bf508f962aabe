"""A blank card by itself: every status word, in the order of its checks."""

import json

import pytest

from hardware.social_card.arithmetic import DEMO_KEYS, SCHEMES, card_key
from hardware.social_card.blank_card import BlankCard
from hardware.social_card.card_files import CARD_B
from hardware.social_card.keys import Algorithm

OURS = CARD_B.card_id
CHALLENGE = "0084000008"
SELECT = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"


def say(card, *commands):
    return [card.transmit(bytes.fromhex(apdu))[-2:].hex().upper() for apdu in commands]


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("00DC022C", "6700"),
        ("00DC022C0302013300", "6700"),
        ("00DC022C03020133", "9000"),
        ("00DC020403020133", "6985"),
        ("00DC023A03020133", "6A82"),
        ("00DC022D03020133", "6A86"),
        ("00DC082C03020133", "6A83"),
        ("00DC002C03020133", "6A83"),
        ("00DC012C12" + "0110" + "50" * 16, "6985"),
        ("00DC022C0402013333", "6700"),
        ("00DC022C03030133", "6A80"),
        ("00DC022C03020233", "6A80"),
        ("00B2022C03", "6A83"),
        ("00B2012C12", "9000"),
        ("00B2023420", "6982"),
        ("00200000", "6A88"),
        ("0020000003123456", "6A88"),
        ("805E010007123456FF654321", "6A88"),
        ("842400000400000000", "6985"),
        ("8424000114" + "00" * 20, "6985"),
    ],
)
def test_every_status_word_of_a_blank(apdu, status):
    card = BlankCard(OURS)
    card.power_on()
    granted = say(card, SELECT) + authenticate(card, 0x04)
    assert granted == ["9000", "9000"]
    assert say(card, apdu) == [status]


def test_records_are_written_by_who_proved_the_right_to_alone():
    card = BlankCard(OURS)
    card.power_on()
    write = "00DC022C03020133"
    assert say(card, write, SELECT, write) == ["6985", "9000", "6982"]
    assert authenticate(card, 0x0A) == ["9000"]
    assert say(card, write) == ["6982"]
    assert authenticate(card, 0x04) == ["9000"]
    assert say(card, write, SELECT, write) == ["9000", "9000", "6982"]


def authenticate(card, key):
    source, factor = (card.transmit(bytes.fromhex(CHALLENGE))[:8] for _ in range(2))
    name = {0x04: "UKSSSE", 0x0A: "RKSSSE", 0x06: "RPK"}[key]
    scheme = SCHEMES[Algorithm.SM4]
    right = scheme.answer(card_key(scheme, DEMO_KEYS[name], OURS), factor, source)
    return say(card, f"008200{key:02X}10{right.hex()}{factor.hex()}")


def test_a_card_is_the_same_one_on_another_bench():
    """Half written too: the records that are there, no PIN, and what still may be written."""
    card = BlankCard(OURS)
    card.power_on()
    assert say(card, SELECT) + authenticate(card, 0x04) == ["9000", "9000"]
    assert say(card, "00DC022C03020133") == ["9000"]
    carried = BlankCard.of(json.loads(json.dumps(card.kept())))
    assert carried.kept() == card.kept()
    carried.power_on()
    assert say(carried, SELECT, "00B2022C03", "0020000003123456") == ["9000", "9000", "6A88"]


def test_a_card_in_use_keeps_its_pin_and_what_it_has_left_of_tries():
    kept = BlankCard(OURS).kept() | {"pin": "482915", "tries": 2, "personalised": True}
    carried = BlankCard.of(kept)
    carried.power_on()
    assert say(carried, SELECT, "00200000", "0020000003482915", "00200000") == [
        *("9000", "63C2", "9000", "63C6"),
    ]
    assert say(carried, "00DC022C03020133") == ["6D00"]
