"""A centre over a PKCS#11 token: officers load its keys, and a 3DES card is read and reset by it."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from central.audit.records import Actor, Kind
from central.centre import Settings
from central.hsm import demo, loading, records
from central.hsm.names import MASTERS
from hardware.pin_pad.pin_block import account_of, seal
from hardware.secret import Secret
from hardware.social_card.card import SocialCard
from hardware.social_card.card_files import CARD_B
from hardware.social_card.keys import Algorithm
from hardware.social_card.outcomes import Changed, Holder, Unblocked, Verified
from hardware.social_card.profile import read_profile
from hardware.social_card.virtual_card import VirtualCard
from kiosk.card_keys import CentralKeys
from kiosk.link import Centre

PROFILE = read_profile(Path("config/profiles/social_card.toml"), "reference")
CARD = replace(CARD_B, algorithm=Algorithm.TDES)


class Powered:
    """The virtual card in a reader, from power on."""

    def __init__(self, card):
        self._card = card
        self.atr = card.power_on()

    def transmit(self, command):
        return self._card.transmit(bytes(command))


@pytest.fixture
def settings(token_way):
    return Settings(hsm=token_way())


@pytest.fixture
def loaded(centre):
    """The keys of 3DES cards, from two officers."""
    for name in MASTERS["01"]:
        first = secrets.token_bytes(16)
        second = bytes(a ^ b for a, b in zip(demo.KEYS[name], first, strict=True))
        number = loading.begin(centre, Actor(Kind.USER, "li"), name).id
        loading.enter(centre, Actor(Kind.USER, "li"), number, first.hex())
        loading.enter(centre, Actor(Kind.USER, "wang"), number, second.hex())


@pytest.fixture
def keys(client, loaded):
    link = Centre(str(client.base_url), timeout_s=10)
    yield CentralKeys(link, "0017")
    link.close()


def session(card):
    return SocialCard(Powered(card), PROFILE)


def verify(card, digits):
    with Secret(bytearray(digits)) as pin:
        return session(card).verify(pin)


def test_a_card_is_read_unblocked_and_reset_by_the_token(centre, keys):
    card = VirtualCard(CARD, tries=0)
    found = session(card).read_holder(keys)
    assert isinstance(found, Holder)
    assert (found.social_number, found.genuine) == ("11010519491231002X", True)
    assert session(card).unblock(keys) == Unblocked()
    assert verify(card, b"123456") == Verified()
    with Secret(bytearray(b"112233")) as new:
        block = seal(new, account_of(CARD.card_id), keys.pin_key())
    assert session(card).reload(keys, block) == Changed()
    assert verify(card, b"112233") == Verified()
    with centre.database.read() as store:
        uses = [(row.function, row.key.split("+")[0], row.outcome) for row in records.every(store)]
    assert uses == [
        ("internal", "IRK-3DES", "done"),
        ("external_holder", "RKSSSE-3DES", "done"),
        ("unblock", "PUK-3DES", "done"),
        ("external_pin_reset", "RPK-3DES", "done"),
        ("reload", "RPK-3DES", "done"),
    ]


def test_while_the_token_is_away_the_kiosk_is_told_to_come_again(client, loaded, token, problem):
    body = {
        "kiosk_id": "0017",
        "card_id": CARD.card_id.hex(),
        "algorithm": "01",
        "external": {"factor": "B1" * 8, "source": "A1" * 8},
    }
    token.take_away()
    try:
        answer = client.post("/v1/card-keys/pin-reset/authentication", json=body)
        assert (answer.status_code, problem(answer)) == (503, "hsm-unavailable")
        assert answer.headers["Retry-After"] == "1"
        assert client.get("/v1/health").status_code == 200
    finally:
        token.put_back()
