"""The PKCS#11 token: what SoftHSM can and cannot, use bound to keys, a token that goes away."""

import logging
import secrets
import threading
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pkcs11 import Attribute, Mechanism, ObjectClass
from pkcs11.exceptions import AttributeSensitive, MechanismInvalid, PKCS11Error

from central.hsm import arithmetic, demo
from central.hsm.arithmetic import TDES, Scheme, complemented, diversify
from central.hsm.names import MASTERS, Master
from central.hsm.pin_block import account, account_field, counted_bcd
from central.hsm.port import (
    Card,
    Challenge,
    HsmRefused,
    Opens,
    PinBlock,
    TerminalKey,
    WrappedKey,
)
from central.hsm.token import objects
from central.hsm.token.cipher import TDES as IN_TOKEN
from central.hsm.token.cipher import sm4
from central.hsm.token.opening import open_token
from central.hsm.token.settings import Numbers
from central.problems import Kind

HEADER = bytes.fromhex("84240001")
LAST = bytes.fromhex("C1C2C3C4C5C6C7C8")
BOTH = Challenge(bytes.fromhex("B1B2B3B4B5B6B7B8"), bytes.fromhex("A1A2A3A4A5A6A7A8"))
CARD = bytes.fromhex("330300D15600000599110145FFFFFFFF")
ONE, THREE = Card(CARD, "01"), Card(CARD, "03")
AES = "[sm4]\nkey_type = 0x1F\necb = 0x1081\ncbc = 0x1082\nderive = 0x1104\n"
"""AES in the place of SM4: another cipher of 16 bytes that the token has, by the same functions."""


@pytest.fixture
def opened(token, tmp_path):
    """Opens the token under a prefix of the test's own, with more settings."""
    prefix, path, made = f"{uuid.uuid4().hex[:12]}-", tmp_path / "hsm.toml", []

    def opened(more="", replaced=("", "")):
        text = token.settings(f'prefix = "{prefix}"\npause_s = 0\n{more}')
        path.write_text(text.replace(*replaced))
        hsm, loader = open_token(path)
        hsm.prefix = prefix
        made.append(hsm)
        return hsm, loader

    yield opened
    for hsm in made:
        hsm.close()


def load(loader, name):
    first = bytearray(secrets.token_bytes(16))
    second = bytearray(a ^ b for a, b in zip(demo.KEYS[name], first, strict=True))
    loader.load(name, [loader.seal(first, "1"), loader.seal(second, "2")])


@pytest.fixture
def hsm(opened):
    hsm, loader = opened()
    for name in MASTERS["01"]:
        load(loader, name)
    return hsm


def put(hsm, name, cipher, key=None, **changes):
    """A key made in the token directly, as another program might."""
    value = bytearray(demo.KEYS[name] if key is None else key)
    hsm._sessions.use(
        lambda place: objects.create(place, hsm.prefix, name, cipher, value), writes=True
    )


def refused(work, *arguments):
    with pytest.raises(HsmRefused) as no:
        work(*arguments)
    return no.value


def answer(master=Master.IRK):
    key = diversify(TDES, demo.MASTERS[master], CARD)
    return arithmetic.authenticate(TDES, key, BOTH.factor, BOTH.source)


def test_softhsm_has_3des_and_no_sm4(hsm):
    """PKCS #11 2.40 has no number for SM4: only a vendor's own could be it, and none is offered."""
    offered = hsm._sessions.mechanisms
    assert IN_TOKEN.missing(offered) == ""
    assert all(number < 0x8000_0000 for number in offered)
    no = refused(hsm.internal, THREE, BOTH)
    assert no.kind is Kind.CARD_ALGORITHM_NOT_TAKEN
    assert no.problem.detail == "The HSM's token cannot do SM4 (no numbers are set)."


def test_numbers_the_token_does_not_offer_are_told(opened):
    vendor = AES.replace("0x1081", "0x80000011").replace("0x1F", "0x80000001")
    hsm, loader = opened(vendor)
    assert "0x80000011" in refused(hsm.internal, THREE, BOTH).problem.detail
    assert refused(loader.loaded, "IRK-SM4").kind is Kind.HSM_LACKS_MECHANISM
    pin = PinBlock(bytes(16), account(CARD), TerminalKey("epp-0017-01"))
    load(loader, "RPK-3DES")
    assert refused(hsm.reload, ONE, HEADER, LAST, pin).kind is Kind.HSM_LACKS_MECHANISM


def aes(key, blocks, mode=None):
    context = Cipher(algorithms.AES(key), mode or modes.ECB()).encryptor()
    return context.update(bytes(blocks)) + context.finalize()


