"""A blank card is written: golden bytes, every refusal, and the card lost at every command."""

import dataclasses
from pathlib import Path

import pytest

from hardware.fault import DeviceFault
from hardware.secret import Secret
from hardware.social_card.blank_card import BlankCard
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_A, CARD_B, files_of
from hardware.social_card.keys import Algorithm, KeysRefused
from hardware.social_card.other_chips import BankCard, StrictT0
from hardware.social_card.outcomes import (
    AnotherCard,
    BankOnly,
    Blank,
    Card,
    Changed,
    Declined,
    Differs,
    Holder,
    NotBlank,
    Personalised,
    Pulled,
    Refused,
    Unfinished,
    Unknown,
    Unreachable,
    Verified,
)
from hardware.social_card.personalisation import Personalisation
from hardware.social_card.profile import read_profile
from hardware.social_card.status_words import Word
from hardware.social_card.virtual_card import VirtualCard
from tests.hardware.cards.chips import DirectChip
from tests.hardware.cards.dialogue import EXPECTED, Dialogue
from tests.hardware.cards.hsm import Hsm

PROFILES = Path(__file__).parents[2] / "config/profiles/social_card.toml"
REFERENCE = read_profile(PROFILES, "reference")
OURS = CARD_B.card_id


class WritingHsm(Hsm):
    """`PersonalisationKeys` by the demo keys; `refused_at`: this function says no."""

    def __init__(self, offline_at="", refused_at=""):
        super().__init__(offline_at)
        self.refused_at = refused_at

    def personalise(self, card_id, algorithm, internal, external):
        self._ask("personalise", algorithm)
        return self._external("UKSSSE", card_id, algorithm, external)

    def initial_pin(self, card_id, algorithm, challenge, header):
        scheme, key = self._ask("initial_pin", algorithm), self._key("RPK", card_id, algorithm)
        sealed = scheme.seal(key, bytes.fromhex("123456"))
        return header + sealed + scheme.mac(key, challenge, header + sealed)

    def _ask(self, function, algorithm):
        if function == self.refused_at:
            raise KeysRefused("over")
        return super()._ask(function, algorithm)


def of(person, **changes):
    names = {row.name for row in dataclasses.fields(Personalisation)}
    texts = {name: getattr(person, name) for name in names}
    return Personalisation(**(texts | changes))


DATA = of(CARD_A)


def talk(card, profile=REFERENCE, same_as=None, **pulled):
    return SocialCard(DirectChip(card, **pulled), profile, same_as)


def read_back(card, profile=REFERENCE):
    """What the card says of itself, as it would have been given to be written."""
    says = talk(card, profile)
    basic, holder = says.identify(), says.read_holder(Hsm())
    assert isinstance(basic, Card)
    assert isinstance(holder, Holder)
    assert holder.genuine
    both = dataclasses.asdict(basic) | dataclasses.asdict(holder)
    return Personalisation(**{row.name: both[row.name] for row in dataclasses.fields(DATA)})


def verify(card, digits="123456"):
    with Secret(bytearray(digits.encode())) as pin:
        return talk(card).verify(pin)


def test_a_blank_says_that_it_is_one_and_which():
    found = talk(BlankCard(OURS)).blank()
    assert isinstance(found, Blank)
    assert (found.card_id, found.card_number) == (OURS.hex().upper(), "")
    assert (found.algorithm, found.foreign) == (Algorithm.SM4, False)
    assert found.atr == "3B6D000000815443435086330102030405"
    assert OURS.hex().upper() not in repr(found)


def test_a_card_in_use_is_not_blank():
    assert talk(VirtualCard(CARD_A)).blank() == NotBlank()
    assert talk(BankCard()).blank() == BankOnly()


def test_a_blank_can_be_used_for_nothing_else():
    with Secret(bytearray(b"123456")) as pin:
        for operation in (
            lambda says: says.identify(),
            lambda says: says.read_holder(Hsm()),
            lambda says: says.verify(pin),
            lambda says: says.reload(Hsm(), "112233"),
            lambda says: says.unblock(Hsm()),
            lambda says: says.tries(),
        ):
            assert isinstance(operation(talk(BlankCard(OURS))), Blank)


def test_it_is_written_as_the_reference_card_and_speaks_its_dialogue():
    card = BlankCard(CARD_A.card_id)
    hsm = WritingHsm()
    assert talk(card).personalise(DATA, hsm) == Personalised()
    assert hsm.asked == ["personalise", "holder", "reset", "initial_pin"]
    assert card._files == files_of(CARD_A)
    card.power_on()
    assert Dialogue(card.transmit).run() == EXPECTED


