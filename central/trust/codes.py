"""One-time codes a person types: 12 characters of Crockford's base32, 60 bits, `7K4Q-92MX-TB3W`.

Crockford's alphabet has no I, L, O, U; who types O is understood as 0, I or L as 1
(https://www.crockford.com/base32.html).
"""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
HINT = 2
"""The first characters, which are kept: wrong codes that begin alike are counted against it."""

_READ = str.maketrans("OIL", "011", "- ")


def new_code() -> str:
    """A fresh code as people write it."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def read(text: str) -> str | None:
    """The 12 characters that were meant; None if it is no code."""
    code = text.upper().translate(_READ)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def digest(code: str) -> str:
    """What is kept of a code: SHA-256, hexadecimal. With 60 bits it needs no salt."""
    return hashlib.sha256(code.encode()).hexdigest()


def fingerprint(key_sha256: str) -> str:
    """The first 80 bits of a key's SHA-256 (hexadecimal) in four groups, for people to compare."""
    number = int(key_sha256[:20], 16)
    return grouped("".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5)))


def grouped(characters: str) -> str:
    """Groups of four: `7K4Q-92MX-TB3W`."""
    return "-".join(characters[at : at + 4] for at in range(0, len(characters), 4))
