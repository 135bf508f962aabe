"""The operations of a card: each outcome, every profile, and the card pulled at every command."""

import dataclasses
import logging
from pathlib import Path

import pytest

from hardware.fault import Cure, DeviceFault
from hardware.secret import Secret
from hardware.social_card import records
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_A, CARD_B, Person
from hardware.social_card.keys import Algorithm
from hardware.social_card.other_chips import BankCard, LockedCard, StrictT0
from hardware.social_card.outcomes import (
    AnotherCard,
    BankOnly,
    Blocked,
    Card,
    Changed,
    Declined,
    Holder,
    Locked,
    NotOurs,
    Pulled,
    Refused,
    TriesLeft,
    TriesUnknown,
    Unblocked,
    Unknown,
    Unreachable,
    Verified,
    WrongPin,
)
from hardware.social_card.profile import read_profile
from hardware.social_card.status_words import Word
from hardware.social_card.virtual_card import VirtualCard
from tests.hardware.cards.chips import DirectChip
from tests.hardware.cards.hsm import Hsm

PROFILES = Path(__file__).parents[2] / "config/profiles/social_card.toml"
REFERENCE = read_profile(PROFILES, "reference")


def secret(digits):
    return Secret(bytearray(digits.encode()))


def talk(virtual, profile=REFERENCE, same_as=None, **pulled):
    return SocialCard(DirectChip(virtual, **pulled), profile, same_as)


def test_who_a_card_is():
    card = talk(VirtualCard(CARD_B)).identify()
    assert isinstance(card, Card)
    assert (card.card_id, card.region) == ("500000D15600000500000001FFFFFFFF", "500000")
    assert (card.version, card.generation, card.algorithm) == ("3.00", 3, Algorithm.SM4)
    assert (card.issued, card.expires, card.card_number) == ("20260101", "20360101", "A12345678")
    assert (card.kind, card.issuer) == ("3", "91560000023303003303")
    assert card.atr == "3B6D000000815443435086330102030405"
    assert not card.foreign


def test_a_foreign_regions_card_is_read_and_said_to_be():
    card = talk(VirtualCard(CARD_A)).identify()
    assert isinstance(card, Card)
    assert card.foreign
    assert isinstance(talk(VirtualCard(CARD_A)).read_holder(Hsm()), Holder)


class Nothing(BankCard):
    def transmit(self, command):
        return b"\x6a\x82"


class Odd(VirtualCard):
    """Answers otherwise to what begins like this."""

    def __init__(self, begins, reply, **options):
        super().__init__(CARD_A, **options)
        self._begins, self._reply = bytes.fromhex(begins), bytes.fromhex(reply)

    def transmit(self, command):
        return self._reply if command.startswith(self._begins) else super().transmit(command)


@pytest.mark.parametrize(
    ("virtual", "outcome"),
    [
        (BankCard(), BankOnly()),
        (Nothing(), NotOurs()),
        (LockedCard(CARD_A), Locked()),
        (Odd("00A40400", "6985"), Declined(Word.OUT_OF_ORDER, 0x6985)),
        (Odd("00B2012C", "6A83"), Declined(Word.NO_RECORD, 0x6A83)),
    ],
)
def test_what_is_no_card_of_ours(virtual, outcome):
    for operation in (
        lambda: talk(virtual).identify(),
        lambda: talk(virtual).read_holder(Hsm()),
        lambda: talk(virtual).verify(secret("123456")),
        lambda: talk(virtual).reload(Hsm(), "112233"),
        lambda: talk(virtual).tries(),
    ):
        assert operation() == outcome


def test_a_record_that_is_not_there_is_empty():
    card = talk(Odd("00B2042C", "6A83")).identify()
    assert isinstance(card, Card)
    assert card.issuer == ""


@pytest.mark.parametrize(
    ("begins", "reply"),
    [
        ("00A40400", "6F009000AA"),
        ("00A40400", "6F02849000"),
        ("00B2032C", "0304342E30309000"),
        ("00B2012C", "03049000"),
        ("00840000", "11229000"),
        ("00880000", "9000"),
        ("00B2022C", ""),
    ],
)
def test_an_answer_that_cannot_be_a_cards_is_a_fault(begins, reply):
    virtual = Odd(begins, reply)
    with pytest.raises(DeviceFault) as told:
        card = talk(virtual)
        card.identify()
        card.read_holder(Hsm())
    assert (told.value.detail, told.value.cure) == ("invalid_data", Cure.RETRY)


