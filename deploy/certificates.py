"""A certificate for a server that is being tried: `python -m deploy.certificates FOLDER [HOST …]`.

Writes `server.pem` and `server.key` for the hosts (127.0.0.1 and localhost unless given), signed by
themselves: `server.pem` is also what a kiosk's `ca_file` names. In production take one of the
authority your kiosks know.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

HOSTS = ("127.0.0.1", "localhost")
_LIFE = timedelta(days=30)


class Files(NamedTuple):
    """Where certificate and key are."""

    certificate: Path
    key: Path


def own(folder: Path, *hosts: str) -> Files:
    """A fresh key and its certificate for the hosts, good for 30 days."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a centre on trial")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts or HOSTS]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = Files(folder / "server.pem", folder / "server.key")
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    descriptor = os.open(files.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        file.write(key.private_bytes(Encoding.PEM, pkcs8, plain))
    return files


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


if __name__ == "__main__":
    print(*own(Path(sys.argv[1]), *sys.argv[2:]))
