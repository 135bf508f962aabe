"""PIN blocks: the standard's vector, and nothing but a PIN of this account and key comes back."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from hardware.pin_pad.pin_block import (
    CentreKey,
    PinBlock,
    PinBlockError,
    account_field,
    account_of,
    decipher,
    encipher,
    public_key,
    seal,
)
from hardware.secret import Secret

KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
ACCOUNT = "000123456789"
PINS = st.text("0123456789", min_size=4, max_size=12)
ACCOUNTS = st.text("0123456789", min_size=12, max_size=19)
SPKI = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo


def secret(digits):
    return Secret(bytearray(digits, "ascii"))


def test_the_vector_of_iso_9564_format_4_with_aes():
    key = bytes.fromhex("C1D0F8FB4958670DBA40AB1F3752EF0D")
    block = encipher(
        secret("1234"), "432198765432109870", key, salt=b"\xff" * 8, algorithm=algorithms.AES
    )
    assert block == bytes.fromhex("8B696FC5A37943E9A13A86FF89F8C4D7")


def test_our_own_vector_with_sm4():
    block = encipher(secret("123456"), ACCOUNT, KEY, salt=bytes(range(8)))
    assert block.hex() == "5abd384927b4c47816881621d9cbf6f3"


def test_the_account_field():
    assert account_field(ACCOUNT).hex() == "00001234567890000000000000000000"
    assert account_field("432198765432109870").hex() == "64321987654321098700000000000000"


def test_an_account_stands_for_a_card():
    card_id = bytes.fromhex("500000") + bytes(13)
    number = int.from_bytes(hashlib.sha256(card_id).digest()[:8], "big")
    assert account_of(card_id) == str(number)[-12:]
    assert len(account_of(b"")) == 12


@given(PINS, ACCOUNTS, st.binary(min_size=16, max_size=16))
def test_a_block_gives_its_pin_back_and_is_never_the_same(pin, account, key):
    one, other = (encipher(secret(pin), account, key) for _ in range(2))
    assert one != other
    with decipher(one, account, key) as back:
        assert back.data == pin.encode()


@given(st.binary(max_size=20), ACCOUNTS)
def test_any_bytes_are_a_pin_or_a_block_error(block, account):
    try:
        digits = len(decipher(block, account, KEY))
    except PinBlockError:
        return
    assert 4 <= digits <= 12


@given(PINS, ACCOUNTS, ACCOUNTS)
def test_a_block_is_good_for_its_account_alone(pin, account, other):
    if account_field(account) != account_field(other):
        block = encipher(secret(pin), account, KEY)
        with pytest.raises(PinBlockError):
            decipher(block, other, KEY)


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "１２３４"])
def test_what_is_no_pin_has_no_block(pin):
    with pytest.raises(PinBlockError, match="a PIN has 4 to 12 digits"):
        encipher(Secret(bytearray(pin, "utf-8")), ACCOUNT, KEY)


@pytest.mark.parametrize("account", ["", "1" * 11, "1" * 20, "12345678901x", "１" * 12])
def test_what_is_no_account_has_no_field(account):
    with pytest.raises(PinBlockError, match="12 to 19 digits"):
        account_field(account)


@pytest.fixture(scope="module")
def private():
    return rsa.generate_private_key(65537, 2048)


def centre_key(private):
    return CentreKey(private.public_key().public_bytes(*SPKI), "pin-2026")


def test_only_the_centre_opens_a_sealed_block(private):
    sealed = seal(secret("654321"), ACCOUNT, centre_key(private))
    assert (sealed.key_id, sealed.account, sealed.terminal_key) == ("pin-2026", ACCOUNT, "")
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
    key = private.decrypt(sealed.wrapped_key, oaep)
    with decipher(sealed.block, sealed.account, key) as pin:
        assert pin.data == b"654321"
    again = seal(secret("654321"), ACCOUNT, centre_key(private))
    assert private.decrypt(again.wrapped_key, oaep) != key


@pytest.mark.parametrize("kind", ["none", "elliptic", "short"])
def test_a_key_that_cannot_wrap_is_told(kind):
    pem = {
        "none": lambda: b"-----BEGIN PUBLIC KEY-----\n",
        "elliptic": lambda: (
            ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*SPKI)
        ),
        "short": lambda: rsa.generate_private_key(65537, 1024).public_key().public_bytes(*SPKI),
    }[kind]()
    with pytest.raises(PinBlockError, match="the centre's key"):
        public_key(CentreKey(pem, "x"))


def test_a_pin_block_shows_nothing():
    assert ACCOUNT not in repr(PinBlock(b"block", ACCOUNT))