def test_the_holder_in_three_steps():
    chip = DirectChip(VirtualCard(CARD_A))
    hsm = Hsm()
    holder = SocialCard(chip, REFERENCE).read_holder(hsm)
    assert isinstance(holder, Holder)
    assert (holder.name, holder.social_number) == ("张三", "11010519491231002X")
    assert (holder.sex, holder.nation, holder.birthplace) == ("2", "01", "110105")
    assert (holder.born, holder.genuine) == ("19491231", True)
    assert hsm.asked == ["holder"]
    said = [command[1] for command in chip.sent]
    assert said[3:9] == [0x84, 0x84, 0x88, 0x84, 0x84, 0x82]


@pytest.mark.parametrize("length", [1, 15, 16, 24])
def test_a_long_name_goes_on_in_its_second_record(length):
    name = "阿" * length
    holder = talk(VirtualCard(dataclasses.replace(CARD_A, name=name))).read_holder(Hsm())
    assert isinstance(holder, Holder)
    assert holder.name == name


def test_a_card_that_cannot_prove_itself_is_refused():
    forged = Odd("00880000", "1122334455667788" + "9000")
    assert talk(forged).read_holder(Hsm()) == Refused("not_genuine")


def test_an_hsm_with_other_keys_is_declined():
    class Wrong(Hsm):
        def holder(self, *given):
            return bytes(16)

    outcome = talk(VirtualCard(CARD_A)).read_holder(Wrong())
    assert outcome == Declined(Word.TRIES_LEFT, 0x63C2)  # of the key: not the PIN's tries


@pytest.mark.parametrize("version", ["1.00", "2.00"])
@pytest.mark.parametrize("algorithm", [Algorithm.DES, Algorithm.TDES])
def test_an_older_card_is_read_without_the_centre(version, algorithm):
    virtual = VirtualCard(Person(version=version, algorithm=algorithm))
    hsm = Hsm()
    holder = talk(virtual).read_holder(hsm)
    assert isinstance(holder, Holder)
    assert (holder.name, holder.sex, holder.born) == ("张三", "2", "19491231")
    assert not holder.genuine
    assert hsm.asked == []
    card = talk(virtual).identify()
    assert isinstance(card, Card)
    assert (card.generation, card.algorithm) == (int(version[0]), algorithm)


def test_a_card_whose_algorithm_has_no_reload():
    old = VirtualCard(Person(version="1.00", algorithm=Algorithm.DES))
    assert talk(old).reload(Hsm(), "112233") == Refused("algorithm_not_supported")


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("algorithm", [Algorithm.SM4, Algorithm.TDES])
@pytest.mark.parametrize("addressing", ["sfi", "selected", "tag"])
@pytest.mark.parametrize("le", ["exact", "any", "none"])
def test_every_way_to_speak_to_a_card(addressing, le, algorithm, strict):
    profile = dataclasses.replace(REFERENCE, addressing=addressing, read_le=le, select_file_p1=0)
    virtual = VirtualCard(dataclasses.replace(CARD_A, algorithm=algorithm))
    card = talk(StrictT0(virtual) if strict else virtual, profile)
    assert isinstance(card.identify(), Card)
    holder = card.read_holder(Hsm())
    assert isinstance(holder, Holder)
    assert holder.name == "张三"
    assert card.reload(Hsm(), "112233") == Changed()
    assert card.verify(secret("112233")) == Verified()
    assert card.unblock(Hsm()) == Unblocked()


def test_the_order_of_challenges_is_the_profiles():
    class Backwards(VirtualCard):
        """Its first challenge is the factor, and its internal data begin with the source."""

        def _external_authenticate(self, apdu):
            self._challenges.reverse()
            return super()._external_authenticate(apdu)

        def _internal_authenticate(self, apdu):
            swapped = apdu._replace(data=apdu.data[8:] + apdu.data[:8])
            return super()._internal_authenticate(swapped)

    other = dataclasses.replace(
        REFERENCE, challenge_order="factor_first", internal_order="source_first"
    )
    assert isinstance(talk(Backwards(CARD_A), other).read_holder(Hsm()), Holder)
    assert talk(Backwards(CARD_A)).read_holder(Hsm()) == Refused("not_genuine")


