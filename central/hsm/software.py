"""An HSM in software: the reference card profile, with keys that lie in this process's memory.

A clear PIN is in here only, in buffers that are overwritten; Python cannot promise that no copy of
it or of a key is left in memory, a real HSM can.
"""

import hashlib
from collections.abc import Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from central.hsm import arithmetic, pin_block, weak
from central.hsm.arithmetic import SCHEMES, Scheme, diversify, wipe
from central.hsm.names import PROVES, Master, of_card
from central.hsm.port import (
    Card,
    Challenge,
    Guesses,
    HsmRefused,
    Opens,
    PinBlock,
    PinKey,
    TerminalKey,
    WrappedKey,
)
from central.problems import Kind

RSA_BITS = 3072
SM4_BYTES = 16
FIRST_PIN = "123456"
"""The initial PIN of new cards, unless the HSM is set to another."""
_OAEP = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)


class SoftwareHsm:
    """The port `Hsm` over keys by name (`names.py`), 16 bytes each, and the private PIN key.

    `keys` may come to hold more while it works. `first_pin`: the initial PIN of new cards, 4 to 12
    digits; ValueError for another one.
    """

    def __init__(
        self, keys: Mapping[str, bytes], pin_key: rsa.RSAPrivateKey, first_pin: str = FIRST_PIN
    ) -> None:
        self._first_pin = pin_block.counted_bcd(first_pin)
        self._keys = keys
        self._private = pin_key
        self._public = public_pin_key(pin_key.public_key())

    def internal(self, card: Card, challenge: Challenge) -> bytes:
        """Give A under the card's IRK."""
        return self._authenticate(Master.IRK, card, challenge)

    def external(self, opens: Opens, card: Card, challenge: Challenge) -> bytes:
        """Give A under the card's RKSSSE, RPK or UKSSSE."""
        return self._authenticate(PROVES[opens], card, challenge)

    def unblock(self, card: Card, challenge: bytes) -> bytes:
        """Give UNBLOCK, with its MAC under the card's PUK."""
        scheme, key = self._key(Master.PUK, card)
        return arithmetic.unblock(scheme, key, challenge)

    def reload(
        self,
        card: Card,
        header: bytes,
        challenge: bytes,
        pin: PinBlock,
        guesses: Guesses | None = None,
    ) -> bytes:
        """Give RELOAD: the PIN comes out of its block and goes under the card's RPK."""
        self._key(Master.RPK, card)  # a card without keys is refused before its block is judged
        clear = self._read(card, pin)
        try:
            if guesses is not None:
                weak.refuse(clear, self._first_pin, guesses)
            return self._reload(card, header, challenge, clear)
        finally:
            wipe(clear)

    def initial_pin(self, card: Card, header: bytes, challenge: bytes) -> bytes:
        """Give RELOAD with the initial PIN, under the card's RPK."""
        clear = bytearray(self._first_pin)
        try:
            return self._reload(card, header, challenge, clear)
        finally:
            wipe(clear)

    def pin_key(self) -> PinKey:
        """Give the public PIN key."""
        return self._public

    def close(self) -> None:
        """Give back nothing: it holds nothing that is not its own."""

    def _reload(self, card: Card, header: bytes, challenge: bytes, clear: bytearray) -> bytes:
        scheme, key = self._key(Master.RPK, card)
        return arithmetic.reload(scheme, key, header, challenge, clear)

    def _authenticate(self, master: Master, card: Card, challenge: Challenge) -> bytes:
        scheme, key = self._key(master, card)
        return arithmetic.authenticate(scheme, key, challenge.factor, challenge.source)

    def _key(self, master: Master, card: Card) -> tuple[Scheme[bytes], bytes]:
        """The card's own key, with its cipher."""
        scheme, found = SCHEMES.get(card.algorithm), self._keys.get(of_card(master, card))
        if scheme is None or found is None:
            raise HsmRefused(Kind.CARD_ALGORITHM_NOT_TAKEN)
        return scheme, diversify(scheme, found, card.id)

    def _read(self, card: Card, pin: PinBlock) -> bytearray:
        account = pin_block.account(card.id)
        if pin.account != account:
            raise HsmRefused(Kind.PIN_BLOCK_NOT_TAKEN, "Its account is not this card's.")
        try:
            return pin_block.read(pin.block, self._work_key(pin.key), account)
        except pin_block.NoPinError:
            raise HsmRefused(Kind.PIN_BLOCK_NOT_TAKEN) from None

    def _work_key(self, key: TerminalKey | WrappedKey) -> bytes:
        if isinstance(key, TerminalKey):
            found = self._keys.get(key.name)
            if found is None:
                raise HsmRefused(Kind.PIN_KEY_UNKNOWN)
            return found
        if key.key_id != self._public.key_id:
            raise HsmRefused(Kind.PIN_KEY_UNKNOWN)
        try:
            unwrapped = self._private.decrypt(key.wrapped, _OAEP)
        except ValueError:
            unwrapped = b""
        if len(unwrapped) != SM4_BYTES:
            raise HsmRefused(Kind.PIN_BLOCK_NOT_TAKEN)
        return unwrapped


def new_pin_key() -> bytes:
    """A fresh private PIN key, as PEM (PKCS #8, not enciphered: its file is the owner's alone)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_pin_key(pem: bytes) -> rsa.RSAPrivateKey:
    """The private PIN key of a PEM that `new_pin_key` gave; ValueError if it is none."""
    try:
        key = load_pem_private_key(pem, None)
    except (TypeError, UnsupportedAlgorithm) as error:  # under a password; of a rare kind
        raise ValueError(str(error)) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("no RSA key")  # noqa: TRY004 - of the text, not of the argument
    return key


def public_pin_key(public: rsa.RSAPublicKey) -> PinKey:
    """`key_id` is the first 8 bytes of the SHA-256 of the key's DER, in hexadecimal."""
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return PinKey(hashlib.sha256(der).hexdigest()[:16].upper(), pem.decode())