def test_the_commands_it_is_written_with():
    chip = DirectChip(BlankCard(CARD_A.card_id))
    SocialCard(chip, REFERENCE).personalise(DATA, WritingHsm())
    written = [command.hex().upper() for command in chip.sent if command[1] == 0xDC]
    assert written == [
        "00DC072C0B" + "0709413132333435363738",
        "00DC022C03" + "020133",
        "00DC032C06" + "0304332E3030",
        "00DC042C0E" + "040C91560000023303003303FFFF",
        "00DC052C06" + "050420260101",
        "00DC062C06" + "060420360101",
        "00DC013414" + "0812313130313035313934393132333130303258",
        "00DC023420" + "091ED5C5C8FD" + "00" * 26,
        "00DC033416" + "4E14" + "00" * 20,
        "00DC043403" + "0A0132",
        "00DC053403" + "0B0101",
        "00DC063405" + "0C03110105",
        "00DC073406" + "0D0419491231",
    ]
    assert not any(any(buffer) for buffer in chip.buffers)  # each was wiped
    assert chip.sent[-1][:5].hex() == "8424000114"  # the PIN is the last thing it is told
    assert [c[3] for c in chip.sent if c[1] == 0x82] == [0x04, 0x0A, 0x06]


@pytest.mark.parametrize("addressing", ["sfi", "selected", "tag"])
@pytest.mark.parametrize("order", ["source_first", "factor_first"])
@pytest.mark.parametrize("algorithm", [Algorithm.SM4, Algorithm.TDES])
def test_it_is_written_in_every_way_a_profile_has(addressing, order, algorithm):
    changed = {"addressing": addressing, "internal_order": order, "read_le": "any"}
    profile = dataclasses.replace(REFERENCE, **changed)
    card = BlankCard(OURS, algorithm)
    if order == "factor_first":
        assert talk(StrictT0(card), profile).personalise(DATA, WritingHsm()) == Personalised()
        assert read_back(card, profile) == DATA
        assert verify(card) == Verified()
    else:  # another order than the card's: it does not prove itself, so it is written nothing
        outcome = talk(card, profile).personalise(DATA, Judging())
        assert outcome == Refused("not_genuine")
        assert card._files[5][6] == b""


class Judging(WritingHsm):
    def personalise(self, card_id, algorithm, internal, external):
        self.holder(card_id, algorithm, internal, external)
        return super().personalise(card_id, algorithm, internal, external)


@pytest.mark.parametrize(
    "name",
    [
        "李",
        "欧阳" * 7 + "锋",
        "阿卜杜拉" * 6,
        "𠮷" * 12,
        "阿" * 14 + "𠮷" * 5,
        "㐂·Ö买买提" * 2,
        "字" * 25,
    ],
    ids=["short", "30 bytes", "48", "4 bytes each", "in the middle of a character", "mixed", "50"],
)
def test_names_of_every_length_and_of_rare_characters(name):
    card, data = BlankCard(OURS), of(CARD_A, name=name)
    assert talk(card).personalise(data, WritingHsm()) == Personalised()
    assert read_back(card) == data


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "字" * 26},
        {"name": "\ud800"},
        {"name": "张\x00"},
        {"name": ""},
        {"card_number": ""},
        {"card_number": "A123456789"},
        {"issued": "2026-1-1"},
        {"issued": "２０２６０１０１"},
        {"born": "194912310"},
        {"nation": "0A"},
        {"sex": "22"},
        {"version": "2.00"},
        {"version": ""},
    ],
)
def test_what_no_card_can_have_is_refused_before_and_not_shown(changes):
    ((field, value),) = changes.items()
    with pytest.raises(ValueError, match=field) as told:
        of(CARD_A, **changes)
    assert not value or value not in str(told.value)
    assert told.value.__cause__ is None


def test_it_shows_nothing_of_the_person():
    assert repr(DATA) == "Personalisation(version='3.00')"


def test_a_card_in_use_is_never_written():
    for card in (VirtualCard(CARD_B), BlankCard(OURS)):
        talk(card).personalise(DATA, WritingHsm())
        before = dict(card._files)
        assert talk(card).personalise(of(CARD_A, name="李四"), WritingHsm()) == NotBlank()
        assert card._files == before


def test_the_card_itself_takes_no_record_and_knows_no_key_once_it_is_in_use():
    card = BlankCard(OURS)
    talk(card).personalise(DATA, WritingHsm())
    chip = DirectChip(card)
    SocialCard(chip, REFERENCE).identify()
    assert card.transmit(bytes.fromhex("0082000410" + "00" * 16)) == b"\x6a\x88"
    assert card.transmit(bytes.fromhex("00DC022C03020133")) == b"\x6d\x00"


def test_a_card_begun_for_another_number_is_left_alone():
    card = BlankCard(OURS)
    hsm = WritingHsm(offline_at="holder")
    assert talk(card).personalise(DATA, hsm) == Unfinished(Unreachable())
    found = talk(card).blank()
    assert isinstance(found, Blank)
    assert found.card_number == "A12345678"
    other = of(CARD_A, card_number="B00000001")
    assert talk(card).personalise(other, WritingHsm()) == NotBlank()
    assert talk(card).personalise(DATA, WritingHsm()) == Personalised()


