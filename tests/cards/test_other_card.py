"""The other card against the vectors, the dialogue and the check order of its profile."""

import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cards import other_card, sm4
from tests.cards.other_card import CARD_IDS, IRK, PUK, RKSSSE, RPK, OtherCard

S, F = bytes.fromhex("A1A2A3A4A5A6A7A8"), bytes.fromhex("B1B2B3B4B5B6B7B8")
C = bytes.fromhex("C1C2C3C4C5C6C7C8")

SELECT_AID = "00A404000F 7378312E73682E C9E7BBE1B1A3D5CF"
SELECT_EF05, SELECT_EF06, SELECT_EF07 = "00A4020002EF05", "00A4020002EF06", "00A4020002EF07"
CHALLENGE = "0084000008"
FCI = "6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C0386010390 00"
NUMBER = "08123131303130353139343931323331303032589000"
NAME = bytes.fromhex("091E D5C5C8FD") + bytes(26)

INTERNAL = "0088000010 B1B2B3B4B5B6B7B8 A1A2A3A4A5A6A7A8"
EXTERNAL_RKSSSE = "0082000A10 DD858F94FB936612 B1B2B3B4B5B6B7B8"
EXTERNAL_RPK = "0082000610 DCC504FBD14ABA23 B1B2B3B4B5B6B7B8"
ZEROS = bytes(16).hex()
UNBLOCK = "8424000004 B9D82199"
RELOAD_112233 = "8424000114 C10F439A1FE51D46EBA9BA6AC023D6C3 88894D8A"
RELOAD_12345 = "8424000114 3A2E25DF8AF9057E0025BE53C6C516DA BDE0F738"


class Desk:
    """A card A whose next challenges are chosen, and the HSM's side of its keys."""

    def __init__(self, card: str = "A") -> None:
        self.drawn: list[bytes] = []
        self.card = OtherCard(CARD_IDS[card], lambda size: self.drawn.pop(0)[:size])
        self.keys = {key: other_card.card_key(key, CARD_IDS[card]) for key in (IRK, RPK, PUK)}

    def says(self, apdu: str | bytes) -> str:
        sent = apdu if isinstance(apdu, bytes) else bytes.fromhex(apdu)
        return self.card.answer(sent).hex().upper()

    def challenges(self, *values: bytes) -> list[str]:
        self.drawn += values
        return [self.says(CHALLENGE)[-4:] for _ in values]

    def reload(self, block: bytes, *, challenge: bytes = C) -> bytes:
        header = bytes.fromhex("8424000114") + sm4.encrypt(self.keys[RPK], block)
        return header + other_card.mac(self.keys[RPK], challenge, header)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_sm4_of_the_standard():
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    secret = bytes.fromhex("681EDF34D206965E86B3E94F536E4246")
    assert sm4.encrypt(key, key) == secret
    assert sm4.decrypt(key, secret) == key
    with pytest.raises(ValueError, match="16 bytes, not 15"):
        sm4.encrypt(key, key[:15])


@pytest.mark.parametrize(
    ("master", "region_key", "key_a", "key_b"),
    [
        (
            IRK,
            "5E08E1FEB6706B9C785F5189BB68F499",
            "EBE066E39F484098A48A65D1511644EC",
            "86158A297D5DB0A23DA93B8192435B73",
        ),
        (
            RKSSSE,
            "BB8A3F960A9117A536FCC900585ECBF7",
            "588AC62ADB00A6E6DDBE5BA5BC8C6CE7",
            "149A3AAFF53A3998038E7E59287223EB",
        ),
        (
            PUK,
            "6C8C65A47F924A93396377902CE9465A",
            "33E5D718FB372A695E0A2B4943B312D2",
            "881FB192CC13624007963E013D822CA7",
        ),
        (
            RPK,
            "3A4DB635F7C47DE2DDD12E2560F0CE66",
            "A7C58F65FF3FBF6D04CD0839F2E045B6",
            "FB6FFA2277B7409C51FA9503D8114193",
        ),
    ],
    ids=["IRK", "RKSSSE", "PUK", "RPK"],
)
def test_v1_diversification(master, region_key, key_a, key_b):
    region = sm4.encrypt(master, bytes.fromhex("3303000000000000CCFCFFFFFFFFFFFF"))
    assert region == bytes.fromhex(region_key)
    card = sm4.encrypt(region, bytes.fromhex("99110145FFFFFFFF66EEFEBA00000000"))
    assert card == bytes.fromhex(key_a)
    assert other_card.card_key(master, CARD_IDS["A"]) == card
    assert other_card.card_key(master, CARD_IDS["B"]) == bytes.fromhex(key_b)


