"""The kiosk's identity: a key made here that never leaves, and the centre's certificate for it.

`identity.pem` in the folder holds key, certificate and chain, readable by its owner alone; it is
replaced whole. The key for the next certificate waits in `next.key`, so that asking again after a
lost answer asks with the same key. `python -m kiosk enrol --code CODE` begins; from then on the
certificate renews itself in its last ten days.
"""

import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk import whole_file
from kiosk.settings import Settings, SettingsError

FILE = "identity.pem"
NEXT = "next.key"
RENEW = timedelta(days=10)
LOOK_S = 3600.0
"""How often the kiosk looks whether it is time, and asks again after a no."""
_TIMEOUT = httpx.Timeout(15.0, connect=5.0)


class NotGiven(Exception):  # noqa: N818 - an answer
    """The centre gave no certificate; the text is the problem's type, or what went wrong."""


class NotOurs(NotGiven):
    """The code is another device's; the text is whose: `kiosk:0018`."""


class Identity:
    """The key and certificate in a folder; `ca_file` is who signs the centre's own certificate.

    "" for the machine's own list of authorities. Any thread may read; one at a time may ask.
    """

    def __init__(self, folder: Path, ca_file: str = "") -> None:
        self._folder, self._ca_file = folder, ca_file
        self.generation = 0
        """Rises with every new certificate."""

    def exists(self) -> bool:
        """Whether the kiosk was enrolled."""
        return (self._folder / FILE).exists()

    def pem(self) -> bytes:
        """The key in use and its certificate. Raises OSError where the kiosk was not enrolled."""
        return (self._folder / FILE).read_bytes()

    def context(self) -> ssl.SSLContext:
        """TLS to the centre, with the certificate when there is one."""
        context = ssl.create_default_context(cafile=self._ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.exists():
            context.load_cert_chain(self._folder / FILE)
        return context

    def not_after(self) -> datetime:
        """When the certificate ends."""
        data = (self._folder / FILE).read_bytes()
        return x509.load_pem_x509_certificates(data)[0].not_valid_after_utc

    def due(self, now: datetime) -> bool:
        """Whether it is time to renew."""
        return self.exists() and now > self.not_after() - RENEW

    def enrol(self, url: str, code: str, device: str = "") -> str:
        """Ask for the first certificate; "" when it is there, else the key's fingerprint.

        The fingerprint is what an operator has yet to confirm: ask again then. A certificate of
        another than `device` (`kiosk:0017`) is not kept. Raises `NotGiven`, and OSError.
        """
        answer = self._ask(url, "/v1/enrolments", {"code": code})
        whose = str(answer.get("device", device))
        if device and whose != device:
            raise NotOurs(whose)
        if self._taken(answer):
            return ""
        if not answer.get("fingerprint"):
            raise NotGiven("no fingerprint in the answer")
        return str(answer["fingerprint"])

    def renew(self, url: str) -> None:
        """Ask for the next certificate. Raises `NotGiven`; the one there is stays."""
        self._taken(self._ask(url, "/v1/certificates", {}))

    def _ask(self, url: str, path: str, body: dict[str, str]) -> dict[str, Any]:
        body = body | {"csr": _csr(self._next_key())}
        try:
            with httpx.Client(verify=self.context(), timeout=_TIMEOUT, trust_env=False) as http:
                answer = http.post(url.rstrip("/") + path, json=body)
                found = answer.json()
        except (httpx.HTTPError, ValueError, ssl.SSLError) as error:
            raise NotGiven(type(error).__name__) from None
        if not answer.is_success or not isinstance(found, dict):
            kind = cast("dict[str, Any]", found).get("type") if isinstance(found, dict) else None
            raise NotGiven(str(kind or HTTPStatus(answer.status_code).name))
        return cast("dict[str, Any]", found)

    def _taken(self, answer: dict[str, Any]) -> bool:
        """Keep the certificate of an answer with its key; False when there is none in it yet."""
        if answer.get("state") != "given":
            return False
        key = (self._folder / NEXT).read_bytes()
        pem = f"{answer.get('certificate')}{answer.get('chain')}".encode()
        if not _fits(key, pem):
            raise NotGiven("the certificate is not for our key")
        whole_file.put(self._folder / FILE, key + pem, 0o600)
        (self._folder / NEXT).unlink()
        self.generation += 1
        return True

    def _next_key(self) -> bytes:
        """The key for the next certificate, made when there is none, or only the one in use.

        Power lost between the two steps of `_taken` leaves that one, and no key is taken twice.
        """
        path = self._folder / NEXT
        used = (self._folder / FILE).read_bytes() if self.exists() else b""
        if not path.exists() or used.startswith(path.read_bytes()):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            whole_file.put(path, _new_key(), 0o600)
        return path.read_bytes()


class Renewal:
    """Renews an identity in a thread of its own; what went wrong is told to `failed`."""

    def __init__(
        self,
        identity: Identity,
        url: str,
        failed: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        look_s: float = LOOK_S,
    ) -> None:
        self._identity, self._url, self._failed = identity, url, failed
        self._now, self._look_s = now, look_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewal", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; a question that is on its way is not waited for longer than it may take."""
        self._over.set()
        self._thread.join(timeout=1)

    def _run(self) -> None:
        while True:
            try:
                if self._identity.due(self._now()):
                    self._identity.renew(self._url)
            except NotGiven as no:
                self._failed(str(no))
            except (OSError, ValueError) as error:  # a full disk, a broken file
                self._failed(type(error).__name__)
            if self._over.wait(self._look_s):
                return


def of(settings: Settings) -> Identity | None:
    """The identity of the settings; None where they name no folder. Raises `SettingsError`."""
    if not settings.central_identity_dir:
        return None
    if settings.central_ca_file and not Path(settings.central_ca_file).is_file():
        raise SettingsError(f"[central] ca_file = {settings.central_ca_file!r}: no such file")
    return Identity(Path(settings.central_identity_dir), settings.central_ca_file)


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _csr(key: bytes) -> str:
    """A request for a key; whose it is, the centre knows by the code or the certificate."""
    private = cast("ec.EllipticCurvePrivateKey", serialization.load_pem_private_key(key, None))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kiosk")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name)
    return request.sign(private, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _fits(key: bytes, pem: bytes) -> bool:
    private = serialization.load_pem_private_key(key, None)
    try:
        certificate = x509.load_pem_x509_certificates(pem)[0]
    except ValueError:
        return False
    return certificate.public_key() == private.public_key()