SOFTWARE_AES = Scheme(
    16,
    aes,
    lambda key, iv, blocks: aes(key, blocks, modes.CBC(iv))[-16:],
    lambda key, half: aes(key, complemented(half)),
)


def test_the_way_of_a_16_byte_cipher_is_that_of_the_arithmetic(opened):
    """What a token with SM4 is asked, asked of one with AES, and checked by AES in software."""
    hsm, _ = opened(AES)
    cipher = sm4(Numbers(key_type=0x1F, ecb=0x1081, cbc=0x1082, derive=0x1104))
    for name in (*MASTERS["03"], "epp-0017-01"):
        put(hsm, name, cipher)
    own = {name: diversify(SOFTWARE_AES, key, CARD) for name, key in demo.MASTERS.items()}
    right = arithmetic.authenticate(SOFTWARE_AES, own[Master.IRK], BOTH.factor, BOTH.source)
    assert hsm.internal(THREE, BOTH) == right
    right = arithmetic.authenticate(SOFTWARE_AES, own[Master.UKSSSE], BOTH.factor, BOTH.source)
    assert hsm.external(Opens.PERSONALISE, THREE, BOTH) == right
    assert hsm.unblock(THREE, LAST) == arithmetic.unblock(SOFTWARE_AES, own[Master.PUK], LAST)
    clear = bytearray(counted_bcd("112233"))
    command = arithmetic.reload(SOFTWARE_AES, own[Master.RPK], HEADER, LAST, clear)
    pad, field = demo.KEYS["epp-0017-01"], bytes.fromhex("46112233AAAAAAAA") + bytes(8)
    mixed = zip(aes(pad, field), account_field(account(CARD)), strict=True)
    block = aes(pad, bytes(a ^ b for a, b in mixed))
    pin = PinBlock(block, account(CARD), TerminalKey("epp-0017-01"))
    assert hsm.reload(THREE, HEADER, LAST, pin) == command
    other = PinBlock(block, account(CARD), TerminalKey("epp-0017-02"))
    assert refused(hsm.reload, THREE, HEADER, LAST, other).kind is Kind.PIN_KEY_UNKNOWN


def test_oaep_with_sha256_is_beyond_softhsm(opened):
    hsm, loader = opened(replaced=('"raw"', '"oaep-sha256"'))
    load(loader, "RPK-3DES")
    public = hsm.pin_key()
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
    box = load_pem_public_key(public.public_key.encode()).encrypt(bytes(16), oaep)
    pin = PinBlock(bytes(16), account(CARD), WrappedKey(public.key_id, box))
    no = refused(hsm.reload, ONE, HEADER, LAST, pin)
    assert no.kind is Kind.HSM_LACKS_MECHANISM
    assert 'pin_key_unwrap = "raw"' in no.problem.detail


def test_a_key_does_what_it_is_for_and_is_never_shown(hsm):
    """The token itself says no, to whoever has its PIN."""

    def work(place):
        key = objects.find(place, hsm.prefix, "IRK-3DES")
        with pytest.raises(AttributeSensitive):
            _ = key[Attribute.VALUE]
        for change in (
            {Attribute.LABEL: f"{hsm.prefix}RPK-3DES"},
            {Attribute.ID: b"RPK-3DES"},
            {Attribute.EXTRACTABLE: True},
            {Attribute.ENCRYPT: True},
        ):
            with pytest.raises(PKCS11Error):
                [key.__setitem__(name, value) for name, value in change.items()]
        assert not hasattr(key, "encrypt")
        with pytest.raises(MechanismInvalid):
            key.derive_key(
                key.key_type, 128, mechanism=Mechanism.DES3_CBC_ENCRYPT_DATA, mechanism_param=b""
            )

    hsm._sessions.use(work, writes=True)
    assert hsm.internal(ONE, BOTH) == answer()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({Attribute.EXTRACTABLE: True}, "EXTRACTABLE"),
        ({Attribute.SENSITIVE: False}, "SENSITIVE"),
        ({Attribute.ENCRYPT: True}, "ENCRYPT"),
        ({Attribute.ID: b"IRK-3DES"}, "ID"),
    ],
)
def test_a_key_that_is_not_bound_to_its_use_is_not_used(opened, monkeypatch, changes, fault):
    """An authentication key under the name of the RELOAD's; a key that could be taken out."""
    hsm, _ = opened()
    right = objects.bound
    monkeypatch.setattr(objects, "bound", lambda name: right(name) | changes)
    put(hsm, "RPK-3DES", IN_TOKEN)
    monkeypatch.setattr(objects, "bound", right)
    no = refused(hsm.initial_pin, ONE, HEADER, LAST)
    assert no.kind is Kind.CARD_KEYS_MISSING
    assert fault in no.problem.detail