@pytest.mark.parametrize(
    ("master", "process_key", "value"),
    [
        (IRK, "9E4729A51D4130A05C71352FB293BCDB", "7AEFF48771CBD5A2"),
        (RKSSSE, "5308F1D710102F83D106C2135DA2ED66", "DD858F94FB936612"),
        (RPK, "336FFBD850266E6BE3548062F347C8F7", "DCC504FBD14ABA23"),
    ],
    ids=["IRK", "RKSSSE", "RPK"],
)
def test_v2_authentication(master, process_key, value):
    key = other_card.card_key(master, CARD_IDS["A"])
    assert other_card.process_key(key, F) == bytes.fromhex(process_key)
    assert other_card.authentication(key, F, S) == bytes.fromhex(value)


def test_v2_apdus(desk):
    desk.says(SELECT_AID)
    assert desk.says(INTERNAL) == "7AEFF48771CBD5A29000"
    for apdu in (EXTERNAL_RKSSSE, EXTERNAL_RPK):
        desk.challenges(S, F)
        assert desk.says(apdu) == "9000"


def test_v3_secured_commands(desk):
    first = bytes.fromhex("45E6C3C4C146C7C80000000000000000")
    value = bytes.fromhex("B9D82199852BE7D4A0C9D576347C4B0C")
    assert sm4.encrypt(desk.keys[PUK], first) == value
    desk.challenges(C)
    assert desk.says(UNBLOCK) == "9000"
    desk.challenges(S, F)
    assert desk.says(EXTERNAL_RPK) == "9000"
    for apdu, block, pin in (
        (RELOAD_112233, "03112233800000000000000000000000", "112233"),
        (RELOAD_12345, "0312345F800000000000000000000000", "12345F"),
    ):
        assert desk.reload(bytes.fromhex(block)) == bytes.fromhex(apdu)
        desk.challenges(C)
        assert desk.says(apdu) == "9000"  # RPK stays granted
        assert desk.says("0020000003" + pin) == "9000"


DIALOGUE = """
9000 9000 9000 6982
9000 9000 9000 9000 9000 9000 9000
6984 6A88 9000 9000 63C2
63C5 9000 9000
63C5 63C4 63C3 63C2 63C1 6983 6983
9000 9000 9000
9000 6982 9000 9000 9000
9000 6988 6984
9000 9000 9000 63C5
6D00 6A82 6A82 6C14 6A83
"""


def test_the_dialogue_of_46_status_words(desk):
    heard: list[str] = []

    def say(*apdus: str) -> None:
        heard.extend(desk.says(apdu)[-4:] for apdu in apdus)

    def challenges(*values: bytes) -> None:
        heard.extend(desk.challenges(*values))

    say(SELECT_AID, SELECT_EF05, "00B2010412", "00B2023400")
    challenges(S, F)
    assert desk.says(INTERNAL)[:-4] == "7AEFF48771CBD5A2"
    say(INTERNAL)
    challenges(S, F)
    say(EXTERNAL_RKSSSE)
    assert bytes.fromhex(desk.says("00B2023400"))[:-2] == NAME
    say("00B2023400")
    say("0082000A10" + ZEROS, "0082000410" + ZEROS)
    challenges(S, F)
    say("0082000A10" + ZEROS)
    say("805E010007 111111FF654321", "805E010007 123456FF654321", "0020000003654321")
    say(*["0020000003000000"] * 7)
    challenges(C)
    say(UNBLOCK, "0020000003654321")
    challenges(C)
    say(RELOAD_112233)
    challenges(S, F)
    say(EXTERNAL_RPK)
    challenges(C)
    spoilt = RELOAD_112233[:-2] + "8B"
    say(spoilt, spoilt)
    challenges(C)
    say(RELOAD_112233, "0020000003112233", "0020000003654321")
    say("00CA000000", "00A4040003A00000", SELECT_EF07, "00B2013405", "00B2093400")
    assert heard == DIALOGUE.split()
    assert len(heard) == 46


def test_replies_fixed_as_bytes(desk):
    assert desk.says(SELECT_AID) == FCI.replace(" ", "")
    assert desk.says(SELECT_EF05) == "9000"
    assert desk.says("00B2030406") == "0304332E30309000"
    assert desk.says("00B2072C00") == "07094131323334353637389000"
    desk.challenges(S, F)
    desk.says(EXTERNAL_RKSSSE)
    assert desk.says("00B2013400") == NUMBER