def test_key_references_are_the_profiles():
    other = dataclasses.replace(REFERENCE, holder_key=0x04, reset_key=0x07)
    declined = Declined(Word.NO_KEY, 0x6A88)
    assert talk(VirtualCard(CARD_A), other).read_holder(Hsm()) == declined
    assert talk(VirtualCard(CARD_A), other).reload(Hsm(), "112233") == declined


def test_another_reload_header_is_what_hsm_and_card_are_given():
    other = dataclasses.replace(REFERENCE, reload_sm4="84D4000114")
    chip = DirectChip(VirtualCard(CARD_A))
    outcome = SocialCard(chip, other).reload(Hsm(), "112233")
    assert outcome == Declined(Word.NOT_SUPPORTED, 0x6D00)
    assert chip.sent[-1].startswith(bytes.fromhex("84D4000114"))


def test_pins():
    virtual = VirtualCard(CARD_A)
    card = talk(virtual)
    assert card.verify(secret("123456")) == Verified()
    assert card.verify(secret("654321")) == WrongPin(5)
    assert card.tries() == TriesLeft(5)
    assert card.change_pin(secret("000000"), secret("654321")) == WrongPin(4)
    assert card.change_pin(secret("123456"), secret("654321")) == Changed()
    assert card.tries() == TriesLeft(6)
    assert card.verify(secret("12345")) == WrongPin(5)
    for left in (4, 3, 2, 1):
        assert card.verify(secret("000000")) == WrongPin(left)
    assert card.verify(secret("000000")) == Blocked()
    assert card.verify(secret("654321")) == Blocked()
    assert card.change_pin(secret("654321"), secret("111222")) == Blocked()
    assert card.tries() == Blocked()
    assert card.unblock(Hsm()) == Unblocked()
    assert card.verify(secret("654321")) == Verified()


def test_a_reload_opens_a_blocked_card():
    card = talk(VirtualCard(CARD_A, tries=0))
    assert card.reload(Hsm(), "12345") == Changed()
    assert card.verify(secret("12345")) == Verified()


@pytest.mark.parametrize(
    ("operation", "at"), [("read_holder", "holder"), ("reload", "reset"), ("reload", "reload")]
)
def test_a_centre_that_does_not_answer_changes_nothing(operation, at):
    virtual = VirtualCard(CARD_A)
    keys = Hsm(offline_at=at)
    card = talk(virtual)
    given = (keys,) if operation == "read_holder" else (keys, "112233")
    assert getattr(card, operation)(*given) == Unreachable()
    assert card.verify(secret("123456")) == Verified()
    assert card.unblock(Hsm(offline_at="unblock")) == Unreachable()


@pytest.mark.parametrize("apdu", ["", "8424000004", "84240000041122334455", "002000000411223344"])
def test_an_hsm_that_makes_another_command_is_not_obeyed(apdu):
    class Wrong(Hsm):
        def unblock(self, *given):
            return bytes.fromhex(apdu)

    chip = DirectChip(VirtualCard(CARD_A))
    assert SocialCard(chip, REFERENCE).unblock(Wrong()) == Refused("invalid_answer")
    assert chip.sent[-1] == bytes.fromhex("0084000008")


def test_a_wrong_mac_is_declined():
    class Wrong(Hsm):
        def unblock(self, *given):
            apdu = bytearray(super().unblock(*given))
            apdu[-1] ^= 1
            return bytes(apdu)

    outcome = talk(VirtualCard(CARD_A)).unblock(Wrong())
    assert outcome == Declined(Word.WRONG_MAC, 0x6988)


def test_the_tries_are_not_asked_where_it_may_cost_one():
    chip = DirectChip(VirtualCard(CARD_A))
    card = SocialCard(chip, dataclasses.replace(REFERENCE, empty_verify=False))
    assert card.tries() == TriesUnknown()
    assert card.verify(secret("123456")) == Verified()
    assert bytes.fromhex("00200000") not in chip.sent


def test_another_card_is_left_alone():
    card = talk(VirtualCard(CARD_B)).identify()
    assert isinstance(card, Card)
    chip = DirectChip(VirtualCard(CARD_A))
    other = SocialCard(chip, REFERENCE, same_as=card)
    assert other.reload(Hsm(), "112233") == AnotherCard()
    assert other.verify(secret("123456")) == AnotherCard()
    assert other.identify() == AnotherCard()
    assert {command[1] for command in chip.sent} == {0xA4, 0xB2}
    assert talk(VirtualCard(CARD_B), same_as=card).verify(secret("123456")) == Verified()


