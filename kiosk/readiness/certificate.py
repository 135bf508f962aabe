"""A readiness certificate: what was proven, when, of which program; signed with the kiosk's key.

It is JSON, and the same JSON as a compact JWS (`kiosk/signed.py`) in one file, so that people read
it and nobody alters it. It has no field that could hold a person.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from kiosk.identity import Identity
from kiosk.readiness.proof import Degree, Result
from kiosk.signed import SignatureError, Signed, opened, sign

SCHEMA = 1
KIND = "kiosk-readiness"
"""What `typ` of the JWS says, other than of anything else a kiosk signs."""
ROOT = Path(__file__).parents[2]
PROGRAM = ("kiosk", "screens", "hardware", "regulation", "config")
ENDINGS = frozenset({".py", ".kv", ".toml"})


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a kiosk proved of itself at a time.

    `revision`: of the configuration from afar in force, 0 for none. `why`: start, daily, again
    (something had failed before) or asked. `program`: SHA-256, see `program`.
    """

    kiosk: str
    version: str
    program: str
    revision: int
    at: datetime
    why: str
    proofs: tuple[Result, ...]

    @property
    def failed(self) -> tuple[Result, ...]:
        """What did not do what it has to."""
        return tuple(each for each in self.proofs if each.degree is Degree.FAILED)

    def degree(self, proof: str) -> Degree:
        """How far a proof came; absent where there was none."""
        found = (each.degree for each in self.proofs if each.proof == proof)
        return next(found, Degree.ABSENT)

    @property
    def printed(self) -> bool:
        """Whether a slip came out that may be believed."""
        legible = self.degree("read_back") is not Degree.FAILED
        return self.degree("print") is Degree.PROVEN and legible

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schema": SCHEMA,
            **asdict(self),
            "at": self.at.isoformat(timespec="seconds"),
            "ready": not self.failed,
        }


def of(told: Mapping[str, Any]) -> Certificate:
    """The certificate of its JSON; raises KeyError, TypeError or ValueError for what is none."""
    if told["schema"] != SCHEMA:
        raise ValueError("another schema")
    at = datetime.fromisoformat(told["at"])
    names = ("kiosk", "version", "program", "revision", "why")
    rows = tuple(_result(row) for row in told["proofs"])
    return Certificate(**{name: told[name] for name in names}, at=at, proofs=rows)


def _result(row: Mapping[str, Any]) -> Result:
    degree = Degree(row["degree"])
    return Result(row["proof"], row["device"], degree, row["ms"], row["reason"])


def written(certificate: Certificate, identity: Identity | None) -> bytes:
    """The file of a certificate: signed, where the kiosk has an identity.

    Raises OSError and ValueError where the key cannot be used. Any thread.
    """
    enrolled = identity if identity and identity.exists() else None
    told = certificate.told() | {"signed_by": _fingerprints(enrolled) if enrolled else []}
    jws = sign(enrolled, KIND, told) if enrolled else ""
    return json.dumps({"certificate": told, "jws": jws}, ensure_ascii=False, indent=1).encode()


def read(data: bytes) -> Certificate:
    """The certificate in a file, unverified. Raises ValueError for what is none."""
    try:
        return of(json.loads(data)["certificate"])
    except (KeyError, TypeError) as error:
        raise ValueError("no readiness certificate") from error


def verified(data: bytes, authority: bytes = b"") -> Signed:
    """What a file says that a kiosk has signed, at a time when its certificate was valid.

    `authority`: who gave kiosks their certificates (PEM); without it anybody's key will do. Raises
    `SignatureError`, also where what people read is not what was signed.
    """
    try:
        file = json.loads(data)
        shown, jws = file["certificate"], str(file["jws"])
        at = datetime.fromisoformat(shown["at"])
    except (ValueError, KeyError, TypeError):
        raise SignatureError("no readiness certificate") from None
    if not jws:
        raise SignatureError("not signed: the kiosk had no identity then")
    found = opened(jws, authority, at)
    if found.kind != KIND:
        raise SignatureError("signed as something else")
    if found.told != shown:
        raise SignatureError("what is shown is not what was signed")
    if found.kiosk != f"kiosk:{found.told['kiosk']}":
        raise SignatureError("signed by another kiosk")
    return found


def _fingerprints(identity: Identity) -> list[str]:
    """SHA-256 of the kiosk's certificate and of those above it, as they came with it."""
    chain = x509.load_pem_x509_certificates(identity.pem())
    return [each.fingerprint(hashes.SHA256()).hex() for each in chain]


@cache
def program() -> str:
    """SHA-256 of the program: of its files by name, or of the packed program itself.

    `sha256sum` of the files in order of their names, then of that list; some 30 ms, once.
    """
    if getattr(sys, "frozen", False):
        return _sha256(Path(sys.executable))
    files = (each for room in PROGRAM for each in (ROOT / room).rglob("*"))
    rows = sorted(
        (str(each.relative_to(ROOT)), each)
        for each in files
        if each.suffix in ENDINGS and "__pycache__" not in each.parts
    )
    listed = "".join(f"{_sha256(path)}  {name}\n" for name, path in rows)
    return hashlib.sha256(listed.encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
