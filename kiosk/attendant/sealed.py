"""A file that only the operator can open: X25519, HKDF-SHA256, ChaCha20-Poly1305.

`KIOSKLOG1` and a line feed, an ephemeral public key (32 bytes), then the ciphertext with its tag.
The key is HKDF-SHA256 of the shared secret, 32 bytes, salted with both public keys, the header its
info; the nonce is zero, since each key is used once. Inside: gzip. Sources: RFC 7748, 5869, 8439.
"""

import argparse
import gzip
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HEADER = b"KIOSKLOG1\n"
KEY_BYTES = 32
NONCE = bytes(12)


class SealError(Exception):
    """A key or a file does not serve; the message says which."""


def operator(path: Path) -> X25519PublicKey:
    """The operator's public key of a PEM file; raises `SealError`."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SealError(f"{path}: no public key: {type(error).__name__}") from None
    if not isinstance(key, X25519PublicKey):
        raise SealError(f"{path}: not an X25519 key; `openssl genpkey -algorithm x25519`")
    return key


def seal(data: bytes, to: X25519PublicKey) -> bytes:
    """The data as only the holder of the private key reads it."""
    return seal_packed(gzip.compress(data), to)


def seal_packed(packed: bytes, to: X25519PublicKey) -> bytes:
    """The same of data that are gzip already, of one member or many."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    key = _key(own.exchange(to), public, to.public_bytes_raw())
    return HEADER + public + ChaCha20Poly1305(key).encrypt(NONCE, packed, HEADER)


def unseal(sealed: bytes, key: X25519PrivateKey) -> bytes:
    """The data again; raises `SealError` for a file that is none, is cut, or is for another."""
    public, rest = sealed[len(HEADER) :][:KEY_BYTES], sealed[len(HEADER) + KEY_BYTES :]
    if not sealed.startswith(HEADER) or len(public) != KEY_BYTES:
        raise SealError("not a sealed log")
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
        own = key.public_key().public_bytes_raw()
        plain = ChaCha20Poly1305(_key(shared, public, own)).decrypt(NONCE, rest, HEADER)
    except (InvalidTag, ValueError):
        raise SealError("sealed for another key, or not whole") from None
    return gzip.decompress(plain)


def _private(path: Path) -> X25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, X25519PrivateKey):
        raise SealError(f"{path}: not an X25519 key")
    return key


def _key(shared: bytes, *public: bytes) -> bytes:
    kdf = HKDF(hashes.SHA256(), length=KEY_BYTES, salt=b"".join(public), info=HEADER)
    return kdf.derive(shared)


def main(argv: list[str]) -> int:
    """`python -m kiosk open-log --key PRIVATE.pem FILE`: the log on the standard output."""
    parser = argparse.ArgumentParser(prog="python -m kiosk open-log", description=__doc__)
    parser.add_argument("--key", type=Path, required=True, help="the operator's private key, PEM")
    parser.add_argument("file", type=Path)
    asked = parser.parse_args(argv)
    try:
        sys.stdout.buffer.write(unseal(asked.file.read_bytes(), _private(asked.key)))
    except (OSError, ValueError, TypeError, SealError) as error:
        sys.stderr.write(f"kiosk open-log: {error}\n")
        return 2
    return 0
