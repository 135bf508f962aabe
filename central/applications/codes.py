"""The code on a voucher: its number and proof that the centre gave it; nothing personal.

`v2|<voucher number>|<Ed25519 signature, base64url>`: whoever has the public key can tell it from a
forged one, without the centre. Slips printed before have `v1|<number>|<MAC>`, which counts on.
"""

import base64
import binascii
import hashlib
import hmac
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from central.files import made_once

KEY_FILE = "voucher_key.pem"
VERSION, BEFORE = "v2", "v1"
MAC_BYTES = 16


class VoucherCodes:
    """Gives the codes and reads them.

    `secret` is that of the codes before, `key` signs the present ones.
    """

    def __init__(self, secret: bytes, key: ed25519.Ed25519PrivateKey) -> None:
        self._secret, self._key = secret, key

    def code(self, voucher_no: str) -> str:
        """The code of a voucher number: 113 characters, a QR code of 45 modules at level M."""
        told = f"{VERSION}|{voucher_no}"
        signature = base64.urlsafe_b64encode(self._key.sign(told.encode()))
        return f"{told}|{signature.decode().rstrip('=')}"

    def read(self, text: str) -> str | None:
        """The voucher number of a genuine code of either kind; None for any other text."""
        match as_printed(text).split("|"):
            case ["v2" as version, voucher_no, signature]:
                return voucher_no if self._signed(f"{version}|{voucher_no}", signature) else None
            case ["v1", voucher_no, mac]:
                genuine = self._mac(voucher_no)
                right = hmac.compare_digest(genuine.encode(), mac.encode())
                return voucher_no if right else None
            case _:
                return None

    def public_pem(self) -> str:
        """The public key, for who checks elsewhere."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def _signed(self, told: str, signature: str) -> bool:
        try:
            raw = base64.b64decode(f"{signature}==", altchars=b"-_", validate=True)
            self._key.public_key().verify(raw, told.encode())
        except (binascii.Error, ValueError, InvalidSignature):
            return False
        return signature == base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def _mac(self, voucher_no: str) -> str:
        return hmac.digest(self._secret, voucher_no.encode(), hashlib.sha256)[:MAC_BYTES].hex()


def is_code(text: str) -> bool:
    """Whether a text would be a voucher's code, genuine or not."""
    return text[:3].lower() in {f"{VERSION}|", f"{BEFORE}|"}


def as_printed(text: str) -> str:
    """A code as it was printed: a scanner types through Caps Lock, which turns every letter."""
    return text.swapcase() if text.startswith("V") else text


def open_codes(folder: Path, secret: bytes) -> VoucherCodes:
    """The codes of the centre in a folder; its key is made the first time."""
    key = load_pem_private_key(made_once(folder / KEY_FILE, _new_key), None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise ValueError(f"{folder / KEY_FILE} holds no Ed25519 key: put the right one back")  # noqa: TRY004 - of the file
    return VoucherCodes(secret, key)


def _new_key() -> bytes:
    return ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