def test_card_b_is_of_chongqing():
    desk = Desk("B")
    desk.says(SELECT_AID)
    assert desk.says("00B2012C12") == "0110500000D15600000500000001FFFFFFFF9000"


# What was said before, the command, the answer. Only the status word where data is not the point.
CHECKS = [
    ("", "", "6700"),
    ("", "00A404", "6700"),
    ("", "0020000000" + "00", "6700"),  # Lc 0
    ("", "0020000003 1234", "6700"),  # shorter than Lc
    ("", "0020000003 123456 00 00", "6700"),  # longer than Lc and Le
    ("", "00CA0000", "6D00"),
    ("", "8020000003 123456", "6D00"),
    ("", "00DC000000", "6D00"),
    ("", "00A40401" + SELECT_AID[8:], "6A86"),
    ("", "00A4040003A00000", "6A82"),
    ("", "00A40400", "6A82"),
    ("", SELECT_EF05, "6A82"),
    (SELECT_AID, "00A4000002EF05", "9000"),
    (SELECT_AID, "00A4010002EF05", "6A86"),
    (SELECT_AID, "00A4020402EF05", "6A86"),
    (SELECT_AID, SELECT_EF07, "6A82"),
    ("", "00B2FFFF00", "6985"),
    (SELECT_AID, "00B2010400", "6985"),
    (SELECT_AID, "00B2010000", "6985"),
    (SELECT_AID, "00B2010C00", "6A82"),
    (SELECT_AID, "00B2010D00", "6A82"),
    (SELECT_AID, "00B2012D00", "6A86"),
    (SELECT_AID, "00B2012800", "6A86"),
    (SELECT_AID, "00B2010100", "6A86"),
    (SELECT_AID, "00B2093405", "6982"),
    (SELECT_AID, "00B2082C05", "6A83"),
    (SELECT_AID, "00B2002C00", "6A83"),
    (SELECT_AID, "00B2022C05", "6C03"),
    (SELECT_AID, "00B2022C", "0201339000"),
    (SELECT_AID, "00B2022C01 00 03", "6700"),
    (f"{SELECT_AID},{SELECT_EF06}", "00B2010400", "6982"),
    (f"{SELECT_AID},{SELECT_EF06}", "00B2022C00", "0201339000"),
    (f"{SELECT_AID},{SELECT_EF06},00B2022C00", "00B2010400", "6982"),  # EF06 is still current
    (f"{SELECT_AID},{SELECT_EF05}", "00B2070000", "07094131323334353637389000"),
    (f"{SELECT_AID},{SELECT_EF05}", "00B2080000", "6A83"),
    (f"{SELECT_AID},{SELECT_EF05},{SELECT_AID}", "00B2010400", "6985"),
    (f"{SELECT_AID},{SELECT_EF05},00A4040003A00000", "00B2020400", "0201339000"),
    ("", "0084000010", "6700"),
    ("", "00840000", "6700"),
    ("", "0084000001 00 08", "6700"),
    ("", "0084000100", "6A86"),
    ("", "0088000008" + "00" * 8, "6700"),
    ("", INTERNAL, "6985"),
    ("", "0082000408" + "00" * 8, "6700"),
    ("", "0082000410" + ZEROS, "6A88"),
    ("", "0082010A10" + ZEROS, "6A86"),
    ("", "0082000A10" + ZEROS, "6984"),
    ("", "00200000", "63C6"),
    ("", "0020000000", "63C6"),
    ("00200000,00200000", "0020000003 000000", "63C5"),  # a query costs no try
    ("0020000003 000000", "00200000", "63C5"),
    ("0020000003 000000,0020000003 123456", "00200000", "63C6"),
    ("0020000003 000000", "0020000004 123456FF", "63C4"),
    ("", "0020000103 123456", "6A86"),
    ("", "805E010003 123456", "6A80"),
    ("", "805E0100", "6A80"),
    ("", "805E010004 123456FF", "6A80"),
    ("", "805E010005 123456FF12", "6A80"),
    ("", "805E010006 123456FF123F", "6A80"),
    ("", "805E010006 123456FF12FF", "6A80"),
    ("", "805E010006 123456FF1A34", "6A80"),
    ("", "805E01000D 123456FF 112233445566778899", "6A80"),
    ("805E010005 000000FF12", "00200000", "63C6"),  # a bad new PIN costs no try
    ("", "805E010006 123456FF1234", "9000"),
    ("", "805E01000C 123456FF 1122334455667788", "9000"),
    ("805E010007 123456FF 12345F", "805E010007 12345FFF 654321", "9000"),  # odd old PIN
    ("", "805E000007 123456FF654321", "6A86"),
    ("", "8424000204 00000000", "6A86"),
    ("", "8424010004 00000000", "6A86"),
    ("", "84240000", "6700"),
    ("", "8424000004 00000000 00", "6700"),  # no Le byte
    ("", "8424000003 000000", "6700"),
    ("", RELOAD_112233 + "00", "6700"),
    ("", UNBLOCK, "6984"),
    ("", RELOAD_112233, "6984"),
]


