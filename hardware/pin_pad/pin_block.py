"""PIN blocks: a PIN as only the centre can read it, ISO 9564-1 format 4 with SM4.

`block = E(K, E(K, 4L PIN A... || 8 random) XOR account field)`, 16 bytes. The format is the
standard's (there with AES); SM4 in its place, and the account field of a social card, which has no
PAN, are decisions of ours. Source: docs/devices/pin_pad.md.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from hardware.secret import Secret

SIZE = 16
SHORTEST, LONGEST = 4, 12
"""Digits of a PIN (ISO 9564-1)."""
ACCOUNT_DIGITS = 12
_SALT = 8
_FILL = 0xA
_ZERO = ord("0")
_CONTROL = 4
_OAEP = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)

Algorithm = Callable[[bytes], CipherAlgorithm]
"""Of a key, a block cipher of 16 bytes."""


class PinBlockError(ValueError):
    """Something is no PIN, no account or no block; says which, and never what it was."""


@dataclass(frozen=True, repr=False)
class PinBlock:
    """A PIN for the centre: `block` (16 bytes) for the `account` (12 digits).

    Its key is either the work key of an encrypting pad, `terminal_key` its name, or a key made for
    this block alone: `wrapped_key`, RSA-OAEP-SHA256 to the centre's key `key_id`.
    """

    block: bytes
    account: str
    wrapped_key: bytes = b""
    key_id: str = ""
    terminal_key: str = ""


@dataclass(frozen=True)
class CentreKey:
    """The centre's public PIN key: RSA of 2048 bits or more, as PEM, and the name it has there."""

    pem: bytes
    key_id: str


def account_of(card_id: bytes) -> str:
    """Give the 12 digits that stand for a card's identification (16 bytes of EF05, 卡识别码).

    The first 8 bytes of its SHA-256, big-endian, modulo 10^12. A decision of ours: the centre
    must do the same.
    """
    number = int.from_bytes(hashlib.sha256(card_id).digest()[:8], "big")
    return f"{number % 10**ACCOUNT_DIGITS:0{ACCOUNT_DIGITS}}"


def account_field(account: str) -> bytes:
    """Give the 16 bytes of an account of 12 to 19 digits: how many over 12, they, zeros."""
    surplus = len(account) - ACCOUNT_DIGITS
    if not (account.isascii() and account.isdigit() and 0 <= surplus <= 7):  # noqa: PLR2004
        raise PinBlockError("an account has 12 to 19 digits")
    return bytes.fromhex(f"{surplus}{account}".ljust(2 * SIZE, "0"))


def encipher(
    pin: Secret,
    account: str,
    key: bytes,
    *,
    salt: bytes | None = None,
    algorithm: Algorithm = algorithms.SM4,
) -> bytes:
    """Give the block of a PIN (4 to 12 ASCII digits); `salt` is 8 random bytes unless given."""
    field = account_field(account)
    encipherment = _single_blocks(algorithm(key)).encryptor()
    with Secret(_pin_field(pin, os.urandom(_SALT) if salt is None else salt)) as plain:
        inner = encipherment.update(plain.data)
    return encipherment.update(_xor(inner, field))


def decipher(
    block: bytes, account: str, key: bytes, *, algorithm: Algorithm = algorithms.SM4
) -> Secret:
    """Give the PIN of a block back; `PinBlockError` if it is none for this account and key."""
    if len(block) != SIZE:
        raise PinBlockError("a block has 16 bytes")
    field = account_field(account)
    decipherment = _single_blocks(algorithm(key)).decryptor()
    inner = _xor(decipherment.update(block), field)
    with Secret(bytearray(SIZE + SIZE - 1)) as plain:
        decipherment.update_into(inner, plain.data)
        return _pin_of(plain.data)


def seal(pin: Secret, account: str, centre: CentreKey) -> PinBlock:
    """Give the block of a PIN under a key of its own that only the centre can unwrap."""
    public = public_key(centre)
    with Secret(bytearray(os.urandom(SIZE))) as key:
        block = encipher(pin, account, bytes(key.data))
        wrapped = public.encrypt(bytes(key.data), _OAEP)
    return PinBlock(block, account, wrapped_key=wrapped, key_id=centre.key_id)


def public_key(centre: CentreKey) -> rsa.RSAPublicKey:
    """Give the key to wrap with; `PinBlockError` if it is none of RSA, or too short."""
    try:
        public = load_pem_public_key(centre.pem)
    except (ValueError, UnsupportedAlgorithm):
        raise PinBlockError("the centre's key cannot be read") from None
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < 2048:  # noqa: PLR2004
        raise PinBlockError("the centre's key is RSA of 2048 bits or more")
    return public


def _single_blocks(cipher: CipherAlgorithm) -> Cipher[modes.ECB]:
    """Give the bare cipher: the format is made of two single blocks, chained by hand."""
    return Cipher(cipher, modes.ECB())  # noqa: S305


def _pin_field(pin: Secret, salt: bytes) -> bytearray:
    digits = len(pin)
    if not SHORTEST <= digits <= LONGEST or not all(0x30 <= byte <= 0x39 for byte in pin.data):  # noqa: PLR2004
        raise PinBlockError("a PIN has 4 to 12 digits")
    field = bytearray(_SALT) + salt
    if len(field) != SIZE:
        raise PinBlockError("the random part has 8 bytes")
    field[0] = _CONTROL << 4 | digits
    for at in range(2 * (_SALT - 1)):
        nibble = pin.data[at] - _ZERO if at < digits else _FILL
        field[1 + at // 2] |= nibble << (0 if at % 2 else 4)
    return field


def _pin_of(field: bytearray) -> Secret:
    digits = field[0] & 0xF
    pin = Secret()
    nibbles = [field[1 + at // 2] >> (0 if at % 2 else 4) & 0xF for at in range(2 * (_SALT - 1))]
    if (
        field[0] >> 4 != _CONTROL
        or not SHORTEST <= digits <= LONGEST
        or any(nibble > 9 for nibble in nibbles[:digits])  # noqa: PLR2004
        or any(nibble != _FILL for nibble in nibbles[digits:])
    ):
        raise PinBlockError("no PIN of this account and key")
    for nibble in nibbles[:digits]:
        pin.append(_ZERO + nibble)
    return pin


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
