"""PIN blocks as the HSM reads them: ISO 9564-1 format 4, with SM4 in the place of AES.

`E(K, E(K, 4L PIN A… ‖ 8 random bytes) XOR account field)`. A social security card has no PAN: its
account is made of its 卡识别码, so that a block is of use with that card alone.
"""

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes

from central.hsm.arithmetic import wipe

SIZE = 16
SHORTEST, LONGEST = 4, 12
"""Digits of a PIN (ISO 9564-1)."""
ACCOUNT_DIGITS = 12
_DIGITS = 14  # nibbles after the control byte, before the random half


class NoPinError(ValueError):
    """The block holds no PIN under this key and account; says nothing of what was there."""


def account(card_id: bytes) -> str:
    """The 12 digits that stand for a card: its SHA-256's first 8 bytes modulo 10^12."""
    number = int.from_bytes(hashlib.sha256(card_id).digest()[:8], "big")
    return f"{number % 10**ACCOUNT_DIGITS:0{ACCOUNT_DIGITS}}"


def account_field(digits: str) -> bytes:
    """16 bytes of an account of 12 to 19 digits: how many beyond 12, the digits, zeros."""
    return bytes.fromhex(f"{len(digits) - ACCOUNT_DIGITS}{digits}".ljust(2 * SIZE, "0"))


def counted_bcd(digits: str) -> bytes:
    """A PIN in the form `read` gives; ValueError, without the digits, for other than 4 to 12."""
    if not (digits.isascii() and digits.isdecimal() and SHORTEST <= len(digits) <= LONGEST):
        raise ValueError(f"a PIN has {SHORTEST} to {LONGEST} digits")
    packed = bytes.fromhex(digits + "F" * (len(digits) % 2))
    return bytes([len(packed)]) + packed


def read(
    block: bytes,
    key: bytes,
    digits: str,
    cipher: Callable[[bytes], CipherAlgorithm] = algorithms.SM4,
) -> bytearray:
    """The PIN of a block for the account `digits`: how many bytes, then they, as BCD filled by F.

    For the caller to wipe. Raises `NoPinError`.
    """
    decryptor = Cipher(cipher(key), modes.ECB()).decryptor()  # noqa: S305 - two single blocks

    def decipher(one: bytes) -> bytearray:
        plain = bytearray(2 * SIZE - 1)  # as much as the library may want to write
        decryptor.update_into(one, plain)
        return plain

    return read_by(decipher, block, digits)


def read_by(decipher: Callable[[bytes], bytearray], block: bytes, digits: str) -> bytearray:
    """The same, by who deciphers one block of 16 bytes: in an HSM, whose key is not to be had."""
    inner, field = decipher(block), account_field(digits)
    plain = decipher(bytes(a ^ b for a, b in zip(inner, field, strict=False)))
    try:
        return _bcd(plain)
    finally:
        wipe(plain)


def _bcd(plain: bytearray) -> bytearray:
    count = plain[0] & 0xF
    nibbles = bytearray(plain[1 + at // 2] >> (0 if at % 2 else 4) & 0xF for at in range(_DIGITS))
    try:
        right = (
            plain[0] >> 4 == 4  # noqa: PLR2004 - the format's control nibble
            and SHORTEST <= count <= LONGEST
            and all(nibble <= 9 for nibble in nibbles[:count])  # noqa: PLR2004
            and all(nibble == 0xA for nibble in nibbles[count:])  # noqa: PLR2004
        )
        if not right:
            raise NoPinError
        size = (count + 1) // 2
        nibbles[count] = 0xF if count % 2 else nibbles[count]
        pin = bytearray(1 + size)
        pin[0] = size
        for at in range(size):
            pin[1 + at] = nibbles[2 * at] << 4 | nibbles[2 * at + 1]
        return pin
    finally:
        wipe(nibbles)