@pytest.mark.parametrize(
    ("before", "apdu", "answer"),
    CHECKS,
    ids=[f"{apdu[:8]} {answer[-4:]}" for _, apdu, answer in CHECKS],
)
def test_what_is_checked_and_in_which_order(desk, before, apdu, answer):
    for earlier in filter(None, before.split(",")):
        desk.says(earlier)
    assert desk.says(apdu) == answer


def test_challenges_are_kept_and_dropped_as_the_profile_says(desk):
    desk.challenges(C, S, F)  # the last two count
    assert desk.says("0082000410" + ZEROS) == "6A88"
    assert desk.says(SELECT_AID)[-4:] == "9000"
    assert desk.says(INTERNAL)[-4:] == "9000"
    assert desk.says(EXTERNAL_RKSSSE) == "9000"
    assert desk.says(EXTERNAL_RKSSSE) == "6984"  # used
    desk.challenges(S)
    assert desk.says(EXTERNAL_RKSSSE) == "6984"
    desk.challenges(F)
    assert desk.says("0082000A10" + ZEROS) == "63C2"
    assert desk.says(EXTERNAL_RKSSSE) == "6984"  # used by the failure too
    desk.challenges(S, C)
    assert desk.says(UNBLOCK) == "9000"  # the latest
    assert desk.says(UNBLOCK) == "6984"


@pytest.mark.parametrize(
    ("source", "factor"), [(F, S), (S, C), (C, F)], ids=["swapped", "other factor", "other source"]
)
def test_external_authentication_is_of_its_own_challenges(desk, source, factor):
    desk.challenges(source, factor)
    assert desk.says(EXTERNAL_RKSSSE) == "63C2"


def test_external_authentication_carries_its_own_factor(desk):
    desk.challenges(S, F)
    assert desk.says(EXTERNAL_RKSSSE[:-1] + "9") == "63C2"


def test_each_key_opens_its_own(desk):
    desk.says(SELECT_AID)
    desk.challenges(S, F)
    assert desk.says(EXTERNAL_RPK) == "9000"
    assert desk.says("00B2013400") == "6982"
    desk.challenges(S, F)
    assert desk.says("0082000A" + EXTERNAL_RPK[8:]) == "63C2"


def test_a_failed_authentication_takes_none_back(desk):
    desk.says(SELECT_AID)
    desk.challenges(S, F)
    desk.says(EXTERNAL_RKSSSE)
    desk.challenges(S, F)
    assert desk.says("0082000A10" + ZEROS) == "63C2"
    assert desk.says("00B2013400") == NUMBER
    assert desk.says("00B2010034") == "6985"  # by tag, of the current file: none
    assert desk.says(SELECT_EF06) == "9000"
    assert desk.says("00B2080000") == NUMBER  # by tag
    desk.says(SELECT_AID)
    assert desk.says("00B2013400") == "6982"


NO_PIN_BLOCKS = {
    "no 80": "03112233000000000000000000000000",
    "not 00 behind it": "03112233800000000000000000000001",
    "L too small": "02112233800000000000000000000000",
    "L too large": "04112233800000000000000000000000",
    "no room for 80": "0F112233445566778811223344556677",
    "L beyond the block": "FF112233800000000000000000000000",
    "nothing": "00800000000000000000000000000000",
    "two digits": "01128000000000000000000000000000",
    "no digits": "031122AA800000000000000000000000",
    "18 digits": "09112233445566778899800000000000",
}


@pytest.mark.parametrize("block", NO_PIN_BLOCKS.values(), ids=NO_PIN_BLOCKS)
def test_a_reload_of_what_is_no_pin(desk, block):
    desk.challenges(S, F)
    desk.says(EXTERNAL_RPK)
    desk.challenges(C)
    assert desk.says(desk.reload(bytes.fromhex(block))) == "6A80"
    assert desk.says("0020000003123456") == "9000"


