"""A card behind a real pcscd, ours and others alike: the dialogue, and every PIN operation.

Each card that is a vpcd client and plays card A must pass; see tests/hardware/cards/readers.py.
"""

import contextlib
import threading
from pathlib import Path

import pytest

from hardware.bench.pcsc import Pcscd
from hardware.device import Media
from hardware.secret import Secret
from hardware.social_card.card import SocialCard
from hardware.social_card.driver import PcscSlot
from hardware.social_card.keys import Algorithm
from hardware.social_card.outcomes import (
    Blocked,
    Card,
    Changed,
    Holder,
    TriesLeft,
    Unblocked,
    Verified,
    WrongPin,
)
from hardware.social_card.profile import read_profile
from tests.hardware.cards.dialogue import EXPECTED, Dialogue
from tests.hardware.cards.hsm import Hsm
from tests.hardware.cards.readers import CARDS, card_a

REFERENCE = read_profile(
    Path(__file__).parents[2] / "config/profiles/social_card.toml", "reference"
)
NEVER = threading.Event()


@pytest.fixture(scope="module")
def pcscd(tmp_path_factory):
    with Pcscd(tmp_path_factory.mktemp("pcscd")) as pcscd:
        yield pcscd


@pytest.fixture(params=CARDS)
def slot(pcscd, request):
    slot = PcscSlot()
    with card_a(request.param, pcscd.port):
        assert slot.accept(NEVER, 20)
        yield slot
    assert slot.give_back(NEVER, 5) is Media.NOT_PRESENT
    slot.close()


@contextlib.contextmanager
def _card(slot):
    with slot.session() as chip:
        yield SocialCard(chip, REFERENCE)


def _pin(digits):
    return Secret(bytearray(digits.encode()))


def test_the_conformance_dialogue(slot):
    with slot.session() as chip:
        dialogue = Dialogue(chip._exchange)  # 6Cxx as it comes
        assert dialogue.run() == EXPECTED
    assert sum(len(words) for words in dialogue.steps) == 46
    assert dialogue.name == bytes.fromhex("091ED5C5C8FD") + bytes(26)


def test_card_and_holder(slot):
    with _card(slot) as card:
        told = card.identify()
        assert isinstance(told, Card)
        assert told.card_id == "330300D15600000599110145FFFFFFFF"
        assert (told.version, told.generation, told.algorithm) == ("3.00", 3, Algorithm.SM4)
        assert (told.issued, told.expires, told.card_number) == (
            "20260101",
            "20360101",
            "A12345678",
        )
        assert told.foreign
        holder = card.read_holder(Hsm())
    assert isinstance(holder, Holder)
    assert (holder.name, holder.social_number) == ("张三", "11010519491231002X")
    assert (holder.sex, holder.nation, holder.birthplace) == ("2", "01", "110105")
    assert (holder.born, holder.genuine) == ("19491231", True)
    with slot.session() as chip:  # what was granted has ended with the session
        assert isinstance(SocialCard(chip, REFERENCE).identify(), Card)
        assert chip._exchange(bytes.fromhex("00B2013400")) == b"\x69\x82"


def test_a_pin_is_verified_and_changed(slot):
    with _card(slot) as card:
        assert card.verify(_pin("123456")) == Verified()
        assert card.verify(_pin("111111")) == WrongPin(5)
        assert card.change_pin(_pin("111111"), _pin("654321")) == WrongPin(4)
        assert card.change_pin(_pin("123456"), _pin("654321")) == Changed()
    with _card(slot) as card:  # without power in between
        assert card.tries() == TriesLeft(6)
        assert card.verify(_pin("654321")) == Verified()


def test_a_blocked_pin_is_unblocked(slot):
    with _card(slot) as card:
        for left in (5, 4, 3, 2, 1):
            assert card.verify(_pin("000000")) == WrongPin(left)
        assert card.verify(_pin("000000")) == Blocked()
        assert card.verify(_pin("123456")) == Blocked()
        assert card.tries() == Blocked()
        assert card.unblock(Hsm()) == Unblocked()
        assert card.verify(_pin("123456")) == Verified()


def test_a_pin_is_reset(slot):
    with _card(slot) as card:
        told = card.identify()
        assert card.verify(_pin("000000")) == WrongPin(5)
    for pin in ("112233", "12345", "1234567890123456"):
        with slot.session() as chip:
            card = SocialCard(chip, REFERENCE, same_as=told)
            assert card.reload(Hsm(), pin) == Changed()
            assert card.verify(_pin(pin)) == Verified()
            assert card.verify(_pin("123456")) == WrongPin(5)
