"""The arithmetic of the reference card: its own keys, authentication values, MACs, PIN blocks.

For the virtual card and the tests; the kiosk's side of the card never needs it. Sizes in bytes.
Source: docs/devices/social_card.md. 3DES: DK, PIN block and MAC are its 3DES variant; the
authentication value is ours, made after the same pattern [P].
"""

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB

from hardware.social_card.keys import Algorithm

MAC_SIZE = 4
_REGION = slice(0, 3)
_CARD = slice(8, 16)


class Sm4Scheme:
    """SM4 (GB/T 32907): blocks of 16 bytes."""

    block = 16

    def split(self, key: bytes, factor: bytes) -> bytes:
        """Give the key that follows from a key and 8 bytes: of a region, of a card, of a moment."""
        return self._encrypt(key, factor + complement(factor))

    def answer(self, key: bytes, factor: bytes, source: bytes) -> bytes:
        """Give the authentication value A, 8 bytes."""
        return self._encrypt(self.split(key, factor), source + bytes(8))[:8]

    def mac(self, key: bytes, challenge: bytes, message: bytes) -> bytes:
        """Give the 4 bytes behind a secured command."""
        return self._chain(key, challenge + bytes(8), message)[:MAC_SIZE]

    def seal(self, key: bytes, packed_pin: bytes) -> bytes:
        """Give the enciphered block L ‖ PIN ‖ 80 ‖ 00..."""
        return self._encrypt(key, pad80(bytes([len(packed_pin)]) + packed_pin, self.block))

    def unseal(self, key: bytes, sealed: bytes) -> bytes | None:
        """Give the packed PIN in a block; none if the block is badly padded."""
        block = self._decrypt(key, sealed)
        size = block[0]
        sound = 0 < size < self.block - 1 and block == pad80(block[: 1 + size], self.block)
        return block[1 : 1 + size] if sound else None

    def _chain(self, key: bytes, first: bytes, message: bytes) -> bytes:
        """CBC over the padded message; its last block."""
        value, padded = first, pad80(message, self.block)
        for at in range(0, len(padded), self.block):
            mixed = zip(value, padded[at : at + self.block], strict=True)
            value = self._encrypt(key, bytes(a ^ b for a, b in mixed))
        return value

    def _encrypt(self, key: bytes, block: bytes) -> bytes:
        return _run(self._cipher(key).encryptor(), block)

    def _decrypt(self, key: bytes, block: bytes) -> bytes:
        return _run(self._cipher(key).decryptor(), block)

    def _cipher(self, key: bytes) -> Cipher[ECB]:
        return Cipher(SM4(key), ECB())  # noqa: S305 - single blocks, as the card has it


class TdesScheme(Sm4Scheme):
    """3DES with two keys K1 ‖ K2: blocks of 8 bytes; MAC of ISO 9797-1, algorithm 3."""

    block = 8

    def split(self, key: bytes, factor: bytes) -> bytes:
        """Give both halves one after the other, for a block is half a key."""
        return self._encrypt(key, factor) + self._encrypt(key, complement(factor))

    def answer(self, key: bytes, factor: bytes, source: bytes) -> bytes:
        """Give A: one block [P]."""
        return self._encrypt(self.split(key, factor), source)

    def mac(self, key: bytes, challenge: bytes, message: bytes) -> bytes:
        """Give CBC with DES and K1, its last block through K2 and K1 again."""
        one, other = key[:8] * 2, key[8:] * 2  # 3DES with one key for both is DES
        last = self._chain(one, challenge, message)
        return self._encrypt(one, self._decrypt(other, last))[:MAC_SIZE]

    def _cipher(self, key: bytes) -> Cipher[ECB]:
        return Cipher(TripleDES(key + key[:8]), ECB())  # noqa: S305


def _run(context: CipherContext, block: bytes) -> bytes:
    return context.update(block) + context.finalize()


def card_key(scheme: Sm4Scheme, master: bytes, card_id: bytes) -> bytes:
    """Give DK: the card's own key, made of the region's and that of the issuer's master key."""
    region = scheme.split(master, card_id[_REGION] + bytes(5))
    return scheme.split(region, card_id[_CARD])


def pad80(message: bytes, block: int) -> bytes:
    """Add 80 and zeros up to a whole block, a byte at least."""
    return message + b"\x80" + bytes(-(len(message) + 1) % block)


def complement(data: bytes) -> bytes:
    """Turn every bit."""
    return bytes(byte ^ 0xFF for byte in data)


SCHEMES: dict[Algorithm, Sm4Scheme] = {Algorithm.SM4: Sm4Scheme(), Algorithm.TDES: TdesScheme()}
"""SSF33 is not public; a DES card of generation 1 needs no arithmetic to be read."""

DEMO_KEYS = {
    "IRK": bytes(range(0x10)),
    "RKSSSE": bytes(range(0x10, 0x20)),
    "PUK": bytes(range(0x20, 0x30)),
    "RPK": bytes(range(0x30, 0x40)),
    "UKSSSE": bytes(range(0x40, 0x50)),
}
"""The public demo master keys: never for a real card."""