def test_a_reload_gives_all_tries_back(desk):
    for _ in range(6):
        desk.says("0020000003000000")
    desk.challenges(S, F)
    desk.says(EXTERNAL_RPK)
    desk.challenges(C)
    assert desk.says(RELOAD_112233) == "9000"
    assert desk.says("00200000") == "63C6"


def test_a_blocked_card_takes_no_pin_and_keeps_it(desk):
    for _ in range(5):
        desk.says("0020000003000000")
    assert desk.says("805E010007 000000FF654321") == "6983"  # the last try, as VERIFY
    assert desk.says("0020000003123456") == "6983"
    assert desk.says("00200000") == "6983"
    assert desk.says("805E010003 123456") == "6983"  # before its form is looked at
    desk.card.reset()
    assert desk.says("00200000") == "6983"
    desk.challenges(C)
    assert desk.says(UNBLOCK) == "9000"
    assert desk.says("0020000003123456") == "9000"


def test_a_reset_clears_all_but_pin_and_tries(desk):
    desk.says(SELECT_AID)
    desk.says("805E010007 123456FF654321")
    desk.says("0020000003000000")
    for apdu in (EXTERNAL_RKSSSE, EXTERNAL_RPK):
        desk.challenges(S, F)
        desk.says(apdu)
    desk.challenges(C)
    desk.card.reset()
    assert desk.says(UNBLOCK) == "6984"
    desk.challenges(C)
    assert desk.says(RELOAD_112233) == "6982"
    assert desk.says("00B2013400") == "6985"
    desk.says(SELECT_AID)
    assert desk.says("00B2013400") == "6982"
    assert desk.says("00200000") == "63C5"
    assert desk.says("0020000003654321") == "9000"


WORDS = re.compile(r"9000|6C..|63C[1-6]|6700|698[234568]|6A8[02368]|6D00")
HEADERS = re.findall(rb"..", bytes.fromhex("00A4 00B2 0084 0088 0082 0020 805E 8424"), re.DOTALL)


@given(st.lists(st.builds(bytes.__add__, st.sampled_from([b"", *HEADERS]), st.binary())))
def test_any_bytes_are_answered_with_a_word_in_use(apdus):
    card = OtherCard()
    for apdu in apdus:
        assert WORDS.fullmatch(card.answer(apdu)[-2:].hex().upper())


class Slot:
    """The end of the wire where vpcd is, and the program with the card at the other."""

    def __init__(self, listener: socket.socket, program: "subprocess.Popen[bytes]") -> None:
        self.program = program
        self._listener = listener
        self.accept()

    def accept(self) -> None:
        self.wire, _ = self._listener.accept()
        self.wire.settimeout(5)

    def tell(self, message: str) -> None:
        data = bytes.fromhex(message)
        self.wire.sendall(len(data).to_bytes(2, "big"))
        self.wire.sendall(data)

    def ask(self, message: str) -> str:
        self.tell(message)
        length = int.from_bytes(self._receive(2), "big")
        return self._receive(length).hex().upper()

    def _receive(self, length: int) -> bytes:
        return self.wire.recv(length, socket.MSG_WAITALL)


@pytest.fixture
def slot() -> Iterator[Slot]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        command = [sys.executable, "-m", "tests.cards.other_card", "--card", "B", "--port"]
        with subprocess.Popen(
            [*command, str(listener.getsockname()[1])],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        ) as program:
            try:
                slot = Slot(listener, program)
                yield slot
                slot.wire.close()
            finally:
                program.kill()


def test_the_program_is_a_card_in_the_slot(slot):
    assert slot.program.stdout
    assert select.select([slot.program.stdout], [], [], 5)[0]
    assert slot.program.stdout.readline() == b"ready\n"
    slot.tell("01")
    assert slot.ask("04") == "3B6D00000081544343508633010203 0405".replace(" ", "")
    assert slot.ask(SELECT_AID) == FCI.replace(" ", "")
    assert slot.ask("00B2012C12")[4:10] == "500000"
    assert slot.ask("0020000003000000") == "63C5"
    for message in ("02", "00", "01"):
        slot.tell(message)
        assert slot.ask("00B2022C00") == "6985"
        slot.ask(SELECT_AID)
    slot.wire.close()  # in the midst of service
    slot.accept()
    assert slot.ask("00200000") == "63C5"
    slot.tell("01")
    slot.program.send_signal(signal.SIGTERM)
    assert slot.program.wait(5) == 0
