"""The golden vectors of the reference card: V1 to V4, and three replies fixed as bytes.

Source: docs/devices/social_card.md, "Test vectors".
"""

import pytest

from hardware.social_card.arithmetic import DEMO_KEYS, SCHEMES, card_key
from hardware.social_card.card_files import CARD_A, CARD_B, application_template
from hardware.social_card.keys import Algorithm, Challenge, Internal
from hardware.social_card.virtual_card import VirtualCard
from tests.hardware.cards.chips import DirectChip
from tests.hardware.cards.dialogue import EXPECTED, SELECT, Dialogue
from tests.hardware.cards.hsm import Hsm

SM4, TDES = SCHEMES[Algorithm.SM4], SCHEMES[Algorithm.TDES]
S, F = bytes.fromhex("A1A2A3A4A5A6A7A8"), bytes.fromhex("B1B2B3B4B5B6B7B8")
C = bytes.fromhex("C1C2C3C4C5C6C7C8")
ID = CARD_A.card_id


def _hex(text):
    return bytes.fromhex(text)


@pytest.mark.parametrize(
    ("key", "level_1", "a", "b"),
    [
        (
            "IRK",
            "5E08E1FEB6706B9C785F5189BB68F499",
            "EBE066E39F484098A48A65D1511644EC",
            "86158A297D5DB0A23DA93B8192435B73",
        ),
        (
            "RKSSSE",
            "BB8A3F960A9117A536FCC900585ECBF7",
            "588AC62ADB00A6E6DDBE5BA5BC8C6CE7",
            "149A3AAFF53A3998038E7E59287223EB",
        ),
        (
            "PUK",
            "6C8C65A47F924A93396377902CE9465A",
            "33E5D718FB372A695E0A2B4943B312D2",
            "881FB192CC13624007963E013D822CA7",
        ),
        (
            "RPK",
            "3A4DB635F7C47DE2DDD12E2560F0CE66",
            "A7C58F65FF3FBF6D04CD0839F2E045B6",
            "FB6FFA2277B7409C51FA9503D8114193",
        ),
    ],
)
def test_v1_keys_of_a_card(key, level_1, a, b):
    master = DEMO_KEYS[key]
    assert SM4.split(master, ID[:3] + bytes(5)) == _hex(level_1)
    assert card_key(SM4, master, ID) == _hex(a)
    assert card_key(SM4, master, CARD_B.card_id) == _hex(b)


@pytest.mark.parametrize(
    ("key", "process_key", "answer"),
    [
        ("IRK", "9E4729A51D4130A05C71352FB293BCDB", "7AEFF48771CBD5A2"),
        ("RKSSSE", "5308F1D710102F83D106C2135DA2ED66", "DD858F94FB936612"),
        ("RPK", "336FFBD850266E6BE3548062F347C8F7", "DCC504FBD14ABA23"),
    ],
)
def test_v2_authentication_values(key, process_key, answer):
    own = card_key(SM4, DEMO_KEYS[key], ID)
    assert SM4.split(own, F) == _hex(process_key)
    assert SM4.answer(own, F, S) == _hex(answer)


def _card_with(*challenges):
    left = list(challenges)
    card = VirtualCard(CARD_A, random=lambda _size: left.pop(0))
    card.power_on()
    card.transmit(_hex(SELECT))
    for _ in challenges:
        card.transmit(_hex("0084000008"))
    return card


def test_v2_as_commands_to_the_card():
    card = _card_with()
    internal = card.transmit(_hex("0088000010B1B2B3B4B5B6B7B8A1A2A3A4A5A6A7A8"))
    assert internal == _hex("7AEFF48771CBD5A29000")
    assert Hsm().holder(ID, "03", Internal(F, S, internal[:-2]), Challenge(F, S)) == _hex(
        "DD858F94FB936612B1B2B3B4B5B6B7B8"
    )
    for apdu in (
        "0082000A10DD858F94FB936612B1B2B3B4B5B6B7B8",
        "0082000610DCC504FBD14ABA23B1B2B3B4B5B6B7B8",
    ):
        assert _card_with(S, F).transmit(_hex(apdu)) == _hex("9000")


def test_v3_unblock():
    apdu = Hsm().unblock(ID, "03", C)
    assert apdu == _hex("8424000004B9D82199")
    assert _card_with(C).transmit(apdu) == _hex("9000")


@pytest.mark.parametrize(
    ("pin", "apdu"),
    [
        ("112233", "8424000114C10F439A1FE51D46EBA9BA6AC023D6C388894D8A"),
        ("12345", "84240001143A2E25DF8AF9057E0025BE53C6C516DABDE0F738"),
    ],
)
def test_v3_reload(pin, apdu):
    assert Hsm().reload(ID, "03", C, _hex("8424000114"), pin) == _hex(apdu)
    challenges = [S, F, C]
    card = VirtualCard(CARD_A, random=lambda _size: challenges.pop(0))
    for command in (SELECT, "0084000008", "0084000008"):
        card.transmit(_hex(command))
    card.transmit(_hex("0082000610DCC504FBD14ABA23B1B2B3B4B5B6B7B8"))
    card.transmit(_hex("0084000008"))
    assert card.transmit(_hex(apdu)) == _hex("9000")
    body = _hex(pin + "F" * (len(pin) % 2))
    assert card.transmit(_hex("00200000") + bytes([len(body)]) + body) == _hex("9000")


def test_v4_3des():
    master, factor = _hex("0123456789ABCDEFFEDCBA9876543210"), _hex("32BF57D4E5C53800")
    assert TDES.split(master, factor) == _hex("76F317D9F1767FA65621E4DFD959A1B7")
    sealed = TDES.seal(master, _hex("654321"))
    message = _hex("842400010C") + sealed
    assert message + TDES.mac(master, factor, message) == _hex("842400010C602A5D832D0261C0A2D16ACA")


def test_the_template_and_three_records():
    template = "6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C03860103"
    assert application_template(Algorithm.SM4) == _hex(template)
    card = _card_with(S, F)
    card.transmit(_hex("0082000A10DD858F94FB936612B1B2B3B4B5B6B7B8"))
    card.transmit(_hex("00A4020002EF05"))
    assert card.transmit(_hex("00B2030406")) == _hex("0304332E30309000")
    assert card.transmit(_hex("00B2072C00")) == _hex("07094131323334353637389000")
    assert card.transmit(_hex("00B2013400")) == _hex("08123131303130353139343931323331303032589000")


def test_the_answer_to_reset():
    assert VirtualCard(CARD_A).power_on() == _hex("3B6D000000815443435086330102030405")


def test_the_conformance_dialogue():
    dialogue = Dialogue(DirectChip(VirtualCard(CARD_A))._exchange)
    assert dialogue.run() == EXPECTED
    assert sum(len(words) for words in dialogue.steps) == 46
    assert dialogue.name == _hex("091ED5C5C8FD") + bytes(26)
