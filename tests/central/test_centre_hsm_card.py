"""A card and an HSM written apart from each other: the kiosk's way with a card, over HTTP."""

from dataclasses import replace
from pathlib import Path

import pytest

from central.centre import Settings
from central.hsm import records
from hardware.pin_pad.pin_block import PinBlock, account_of, encipher, seal
from hardware.secret import Secret
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_A, CARD_B
from hardware.social_card.keys import Algorithm
from hardware.social_card.outcomes import (
    Blocked,
    Changed,
    Holder,
    Refused,
    Unblocked,
    Verified,
    WrongPin,
)
from hardware.social_card.profile import read_profile
from hardware.social_card.virtual_card import VirtualCard
from kiosk.card_keys import CentralKeys
from kiosk.link import Centre

PROFILE = read_profile(Path("config/profiles/social_card.toml"), "reference")
PAD_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
CARDS = pytest.mark.parametrize(
    "person",
    [CARD_A, CARD_B, replace(CARD_B, algorithm=Algorithm.TDES)],
    ids=["card A", "card B", "card B with 3DES"],
)


class Powered:
    """The virtual card in a reader, from power on."""

    def __init__(self, card):
        self._card = card
        self.atr = card.power_on()

    def transmit(self, command):
        return self._card.transmit(bytes(command))


@pytest.fixture
def settings():
    return Settings(hsm="demo")


@pytest.fixture
def keys(client):
    link = Centre(str(client.base_url), timeout_s=5)
    yield CentralKeys(link, "0017")
    link.close()


@pytest.fixture
def uses(centre):
    def uses():
        with centre.database.read() as session:
            return [(row.function, row.outcome) for row in records.every(session)]

    return uses


def session(card):
    return SocialCard(Powered(card), PROFILE)


def verify(card, digits):
    with Secret(bytearray(digits)) as pin:
        return session(card).verify(pin)


def by_the_pad(pin, person, _keys):
    account = account_of(person.card_id)
    return PinBlock(encipher(pin, account, PAD_KEY), account, terminal_key="epp-0017-01")


def by_the_screen(pin, person, keys):
    return seal(pin, account_of(person.card_id), keys.pin_key())


@CARDS
def test_the_holder_is_read(keys, uses, person):
    found = session(VirtualCard(person)).read_holder(keys)
    assert isinstance(found, Holder)
    assert (found.name, found.social_number, found.genuine) == ("张三", "11010519491231002X", True)
    assert uses() == [("internal", "done"), ("external_holder", "done")]


@CARDS
@pytest.mark.parametrize("pin", [b"802517", b"8025", b"80251", b"802517394061"], ids=len)
@pytest.mark.parametrize("way", [by_the_pad, by_the_screen])
def test_a_pin_is_reset(keys, uses, person, pin, way):
    card = VirtualCard(person, tries=0)
    with Secret(bytearray(pin)) as new:
        block = way(new, person, keys)
    assert session(card).reload(keys, block) == Changed()
    assert verify(card, pin) == Verified()
    assert isinstance(verify(card, b"654321"), WrongPin)
    assert uses() == [("external_pin_reset", "done"), ("reload", "done")]


@CARDS
def test_a_blocked_card_gets_its_tries_back_and_keeps_its_pin(keys, uses, person):
    card = VirtualCard(person, tries=0)
    assert verify(card, b"123456") == Blocked()
    assert session(card).unblock(keys) == Unblocked()
    assert verify(card, b"123456") == Verified()
    assert uses() == [("unblock", "done")]


def test_a_card_with_other_keys_is_found_out(keys, uses):
    card = VirtualCard(CARD_A)
    card._keys["IRK"] = bytes(16)
    assert session(card).read_holder(keys) == Refused("not_genuine")
    assert uses() == [("internal", "card-not-genuine")]


def test_the_block_of_another_card_resets_nothing(keys):
    card = VirtualCard(CARD_A)
    with Secret(bytearray(b"112233")) as new:
        block = by_the_screen(new, CARD_B, keys)
    assert session(card).reload(keys, block) == Refused("pin_block_not_taken")
    assert verify(card, b"123456") == Verified()
