"""A stream sealed to a recipient's public key: who makes backups cannot read them.

X25519 with a fresh key, HKDF-SHA256 over the secret and both public keys, then AES-256-GCM in
blocks of 64 KiB whose nonces count and mark the last one (STREAM, Hoang et al. 2015): nothing can
be cut, moved or added. Keys are PEM, as `openssl genpkey -algorithm X25519` makes them.
"""

from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from central.backup.archive import BROKEN, BackupError

MAGIC = b"centre backup sealed to X25519 v1\n"
_KEY, _BLOCK, _TAG = 32, 64 * 1024, 16


def recipient(pem: bytes) -> X25519PublicKey:
    """The public key of a PEM. Raises `BackupError`."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, X25519PublicKey):
        raise BackupError("the recipient is no X25519 public key in PEM")
    return key


def identity(pem: bytes) -> X25519PrivateKey:
    """The private key of a PEM. Raises `BackupError`."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise BackupError("the identity is no X25519 private key in PEM without a password")
    return key


class SealedWriter:
    """A sink that seals; `close` writes the last block."""

    def __init__(self, out: IO[bytes], to: X25519PublicKey) -> None:
        fresh = X25519PrivateKey.generate()
        public = fresh.public_key().public_bytes_raw()
        out.write(MAGIC + public)
        self._out = out
        self._cipher = _cipher(fresh.exchange(to), public, to.public_bytes_raw())
        self._count = 0
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes; whole blocks go out, one is always held back."""
        self._held += data
        while len(self._held) > _BLOCK:
            self._block(bytes(self._held[:_BLOCK]), last=False)
            del self._held[:_BLOCK]
        return len(data)

    def close(self) -> None:
        """Write the last block."""
        self._block(bytes(self._held), last=True)

    def _block(self, data: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._count, last=last), data, MAGIC))
        self._count += 1


class SealedReader:
    """A source that opens, from behind `MAGIC`. Raises `BackupError` for another key or bytes."""

    def __init__(self, source: IO[bytes], key: X25519PrivateKey) -> None:
        public = source.read(_KEY)
        if len(public) != _KEY:
            raise BackupError(BROKEN)
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
        self._cipher = _cipher(shared, public, key.public_key().public_bytes_raw())
        self._source = source
        self._count = 0
        self._next = source.read(_BLOCK + _TAG)
        self._over = False

    def read(self, _size: int) -> bytes:
        """The next block, whatever size was asked; none at the end."""
        if self._over:
            return b""
        block, self._next = self._next, self._source.read(_BLOCK + _TAG)
        self._over = not self._next
        try:
            data = self._cipher.decrypt(_nonce(self._count, last=self._over), block, MAGIC)
        except (InvalidTag, ValueError):
            raise BackupError(f"{BROKEN}, or give the identity it was sealed to") from None
        self._count += 1
        return data


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _cipher(shared: bytes, fresh: bytes, to: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY, salt=fresh + to, info=MAGIC).derive(shared))
