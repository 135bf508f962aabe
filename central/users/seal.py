"""Secrets of people, sealed with a key in a file of the centre's folder: AES-256-GCM.

Who has the tables alone has no second factor of anybody.
"""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from central.files import made_once

FILE = "users_key"
_NONCE = 12


def seal(folder: Path, login: str, secret: str) -> bytes:
    """A secret to keep; it opens for this login alone."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher(folder).encrypt(nonce, secret.encode(), login.encode())


def unseal(folder: Path, login: str, sealed: bytes) -> str:
    """The secret. Raises `cryptography.exceptions.InvalidTag` when the key's file is another."""
    return _cipher(folder).decrypt(sealed[:_NONCE], sealed[_NONCE:], login.encode()).decode()


def _cipher(folder: Path) -> AESGCM:
    return AESGCM(made_once(folder / FILE, lambda: AESGCM.generate_key(256)))
