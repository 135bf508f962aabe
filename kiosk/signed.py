"""What the kiosk signs: JSON with the key of its certificate, for whoever knows the device CA.

A compact JWS (RFC 7515) with ES256 (RFC 7518 3.4): `typ` says what it is, `x5c` holds the
certificate, so that it can be checked years later, when the kiosk has another one.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.identity import Identity

ALGORITHM = "ES256"
_HALF = 32
_ECDSA = ec.ECDSA(hashes.SHA256())


class SignatureError(Exception):
    """It is not signed by a kiosk of that authority; the message says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed: what it is, by which kiosk (`kiosk:0017`), and the certificate (PEM)."""

    kind: str
    told: Mapping[str, Any]
    kiosk: str
    certificate: str


def sign(identity: Identity, kind: str, told: Mapping[str, Any]) -> str:
    """The JSON, signed; `kind` is one word, other than every other thing a kiosk signs.

    Raises OSError where the kiosk has no certificate. Takes some 0.3 ms; any thread.
    """
    pem = identity.pem()
    key = cast("ec.EllipticCurvePrivateKey", serialization.load_pem_private_key(pem, None))
    certificate = x509.load_pem_x509_certificates(pem)[0].public_bytes(Encoding.DER)
    head = {"alg": ALGORITHM, "typ": kind, "x5c": [base64.b64encode(certificate).decode()]}
    text = f"{_packed(_json(head))}.{_packed(_json(told))}"
    first, second = decode_dss_signature(key.sign(text.encode(), _ECDSA))
    return f"{text}.{_packed(first.to_bytes(_HALF, 'big') + second.to_bytes(_HALF, 'big'))}"


def opened(token: str, authority: bytes = b"", at: datetime | None = None) -> Signed:
    """What a token says; of a certificate of `authority` (PEM), valid `at` a time, where given.

    Raises `SignatureError`.
    """
    try:
        head, body, signature = map(_unpacked, token.split("."))
        found: dict[str, Any] = json.loads(head)
        certificate = x509.load_der_x509_certificate(base64.b64decode(found["x5c"][0]))
        kind, told, key = str(found["typ"]), json.loads(body), certificate.public_key()
    except (ValueError, KeyError, IndexError, TypeError, binascii.Error, UnsupportedAlgorithm):
        raise SignatureError("not a signed thing of a kiosk") from None
    if found.get("alg") != ALGORITHM or not isinstance(key, ec.EllipticCurvePublicKey):
        raise SignatureError("not signed with ES256")
    halves = (int.from_bytes(each, "big") for each in (signature[:_HALF], signature[_HALF:]))
    try:
        key.verify(encode_dss_signature(*halves), token.rpartition(".")[0].encode(), _ECDSA)
    except InvalidSignature:
        raise SignatureError("the signature does not fit") from None
    _given_by(certificate, authority, at)
    name = _kiosk(certificate)
    return Signed(kind, told, name, certificate.public_bytes(Encoding.PEM).decode())


def _given_by(certificate: x509.Certificate, authority: bytes, at: datetime | None) -> None:
    """Raise `SignatureError` unless the authority gave the certificate, for that time."""
    if at and not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise SignatureError("the certificate was not valid then")
    if not authority:
        return
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificates(authority)[0])
    except (ValueError, TypeError, InvalidSignature):
        raise SignatureError("the certificate is not of this authority") from None


def _kiosk(certificate: x509.Certificate) -> str:
    """Whose a certificate is; "" where it does not say."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    return next(iter(uris), "").removeprefix("urn:")


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
