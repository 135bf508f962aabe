"""One set of demands for every HSM: the software one, the sealed file, the PKCS#11 token."""

import hashlib
import secrets
import shutil
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from central.hsm import arithmetic, demo
from central.hsm.arithmetic import SM4, TDES, diversify
from central.hsm.names import MASTERS, Master, algorithm_of
from central.hsm.opening import open_hsm
from central.hsm.pin_block import account, account_field, counted_bcd
from central.hsm.port import Card, Challenge, Guesses, HsmRefused, Opens, PinBlock, WrappedKey
from central.problems import Kind

HEADER = bytes.fromhex("84240001")
LAST = bytes.fromhex("C1C2C3C4C5C6C7C8")
BOTH = Challenge(bytes.fromhex("B1B2B3B4B5B6B7B8"), bytes.fromhex("A1A2A3A4A5A6A7A8"))
CARD_A = bytes.fromhex("330300D15600000599110145FFFFFFFF")
CARD_B = bytes.fromhex("500000D15600000500000001FFFFFFFF")
ONE = Card(CARD_A, "01")
LOADED = pytest.mark.parametrize("way", ["file", "pkcs11"], indirect=True)
"""HSMs that come without keys."""


def load(loader, keys):
    """Each key in two components, as officers would."""
    for name, key in keys.items():
        first = bytearray(secrets.token_bytes(16))
        second = bytearray(a ^ b for a, b in zip(key, first, strict=True))
        loader.load(name, [loader.seal(first, f"{name}/1"), loader.seal(second, f"{name}/2")])


@pytest.fixture(params=["demo", "file", "pkcs11"])
def way(request, kek, monkeypatch):
    """What an HSM without keys is called, or the one with the demo's."""
    monkeypatch.setenv("HSM_KEK", kek)
    return request.getfixturevalue("token_way")() if request.param == "pkcs11" else request.param


@pytest.fixture
def folder(seeded, tmp_path):
    """A centre's, with its PIN keys."""
    return shutil.copytree(seeded, tmp_path / "data")


@pytest.fixture
def empty(way, folder):
    keys = open_hsm(way, folder)
    yield keys
    keys.hsm.close()


@pytest.fixture
def hsm(way, empty):
    if way == "demo":
        return empty.hsm
    can = ("01",) if way.startswith("pkcs11") else ("01", "03")
    load(empty.loader, {name: key for name, key in demo.KEYS.items() if algorithm_of(name) in can})
    return empty.hsm


def wrapped(hsm, pin="112233", card_id=CARD_A, work_key=None, **changes):
    """A PIN block under a key of its own, by hand."""
    key = secrets.token_bytes(16) if work_key is None else work_key
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
    public = hsm.pin_key()
    box = load_pem_public_key(public.public_key.encode()).encrypt(key, oaep)
    field = bytes.fromhex(f"4{len(pin):X}{pin}".ljust(16, "A")) + secrets.token_bytes(8)
    digits = account(card_id)
    inner = SM4.encipher(key.ljust(16, b"\0")[:16], field)
    mixed = bytes(a ^ b for a, b in zip(inner, account_field(digits), strict=True))
    made = {
        "block": SM4.encipher(key.ljust(16, b"\0")[:16], mixed),
        "account": digits,
        "key": WrappedKey(public.key_id, box),
    }
    return PinBlock(**made | changes)


def own(master, card):
    return diversify(TDES, demo.MASTERS[master], card.id)


@pytest.mark.parametrize("number", range(5))
def test_a_3des_card_is_answered_as_the_arithmetic_says(hsm, number):
    card = Card(hashlib.sha256(bytes([number])).digest()[:16], "01")
    seed = hashlib.sha256(card.id).digest()
    both = Challenge(seed[:8], seed[8:16])
    proof = arithmetic.authenticate
    right = {
        Opens.HOLDER: Master.RKSSSE,
        Opens.PIN_RESET: Master.RPK,
        Opens.PERSONALISE: Master.UKSSSE,
    }
    assert hsm.internal(card, both) == proof(TDES, own(Master.IRK, card), both.factor, both.source)
    for opens, master in right.items():
        told = hsm.external(opens, card, both)
        assert told == proof(TDES, own(master, card), both.factor, both.source)
    assert hsm.unblock(card, seed[16:24]) == arithmetic.unblock(
        TDES, own(Master.PUK, card), seed[16:24]
    )
    first = bytearray(counted_bcd("123456"))
    assert hsm.initial_pin(card, HEADER, seed[24:]) == arithmetic.reload(
        TDES, own(Master.RPK, card), HEADER, seed[24:], first
    )


@pytest.mark.parametrize("pin", ["1234", "12345", "112233", "123456789012"])
def test_a_pin_goes_from_its_block_into_the_command(hsm, pin):
    made = hsm.reload(ONE, HEADER, LAST, wrapped(hsm, pin))
    clear = bytearray(counted_bcd(pin))
    assert made == arithmetic.reload(TDES, own(Master.RPK, ONE), HEADER, LAST, clear)


