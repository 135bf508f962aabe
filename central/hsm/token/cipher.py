"""The arithmetic of cards done in a token: a card's own key is derived there and never leaves it.

`CKM_DES3_ECB_ENCRYPT_DATA`, and its like for SM4, makes a key of what data give under another key:
just the profile's diversification. Derived keys are objects of the session, sensitive and not
extractable; they are destroyed when the call ends.
"""

import ctypes
import struct
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, Session
from pkcs11.constants import DEFAULT
from pkcs11.exceptions import PKCS11Error

from central.hsm.arithmetic import Buffer, Scheme, complemented
from central.hsm.token.settings import Numbers, key_type, mechanism

_KEY_BITS = 128


@dataclass(frozen=True, slots=True)
class Cipher:
    """How a token does a cipher of cards; `single`: the MAC is that of 3DES, by K1 and by both."""

    key_type: KeyType
    ecb: Mechanism
    cbc: Mechanism
    derive: Mechanism
    block: int
    single: bool = False

    def missing(self, offered: frozenset[int]) -> str:
        """The mechanisms a token lacks, as a text; "" if it has all."""
        lacking = (each for each in (self.ecb, self.cbc, self.derive) if int(each) not in offered)
        return ", ".join(f"0x{int(each):08X}" for each in lacking)


TDES = Cipher(
    KeyType.DES2,
    Mechanism.DES3_ECB,
    Mechanism.DES3_CBC,
    Mechanism.DES3_ECB_ENCRYPT_DATA,
    block=8,
    single=True,
)


def sm4(numbers: Numbers) -> Cipher:
    """SM4 by a vendor's numbers."""
    mechanisms = (mechanism(each) for each in (numbers.ecb, numbers.cbc, numbers.derive))
    return Cipher(key_type(numbers.key_type), *mechanisms, block=16)


@dataclass(frozen=True, slots=True, eq=False)
class TokenKey:
    """A master key's object, or how a key is derived from another."""

    origin: Any
    half: bytes = b""


class Derivations:
    """The keys derived in one call, and the scheme that works with them."""

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher
        self._made: dict[tuple[int, bytes, MechanismFlag], Any] = {}
        self.scheme = Scheme(cipher.block, self._encipher, self._mac, TokenKey)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        for made in self._made.values():
            with suppress(PKCS11Error):  # it is gone with its session
                made.destroy()

    def _encipher(self, key: TokenKey, blocks: Buffer) -> bytes:
        return self._object(key, MechanismFlag.ENCRYPT).encrypt(
            bytes(blocks), mechanism=self._cipher.ecb
        )

    def _mac(self, key: TokenKey, iv: bytes, blocks: bytes) -> bytes:
        """3DES: CBC with K1 up to the last block, which goes by both (ISO/IEC 9797-1, alg. 3).

        K1 ‖ K1, derived like the key itself, does what single DES would with K1.
        """
        size, cbc = self._cipher.block, self._cipher.cbc
        if self._cipher.single:
            head, blocks = blocks[:-size], blocks[-size:]
            if head:
                first = self._object(key, MechanismFlag.ENCRYPT, key.half * 2)
                iv = first.encrypt(head, mechanism=cbc, mechanism_param=iv)[-size:]
        whole = self._object(key, MechanismFlag.ENCRYPT)
        return whole.encrypt(blocks, mechanism=cbc, mechanism_param=iv)[-size:]

    def _object(self, key: TokenKey, use: MechanismFlag, data: bytes = b"") -> Any:
        """The key in the token, made the first time for this use alone."""
        if not isinstance(key.origin, TokenKey):
            return key.origin
        data = data or complemented(key.half)
        at = (id(key), data, use)
        if at not in self._made:
            base = self._object(key.origin, MechanismFlag.DERIVE)
            self._made[at] = self._derive(base, data, use)
        return self._made[at]

    def _derive(self, base: Any, data: bytes, use: MechanismFlag) -> Any:
        """`CK_KEY_DERIVATION_STRING_DATA` holds a pointer: the buffer has to live until then."""
        buffer = ctypes.create_string_buffer(data, len(data))
        parameter = struct.pack("PL", ctypes.addressof(buffer), len(data))
        if self._cipher.derive is Mechanism.AES_ECB_ENCRYPT_DATA:
            parameter = data  # python-pkcs11 builds this one itself
        template: dict[Attribute, Any] = {
            Attribute.PRIVATE: True,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
        }
        if self._cipher.single:
            template[Attribute.VALUE_LEN] = DEFAULT  # DES keys have one length: it is not told
        return base.derive_key(
            self._cipher.key_type,
            _KEY_BITS,
            capabilities=use,
            mechanism=self._cipher.derive,
            mechanism_param=parameter,
            template=template,
        )
