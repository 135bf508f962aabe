"""What a kiosk signed, proven by the certificates the centre gave it: a compact JWS with ES256.

RFC 7515; RFC 7518 3.4. `typ` says what it is, `x5c` has the certificate. One that has ended since
counts on, for what was signed before; one that was revoked does not.
"""

import base64
import hashlib
import json
from typing import Any, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.trust.records import Certificate, End

_HALF = 32


def opened(session: Session, kiosk: str, kind: str, token: str) -> dict[str, Any]:
    """What a token of this kind says.

    Raises ValueError for what is none, or is not signed by this kiosk.
    """
    try:
        head, body, signature = map(_unpacked, token.split("."))
        told: dict[str, Any] = json.loads(head)
        shown = hashlib.sha256(base64.b64decode(told["x5c"][0])).hexdigest()
        said: object = json.loads(body)
        kinds = told["alg"], told["typ"]
    except (KeyError, IndexError, TypeError, RecursionError):
        raise ValueError("no signed thing of a kiosk") from None
    if kinds != ("ES256", kind) or not isinstance(said, dict):
        raise ValueError("signed as something else")
    pem = session.scalar(
        select(Certificate.pem).where(
            Certificate.device == f"kiosk:{kiosk}",
            Certificate.sha256 == shown,
            Certificate.end != End.REVOKED,
        )
    )
    if pem is None or not _proven(pem, token.rpartition(".")[0], signature):
        raise ValueError("not signed by this kiosk")
    return cast("dict[str, Any]", said)


def _proven(pem: str, text: str, signature: bytes) -> bool:
    """Whether the key of a certificate signed a text."""
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    halves = (int.from_bytes(each, "big") for each in (signature[:_HALF], signature[_HALF:]))
    try:
        cast("ec.EllipticCurvePublicKey", key).verify(
            encode_dss_signature(*halves), text.encode(), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return len(signature) == 2 * _HALF


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
