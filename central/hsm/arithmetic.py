"""The arithmetic of the reference card profile: diversification, authentication, MAC, commands.

Pure. The profile and its vectors are ours, for no issuer publishes its own; SM4 is GB/T 32907 and
3DES, with keys of two parts K1 ‖ K2, the variant for 2.0 cards. The two differ in cipher and MAC
alone. Source: facts of the reference card, sections 4.4, 4.7 and 4.8 (`docs/central.md`).

What a key is, the scheme alone knows: bytes here, an object of a PKCS#11 token in `token/`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

UNBLOCK = bytes.fromhex("84240000")
MAC_BYTES = 4
_HALF = 8

Buffer = bytes | bytearray
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Scheme(Generic[Key]):
    """A cipher of cards: `encipher(key, blocks)` each block by itself, `mac(key, iv, blocks)`.

    `derive(key, half)` is the key `E(key, half ‖ ~half)`, 16 bytes.
    """

    block: int
    encipher: Callable[[Key, Buffer], bytes]
    mac: Callable[[Key, bytes, bytes], bytes]
    derive: Callable[[Key, bytes], Key]


def diversify(scheme: Scheme[Key], master: Key, card_id: bytes) -> Key:
    """The card's own key (16 bytes) of a master key: by region, then by card."""
    region, card = card_id[:3].ljust(_HALF, b"\0"), card_id[8:16]
    return scheme.derive(scheme.derive(master, region), card)


def authenticate(scheme: Scheme[Key], key: Key, factor: bytes, source: bytes) -> bytes:
    """A, 8 bytes: the source under the process key of the factor."""
    process_key = scheme.derive(key, factor)
    return scheme.encipher(process_key, source.ljust(scheme.block, b"\0"))[:_HALF]


def unblock(scheme: Scheme[Key], key: Key, challenge: bytes) -> bytes:
    """`84240000 04 MAC`, 9 bytes; `key` is the card's PUK."""
    return _secured(scheme, key, challenge, UNBLOCK, b"")


def reload(scheme: Scheme[Key], key: Key, header: bytes, challenge: bytes, pin: bytearray) -> bytes:
    """`header Lc X MAC`: 25 bytes by SM4, 17 by 3DES; `key` is the card's RPK.

    `pin` is the number of its bytes, then the PIN as BCD; the caller wipes it.
    """
    block = pad80(pin, scheme.block)
    try:
        enciphered = scheme.encipher(key, block)
    finally:
        wipe(block)
    return _secured(scheme, key, challenge, header, enciphered)


def pad80(message: Buffer, size: int) -> bytearray:
    """The message, 80, and zeros up to a whole block: a new buffer."""
    padded = bytearray(size * (len(message) // size + 1))
    padded[: len(message)] = message
    padded[len(message)] = 0x80
    return padded


def wipe(buffer: bytearray) -> None:
    """Overwrite with zeros."""
    buffer[:] = bytes(len(buffer))


def complemented(half: bytes) -> bytes:
    """What a key is derived by: half ‖ ~half."""
    return half + bytes(byte ^ 0xFF for byte in half)


def _secured(scheme: Scheme[Key], key: Key, challenge: bytes, header: bytes, data: bytes) -> bytes:
    """The command with the MAC over header, the final Lc, and the data."""
    command = header + bytes([len(data) + MAC_BYTES]) + data
    iv = challenge.ljust(scheme.block, b"\0")
    return command + scheme.mac(key, iv, bytes(pad80(command, scheme.block)))[:MAC_BYTES]


def _all(context: CipherContext, blocks: Buffer) -> bytes:
    return context.update(blocks) + context.finalize()


def _sm4(key: bytes, blocks: Buffer) -> bytes:
    return _all(Cipher(algorithms.SM4(key), modes.ECB()).encryptor(), blocks)  # noqa: S305


def _sm4_mac(key: bytes, iv: bytes, blocks: bytes) -> bytes:
    return _all(Cipher(algorithms.SM4(key), modes.CBC(iv)).encryptor(), blocks)[-16:]


def _tdes(key: bytes, blocks: Buffer) -> bytes:
    return _all(Cipher(TripleDES(key + key[:_HALF]), modes.ECB()).encryptor(), blocks)  # noqa: S305


def _tdes_mac(key: bytes, iv: bytes, blocks: bytes) -> bytes:
    """ISO/IEC 9797-1, algorithm 3: single DES with K1, the last block also out of K2, into K1."""
    first, second = TripleDES(key[:_HALF] * 3), TripleDES(key[_HALF:] * 3)
    last = _all(Cipher(first, modes.CBC(iv)).encryptor(), blocks)[-_HALF:]
    between = _all(Cipher(second, modes.ECB()).decryptor(), last)  # noqa: S305
    return _all(Cipher(first, modes.ECB()).encryptor(), between)  # noqa: S305


SM4 = Scheme(16, _sm4, _sm4_mac, lambda key, half: _sm4(key, complemented(half)))
TDES = Scheme(_HALF, _tdes, _tdes_mac, lambda key, half: _tdes(key, complemented(half)))

SCHEMES = {"01": TDES, "03": SM4}
"""By 算法标识; "00" (DES) and "02" (SSF33, not public) have none."""