@pytest.mark.parametrize(
    ("pin", "rule"),
    [("123456", "initial"), ("8888", "repeated"), ("34567", "sequence"), ("994003", "id_part")],
)
def test_a_pin_that_is_easily_guessed_is_refused_by_its_rule_5(hsm, pin, rule):
    guesses = Guesses(numbers={"id_part": "500103199400307001"})
    with pytest.raises(HsmRefused) as no:
        hsm.reload(ONE, HEADER, LAST, wrapped(hsm, pin), guesses)
    assert (no.value.kind, no.value.body()["rule"]) == (Kind.PIN_WEAK, rule)
    assert hsm.reload(ONE, HEADER, LAST, wrapped(hsm, "802517"), guesses)


def refused(work, *arguments):
    with pytest.raises(HsmRefused) as no:
        work(*arguments)
    return no.value.kind


def test_a_block_that_is_not_right_is_refused_for_one_reason(hsm):
    public = hsm.pin_key()
    faults = [
        wrapped(hsm, work_key=bytes(15)),
        wrapped(hsm, card_id=CARD_B),
        wrapped(hsm, block=bytes(16)),
        wrapped(hsm, work_key=bytes(17)),
        *(
            wrapped(hsm, key=WrappedKey(public.key_id, box))
            for box in (bytes(384), b"\x5a" * 384, b"\xff" * 384)
        ),
    ]
    for pin in faults:
        assert refused(hsm.reload, ONE, HEADER, LAST, pin) is Kind.PIN_BLOCK_NOT_TAKEN
    other = wrapped(hsm, key=WrappedKey("0" * 16, bytes(384)))
    assert refused(hsm.reload, ONE, HEADER, LAST, other) is Kind.PIN_KEY_UNKNOWN
    assert hsm.reload(ONE, HEADER, LAST, wrapped(hsm))


@pytest.mark.parametrize("algorithm", ["00", "02"])
def test_an_algorithm_without_a_cipher_is_refused(hsm, algorithm):
    card = Card(CARD_A, algorithm)
    assert refused(hsm.internal, card, BOTH) is Kind.CARD_ALGORITHM_NOT_TAKEN
    assert refused(hsm.unblock, card, LAST) is Kind.CARD_ALGORITHM_NOT_TAKEN
    assert refused(hsm.initial_pin, card, HEADER, LAST) is Kind.CARD_ALGORITHM_NOT_TAKEN
    assert refused(hsm.reload, card, HEADER, LAST, wrapped(hsm)) is Kind.CARD_ALGORITHM_NOT_TAKEN


@LOADED
def test_without_its_key_a_card_is_refused(empty):
    hsm = empty.hsm
    assert refused(hsm.internal, ONE, BOTH) is Kind.CARD_ALGORITHM_NOT_TAKEN
    load(empty.loader, {"IRK-3DES": demo.KEYS["IRK-3DES"]})
    assert hsm.internal(ONE, BOTH)
    for opens in Opens:
        assert refused(hsm.external, opens, ONE, BOTH) is Kind.CARD_ALGORITHM_NOT_TAKEN
    assert refused(hsm.unblock, ONE, LAST) is Kind.CARD_ALGORITHM_NOT_TAKEN
    assert refused(hsm.reload, ONE, HEADER, LAST, wrapped(hsm)) is Kind.CARD_ALGORITHM_NOT_TAKEN


def test_many_threads_are_answered_right(hsm):
    """More threads than a token has sessions."""
    cards = [Card(hashlib.sha256(bytes([at])).digest()[:16], "01") for at in range(8)]
    right = [
        arithmetic.authenticate(TDES, own(Master.IRK, card), BOTH.factor, BOTH.source)
        for card in cards
    ]
    told = [[] for _ in cards]

    def ask(at):
        told[at] = [hsm.internal(cards[at], BOTH) for _ in range(25)]

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(len(cards))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [[each] * 25 for each in right]


def test_the_pin_key_is_there_again_when_the_hsm_is_opened_again(way, hsm, folder):
    again = open_hsm(way, folder).hsm
    assert again.pin_key() == hsm.pin_key()
    assert again.internal(ONE, BOTH) == hsm.internal(ONE, BOTH)
    pem = hsm.pin_key().public_key
    assert load_pem_public_key(pem.encode()).key_size == 3072
    again.close()


@LOADED
def test_a_key_is_loaded_once_and_told_by_its_check_value(empty):
    name, key = "PUK-3DES", demo.KEYS["PUK-3DES"]
    assert empty.loader.loaded(name) is None
    load(empty.loader, {name: key})
    assert empty.loader.loaded(name) == TDES.encipher(key, bytes(8))[:3].hex().upper()
    with pytest.raises(HsmRefused) as no:
        load(empty.loader, {name: bytes(range(16))})
    assert no.value.kind is Kind.KEY_ALREADY_LOADED
    assert empty.hsm.unblock(ONE, LAST) == arithmetic.unblock(TDES, own(Master.PUK, ONE), LAST)


def test_the_names_are_all_there_are():
    assert {*MASTERS["01"], *MASTERS["03"]} == set(demo.KEYS) - {"epp-0017-01"}
    assert algorithm_of("epp-0017-01") == algorithm_of("RPK-SM4") == "03"
    assert algorithm_of("UKSSSE-3DES") == "01"
    for name in ("", "RPK", "RPK-AES", "epp-0017-1", "IRK-3DES ", "PIN-KEY"):
        assert algorithm_of(name) is None
