"""RSA-OAEP undone by hand (RFC 8017 7.1.2, SHA-256 in both places, no label).

For tokens that decipher RSA but know OAEP with SHA-1 alone, as SoftHSM 2.6 does: the private key
stays in the token, the padding is taken off here.
"""

import hashlib
import hmac

_HASH = hashlib.sha256
_SIZE = _HASH().digest_size
_NO_LABEL = _HASH(b"").digest()


def unpad(encoded: bytes) -> bytes | None:
    """The message of an encoded one of the modulus's length; None for every fault alike.

    Nothing is told early: which fault it was would help who guesses (Manger 2001).
    """
    if len(encoded) < 2 * _SIZE + 2:
        return None
    masked_seed, masked = encoded[1 : 1 + _SIZE], encoded[1 + _SIZE :]
    seed = _xor(masked_seed, _mask(masked, _SIZE))
    data = _xor(masked, _mask(seed, len(masked)))
    at = data.find(b"\x01", _SIZE)
    right = hmac.compare_digest(encoded[:1] + data[:_SIZE], b"\0" + _NO_LABEL)
    right &= not any(data[_SIZE:at]) and at >= 0
    return data[at + 1 :] if right else None


def _mask(seed: bytes, size: int) -> bytes:
    """MGF1."""
    blocks = (_HASH(seed + at.to_bytes(4, "big")).digest() for at in range(-(-size // _SIZE)))
    return b"".join(blocks)[:size]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