OPERATIONS = {
    "identify": lambda card: card.identify(),
    "read_holder": lambda card: card.read_holder(Hsm()),
    "verify": lambda card: card.verify(secret("123456")),
    "change_pin": lambda card: card.change_pin(secret("123456"), secret("654321")),
    "reload": lambda card: card.reload(Hsm(), "654321"),
    "unblock": lambda card: card.unblock(Hsm()),
    "tries": lambda card: card.tries(),
}
CHANGING = {"verify", "change_pin", "reload", "unblock"}


@pytest.mark.parametrize("brown_out", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_card_is_pulled_at_every_command(operation, brown_out):
    whole = DirectChip(VirtualCard(CARD_A))
    done = OPERATIONS[operation](SocialCard(whole, REFERENCE))
    last = len(whole.sent)
    for at in range(1, last + 1):
        chip = DirectChip(VirtualCard(CARD_A), pulled_at=at, brown_out=brown_out)
        outcome = OPERATIONS[operation](SocialCard(chip, REFERENCE))
        decided = operation in CHANGING and at == last
        assert outcome == (Unknown() if decided else Pulled())
        assert len(chip.sent) == at  # nothing was sent again
    chip = DirectChip(VirtualCard(CARD_A), pulled_at=last + 1)
    assert OPERATIONS[operation](SocialCard(chip, REFERENCE)) == done


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("at", "outcome"), [(1, Pulled()), (3, Unknown())])
def test_a_chip_that_is_gone_is_asked_nothing_more(operation, at, outcome):
    chip = DirectChip(VirtualCard(CARD_A), pulled_at=at)
    card = SocialCard(chip, REFERENCE)
    assert OPERATIONS["verify"](card) == outcome
    for _ in range(2):
        assert OPERATIONS[operation](card) == Pulled()
    assert len(chip.sent) == at


@pytest.mark.parametrize("brown_out", [False, True])
@pytest.mark.parametrize("operation", ["change_pin", "reload"])
def test_after_a_tear_out_the_person_says_by_a_pin_which_one_it_is(operation, brown_out):
    virtual = VirtualCard(CARD_A)
    length = {"change_pin": 3, "reload": 7}[operation]
    chip = DirectChip(virtual, pulled_at=length, brown_out=brown_out)
    assert OPERATIONS[operation](SocialCard(chip, REFERENCE)) == Unknown()
    again = talk(virtual)
    assert again.verify(secret("654321")) == (Verified() if brown_out else WrongPin(5))
    assert again.verify(secret("123456")) == (WrongPin(5) if brown_out else Verified())


@pytest.mark.parametrize("operation", sorted(CHANGING))
def test_a_reader_that_is_lost_in_the_middle_leaves_the_outcome_unknown(operation):
    fault = DeviceFault("social_card", Cure.REPLUG, "time_out")

    class Failing(DirectChip):
        def transmit(self, command):
            if command[1] in (0x20, 0x5E, 0x24):
                raise fault
            return super().transmit(command)

    card = SocialCard(Failing(VirtualCard(CARD_A)), REFERENCE)
    assert OPERATIONS[operation](card) == Unknown(fault)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_command_bodies_are_wiped(operation):
    chip = DirectChip(VirtualCard(CARD_A))
    OPERATIONS[operation](SocialCard(chip, REFERENCE))
    assert chip.buffers
    assert all(isinstance(buffer, bytearray) and not any(buffer) for buffer in chip.buffers)


def test_a_pin_that_is_none_is_the_callers_mistake():
    card = talk(VirtualCard(CARD_A))
    with pytest.raises(ValueError, match="digits"):
        card.verify(secret("12"))


def test_nothing_personal_is_shown(caplog):
    caplog.set_level(logging.DEBUG)
    chip = DirectChip(VirtualCard(CARD_A))
    card = SocialCard(chip, REFERENCE)
    outcomes = [operation(card) for operation in OPERATIONS.values()]
    shown = " ".join(map(repr, outcomes)) + caplog.text
    for value in ("张三", "110105", "19491231", "A12345678", "330300", "123456", "654321"):
        assert value not in shown


def test_every_field_has_its_place():
    names = {row.name for row in records.FIELDS}
    told = {row.name for row in (*dataclasses.fields(Card), *dataclasses.fields(Holder))}
    assert names - told == {"name_rest"}
