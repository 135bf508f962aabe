"""The device CA: it gives kiosks, stations and partner systems their client certificates.

P-256. Its key and certificate are made in the centre's folder the first time they are needed, or
are files from elsewhere. What it signs is in `Certificate` of `records.py`; a certificate that is
not there is nobody's, whoever signed it.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central.audit.records import Actor
from central.clock import Clock, china_now
from central.database import StoreError
from central.files import made_once
from central.trust.settings import LIFE

KEY_FILE = "device_ca.key"
CERTIFICATE_FILE = "device_ca.pem"
SKEW = timedelta(hours=1)
"""A certificate begins this much before it was given: clocks differ."""

_LIFE = timedelta(days=3653)


@dataclass(frozen=True)
class Authority:
    """The CA of a key file and a certificate file (PEM; the chain may follow in it).

    Read when first used. Raises `StoreError` with the cure for files that hold no such thing.
    """

    key_path: Path
    certificate_path: Path
    may_make: bool = True
    clock: Clock = china_now

    @cached_property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The CA's private key."""
        data = made_once(self.key_path, _new_key) if self.may_make else self.key_path.read_bytes()
        try:
            key = serialization.load_pem_private_key(data, None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise StoreError(f"{self.key_path} holds no EC private key in PEM, unencrypted")
        return key

    @cached_property
    def chain(self) -> list[x509.Certificate]:
        """The CA's certificate, and those above it."""
        data = (
            made_once(self.certificate_path, lambda: _own_certificate(self.key, self.clock()))
            if self.may_make
            else self.certificate_path.read_bytes()
        )
        try:
            chain = x509.load_pem_x509_certificates(data)
        except ValueError:
            raise StoreError(f"{self.certificate_path} holds no certificate in PEM") from None
        if chain[0].public_key() != self.key.public_key():
            raise StoreError(f"{self.certificate_path} is not the certificate of {self.key_path}")
        return chain

    @property
    def pem(self) -> str:
        """The chain as PEM."""
        return "".join(_pem(certificate) for certificate in self.chain)

    def issue(
        self, key: ec.EllipticCurvePublicKey, device: Actor, now: datetime
    ) -> x509.Certificate:
        """A certificate for a device's key: 30 days, `urn:kiosk:0017`, for clients of TLS."""
        ca = self.chain[0]
        usage = x509.KeyUsage(True, *(False,) * 8)  # digital signature
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(device))]))
            .issuer_name(ca.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before((now - SKEW).astimezone(UTC))
            .not_valid_after((now + LIFE).astimezone(UTC))
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"urn:{device}")]),
                critical=False,
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )


def open_authority(
    folder: Path, key: Path | None, certificate: Path | None, clock: Clock = china_now
) -> Authority:
    """The CA of the files given, or the one in the centre's folder."""
    if key is None and certificate is None:
        return Authority(folder / KEY_FILE, folder / CERTIFICATE_FILE, clock=clock)
    if key is None or certificate is None:
        raise StoreError("the device CA needs both, its key and its certificate: give both files")
    return Authority(key, certificate, may_make=False)


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _own_certificate(key: ec.EllipticCurvePrivateKey, now: datetime) -> bytes:
    """The CA's certificate by itself; the number in its name tells two CAs of one name apart."""
    title = f"social-card device CA {secrets.token_hex(4)}"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    begin = now.astimezone(UTC) - timedelta(days=1)
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + _LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pem(certificate).encode()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