def test_two_keys_of_one_name_are_none(hsm):
    put(hsm, "IRK-3DES", IN_TOKEN)
    hsm._sessions._renew(hsm._sessions._generation)  # what was found before is forgotten
    no = refused(hsm.internal, ONE, BOTH)
    assert no.kind is Kind.CARD_KEYS_MISSING
    assert "two keys" in no.problem.detail


def test_derived_keys_are_gone_when_the_call_ends(hsm):
    def count(place):
        wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.TOKEN: False}
        return len(list(place.session.get_objects(wanted)))

    for _ in range(3):
        hsm.internal(ONE, BOTH)
        hsm.unblock(ONE, LAST)
        hsm.initial_pin(ONE, HEADER, LAST)
    assert hsm._sessions.use(count) == 0


def test_a_token_that_goes_away_and_comes_back(hsm, token):
    assert hsm.internal(ONE, BOTH) == answer()
    public = hsm.pin_key()
    token.take_away()
    try:
        for work in (lambda: hsm.internal(ONE, BOTH), hsm.pin_key):
            no = refused(work)
            assert no.kind is Kind.HSM_UNAVAILABLE
            assert no.problem.status == 503
            assert no.problem.retryable
            assert no.headers == {"Retry-After": "1"}
    finally:
        token.put_back()
    assert (hsm.internal(ONE, BOTH), hsm.pin_key()) == (answer(), public)


def test_sessions_that_were_closed_under_us_are_made_anew(hsm):
    """As a network HSM does when it restarts; in the middle of many threads."""
    go, told = threading.Event(), []

    def ask():
        go.wait(20)
        told.extend(hsm.internal(ONE, BOTH) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    go.set()
    for _ in range(5):
        hsm._sessions._renew(hsm._sessions._generation)
    for thread in threads:
        thread.join()
    assert told == [answer()] * 120


def test_a_token_that_is_not_there_at_the_start_is_found_later(opened, token):
    hsm, loader = opened()
    load(loader, "IRK-3DES")
    hsm.close()
    token.take_away()
    try:
        later, _ = opened()
        assert refused(later.internal, ONE, BOTH).kind is Kind.HSM_UNAVAILABLE
    finally:
        token.put_back()
    assert later.internal(ONE, BOTH) == answer()


def test_after_a_token_was_not_there_it_is_left_alone_for_a_while(opened, token):
    hsm, _ = opened(replaced=("pause_s = 0", "pause_s = 60"))
    token.take_away()
    try:
        assert "not there:" in refused(hsm.internal, ONE, BOTH).problem.detail
    finally:
        token.put_back()
    assert "a moment ago" in refused(hsm.internal, ONE, BOTH).problem.detail


def test_a_pin_that_was_refused_is_not_sent_again(opened, tmp_path, token):
    """The token counts wrong PINs and locks itself."""
    pin = tmp_path / "pin"
    pin.write_text("000000")
    hsm, _ = opened(replaced=(str(token.pin_file), str(pin)))
    assert "refused its PIN" in refused(hsm.internal, ONE, BOTH).problem.detail
    assert "refused its PIN" in refused(hsm.internal, ONE, BOTH).problem.detail
    pin.write_text(token.pin_file.read_text())
    assert refused(hsm.internal, ONE, BOTH).kind is Kind.CARD_ALGORITHM_NOT_TAKEN


def test_when_all_sessions_are_in_use_a_request_waits_so_long_and_no_longer(opened):
    hsm, loader = opened("sessions = 1\nwait_s = 0.2\n")
    load(loader, "IRK-3DES")
    inside, go_on = threading.Event(), threading.Event()

    def hold(_place):
        inside.set()
        assert go_on.wait(20)

    holder = threading.Thread(target=hsm._sessions.use, args=(hold,))
    holder.start()
    assert inside.wait(20)
    no = refused(hsm.internal, ONE, BOTH)
    assert (no.kind, no.problem.detail) == (
        Kind.HSM_UNAVAILABLE,
        "All its sessions are in use.",
    )
    go_on.set()
    holder.join()
    assert hsm.internal(ONE, BOTH) == answer()


def test_nothing_of_a_key_or_pin_is_logged_or_shown(hsm, token, caplog):
    with caplog.at_level(logging.DEBUG):
        hsm.initial_pin(ONE, HEADER, LAST)
        token.take_away()
        try:
            told = str(refused(hsm.internal, ONE, BOTH).body())
        finally:
            token.put_back()
    shown = f"{told} {hsm!r} {caplog.text}"
    assert "NoSuchToken" in caplog.text
    secret = (*(key.hex() for key in demo.KEYS.values()), CARD.hex(), token.pin_file.read_text())
    for each in (*secret, BOTH.factor.hex(), "123456"):
        assert each not in shown.lower()