def test_another_card_than_before_is_left_alone():
    card = BlankCard(OURS)
    before = talk(VirtualCard(CARD_A)).identify()
    assert isinstance(before, Card)
    assert talk(card, same_as=before).personalise(DATA, WritingHsm()) == AnotherCard()
    assert card._files[5][6] == b""


@pytest.mark.parametrize(
    ("function", "begun"),
    [("personalise", False), ("holder", True), ("reset", True), ("initial_pin", True)],
)
def test_the_hsm_says_no_or_nothing(function, begun):
    for hsm, why in (
        (WritingHsm(offline_at=function), Unreachable()),
        (WritingHsm(refused_at=function), Refused("over")),
    ):
        card = BlankCard(OURS)
        outcome = talk(card).personalise(DATA, hsm)
        assert outcome == (Unfinished(why) if begun else why)
        assert not card.personalised
        assert talk(card).personalise(DATA, WritingHsm()) == Personalised()


def test_the_hsm_may_send_the_card_nothing_but_a_reload():
    class Wrong(WritingHsm):
        def initial_pin(self, card_id, algorithm, challenge, header):
            return b"\x84\xdc" + super().initial_pin(card_id, algorithm, challenge, header)[2:]

    outcome = talk(BlankCard(OURS)).personalise(DATA, Wrong())
    assert outcome == Unfinished(Refused("invalid_answer"))


def test_an_algorithm_without_reload_is_refused_before_anything_is_written():
    card = BlankCard(OURS, Algorithm.SSF33)
    assert talk(card).personalise(DATA, WritingHsm()) == Refused("algorithm_not_supported")


class Forgetful(BlankCard):
    """Writes one record wrong."""

    def _update_record(self, apdu):
        done = super()._update_record(apdu)
        self._files[6][3] = b"\x0a\x01\x31"
        return done


def test_what_is_not_read_back_as_it_was_written_is_not_put_into_use():
    card = Forgetful(OURS)
    assert talk(card).personalise(DATA, WritingHsm()) == Differs()
    assert not card.personalised


def commands_of_a_personalisation():
    chip = DirectChip(BlankCard(OURS))
    SocialCard(chip, REFERENCE).personalise(DATA, WritingHsm())
    return len(chip.sent)


@pytest.mark.parametrize("at", range(1, commands_of_a_personalisation() + 1))
@pytest.mark.parametrize("brown_out", [False, True])
def test_the_card_is_lost_at_every_command_and_the_same_is_written_again(at, brown_out):
    card = BlankCard(OURS)
    outcome = talk(card, pulled_at=at, brown_out=brown_out).personalise(DATA, WritingHsm())
    last = at == commands_of_a_personalisation()
    if isinstance(outcome, Unfinished):
        assert outcome.why == (Unknown() if last else Pulled())
    else:
        assert outcome == Pulled()
        assert not any(card._files[5][1:] + card._files[6])
    found = talk(card).blank()
    if last and brown_out:
        assert found == NotBlank()
        assert talk(card).personalise(DATA, WritingHsm()) == NotBlank()
    else:
        assert isinstance(found, Blank)
        assert not card.personalised
        assert isinstance(verify(card), Blank)
        assert talk(card).personalise(DATA, WritingHsm()) == Personalised()
    assert read_back(card) == DATA
    assert verify(card) == Verified()


def test_a_broken_answer_in_the_middle_is_no_end_of_it():
    class Broken(BlankCard):
        def transmit(self, command):
            answer = super().transmit(command)
            return b"\x60\x00" if command[:4] == bytes.fromhex("00DC0634") else answer

    outcome = talk(Broken(OURS)).personalise(DATA, WritingHsm())
    assert isinstance(outcome, Unfinished)
    assert isinstance(outcome.why, Unknown)
    assert isinstance(outcome.why.fault, DeviceFault)
    assert outcome.why.fault.detail == "invalid_data"


def test_its_new_pin_is_as_any_cards():
    card = BlankCard(OURS)
    talk(card).personalise(DATA, WritingHsm())
    with Secret(bytearray(b"123456")) as old, Secret(bytearray(b"860219")) as new:
        assert talk(card).change_pin(old, new) == Changed()
    assert verify(card, "860219") == Verified()
    assert talk(card).reload(Hsm(), "112233") == Changed()


def test_a_blanks_no_is_told_as_it_is():
    class Refusing(BlankCard):
        def transmit(self, command):
            no = command[:4] == bytes.fromhex("00DC0134")
            return b"\x69\x85" if no else super().transmit(command)

    outcome = talk(Refusing(OURS)).personalise(DATA, WritingHsm())
    assert outcome == Unfinished(Declined(Word.OUT_OF_ORDER, 0x6985))
