"""The link to the centre: its API over HTTP, and what each way of failing means."""

import hashlib
import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

import httpx

from kiosk.identity import Identity, Renewal


class Unreachable(Exception):  # noqa: N818 - a state of the link
    """Nothing was sent: the centre could not be connected to. Cure: wait and try again."""


class OutOfDate(Unreachable):
    """The centre's certificate has ended, or begins later: by the clock of this kiosk.

    A clock that is years off cannot be told from a certificate that nobody renewed: without the
    centre nobody says which day it is. Cure: set the clock; if it is right, the certificate.
    """


class Unknown(Exception):  # noqa: N818 - a state of knowledge
    """It may have been done: a time-out, a broken answer, an error of the centre.

    Cure: ask for the key's answer, or send the same request with the same key again, after
    `after_s` seconds where the centre said so (`Retry-After`); 0 where it did not.
    """

    after_s = 0.0


@dataclass(eq=False)  # not frozen: Python sets the traceback of an exception on its way
class Rejected(Exception):  # noqa: N818 - an answer
    """The centre said no (RFC 9457): the problem's type, the failure's code, the clause."""

    type: str
    status: int
    code: str = ""
    clause: str = ""
    detail: str = field(default="", repr=False)
    body: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)


_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Of a way without TLS. It trusts nobody; reading all the world's authorities takes 30 ms."""


OTHER_DAYS = frozenset({9, 10})
"""Of OpenSSL's `X509_V_ERR_…`: CERT_NOT_YET_VALID and CERT_HAS_EXPIRED."""

AWAY = 2
"""So many requests without an answer in a row mean that the centre is away, not one lost."""


@dataclass(slots=True)
class Reach:
    """Whether the centre answers, on every way to it: any thread. `missed`: requests in a row."""

    missed: int = 0

    @property
    def away(self) -> bool:
        """Whether nothing can be asked of it now."""
        return self.missed >= AWAY


class Centre:
    """The centre at `url`. Blocking: for the link's own thread only.

    `timeout_s` is how long an answer may take; a connection has 2 s. With an `identity` it comes
    with the kiosk's certificate, which renews itself; `failed` is told why it could not.
    """

    def __init__(
        self,
        url: str,
        timeout_s: float,
        identity: Identity | None = None,
        failed: Callable[[str], None] = lambda _problem: None,
    ) -> None:
        self._url, self._timeout_s, self._identity = url, timeout_s, identity
        self.reach = Reach()
        self._connect()
        self._renewal = Renewal(identity, url, failed) if identity else None

    def _connect(self) -> None:
        """A client with the certificate of this moment."""
        self._generation = self._identity.generation if self._identity else 0
        self._http = httpx.Client(
            base_url=self._url.rstrip("/"),
            timeout=httpx.Timeout(self._timeout_s, connect=min(2.0, self._timeout_s)),
            trust_env=False,  # the way to the centre is in the settings, not in the environment
            verify=self._trusted(),
        )

    def _trusted(self) -> ssl.SSLContext | bool:
        if self._identity:
            return self._identity.context()
        return True if self._url.startswith("https:") else _NO_TLS

    def close(self) -> None:
        """Close the connections."""
        if self._renewal is not None:
            self._renewal.close()
        self._http.close()

    def client(self) -> httpx.Client:
        """What speaks HTTP with the centre, with the certificate of this moment."""
        if self._identity is not None and self._identity.generation != self._generation:
            self._http.close()
            self._connect()
        return self._http

    def beside(self, timeout_s: float | None = None) -> "Centre":
        """Another way to the same centre, for another thread; the certificate is renewed by one."""
        other = Centre(self._url, min(timeout_s or self._timeout_s, self._timeout_s))
        other.reach = self.reach
        if self._identity is not None:
            other.close()
            other._identity = self._identity
            other._connect()
        return other

    def eligibility(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What the centre says of a person before anything is asked: `outcome` and more."""
        return self._ask("POST", "/v1/eligibility", json=question)

    def overview(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """How every service stands for whoever laid a paper down, and what is on its way."""
        return self._ask("POST", "/v1/eligibility/overview", json=shown)

    def image(self, data: bytes) -> str:
        """Store a JPEG or PNG picture; gives its SHA-256. Harmless to repeat."""
        name = hashlib.sha256(data).hexdigest()
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        self._send("PUT", f"/v1/images/{name}", content=data, headers={"Content-Type": kind})
        return name

    def submit(
        self, key: str, body: Mapping[str, Any], path: str = "/v1/applications"
    ) -> dict[str, Any]:
        """Submit an application under its key: the same key gives the same answer."""
        return self._ask("POST", path, json=body, headers={"Idempotency-Key": key})

    def answered(self, key: str) -> dict[str, Any]:
        """What the request of a key got; `Rejected` with status 404 when it never arrived."""
        return self._ask("GET", f"/v1/requests/{key}")

    def check_batch(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What the centre finds wrong with a unit's list, row by row; nothing is kept there."""
        return self._ask("POST", "/v1/batches/check", json=body)

    def submit_batch(self, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Submit a unit's list under its key: the same key gives the same answer."""
        return self._ask("POST", "/v1/batches", json=body, headers={"Idempotency-Key": key})

    def batch(self, batch_no: str) -> dict[str, Any]:
        """Where a batch stands, masked: `state` and more."""
        return self._ask("GET", f"/v1/batches/{batch_no}")

    def batch_units(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """The units a clerk may act for; `Rejected` (F43) where there is none."""
        return self._ask("POST", "/v1/batches/units", json=shown)

    def open_phone_upload(self, kiosk_id: str) -> dict[str, Any]:
        """Let a phone send files for a quarter of an hour: `id`, and the `url` for the phone."""
        return self._ask("POST", "/v1/phone-uploads", json={"kiosk_id": kiosk_id})

    def phone_upload(self, upload_id: str) -> dict[str, Any]:
        """What a phone has sent so far; `Rejected` with status 404 when it is over."""
        return self._ask("GET", f"/v1/phone-uploads/{upload_id}")

    def phone_file(self, upload_id: str, n: int, first: int, last: int) -> bytes:
        """The bytes of a phone's file from `first` to `last`."""
        path, wanted = f"/v1/phone-uploads/{upload_id}/files/{n}", f"bytes={first}-{last}"
        return self._send("GET", path, headers={"Range": wanted})

    def end_phone_upload(self, upload_id: str) -> None:
        """Have everything a phone has sent removed; harmless to repeat."""
        self._send("DELETE", f"/v1/phone-uploads/{upload_id}")

    def time(self) -> datetime:
        """The centre's time; a kiosk whose clock is another says so of nobody's paper (F47)."""
        try:
            return datetime.fromisoformat(self._ask("GET", "/v1/health")["time"])
        except (KeyError, TypeError, ValueError):
            raise Unknown("no time in the answer") from None

    def countersigned(self, seq: int, signed: str) -> str:
        """The centre's word that it saw a checkpoint of the kiosk's log; harmless to repeat."""
        answer = self._ask("PUT", f"/v1/kiosks/self/log-checkpoints/{seq}", json={"signed": signed})
        token = answer.get("countersigned")
        if not isinstance(token, str):
            raise Unknown("no countersignature in the answer")
        return token

    def take_certificate(self, number: int, file: bytes, kiosk: str) -> None:
        """Have a readiness certificate taken, as its file has it; harmless to repeat.

        `kiosk`: whose it is, for a centre in development, which sees no certificate.
        """
        headers = {"Content-Type": "application/json", "X-Device": f"kiosk:{kiosk}"}
        path = f"/v1/kiosks/self/certificates/{number}"
        if "taken_at" not in self._ask("PUT", path, content=file, headers=headers):
            raise Unknown("no time in the answer")

    def pin_key(self) -> dict[str, Any]:
        """The public key for PIN blocks: `key_id`, `public_key` (PEM)."""
        return self._ask("GET", "/v1/card-keys/pin-key")

    def card_keys(self, step: str, body: Mapping[str, Any], key: str = "") -> dict[str, Any]:
        """What the centre's HSM answers to a step with a card; a binding step has a key."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._ask("POST", f"/v1/card-keys/{step}", json=body, headers=headers)

    def one_time_code(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Have a code sent to a holder's registered phone (reading A10); `phone_masked`."""
        return self._ask("POST", "/v1/one-time-codes", json=question)

    def pin_reset(self, reset_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Authorise one PIN reset of a card (规程 5.2(2)); asked again under its id it is one."""
        headers = {"Idempotency-Key": reset_id}
        return self._ask("POST", "/v1/pin-resets", json=body, headers=headers)

    def take_back_pin_reset(self, reset_id: str, body: Mapping[str, Any], key: str) -> None:
        """Say that a PIN reset came to nothing, and why."""
        headers = {"Idempotency-Key": key}
        self._ask("POST", f"/v1/pin-resets/{reset_id}/reverse", json=body, headers=headers)

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        try:
            body = json.loads(self._send(method, path, **request))
        except ValueError:
            raise Unknown("the answer is not JSON") from None
        if not isinstance(body, dict):
            raise Unknown("the answer is not an object")
        return cast("dict[str, Any]", body)

    def _send(self, method: str, path: str, **request: Any) -> bytes:
        """The body of an answer; whole within the time-out, however slowly it comes."""
        end = time.monotonic() + self._timeout_s
        body = bytearray()
        try:
            with self.client().stream(method, path, **request) as response:
                for part in response.iter_bytes():
                    body += part
                    if time.monotonic() > end:
                        raise Unknown("the answer comes too slowly")
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            self.reach.missed += 1
            raise (OutOfDate if _dated(error) else Unreachable)(path) from None
        except httpx.HTTPError as error:
            self.reach.missed += 1
            raise Unknown(type(error).__name__) from None
        self.reach.missed = 0 if _lives(response, bytes(body)) else self.reach.missed + 1
        if response.is_success:
            return bytes(body)
        raise _refusal(response.status_code, bytes(body))


PROBLEM = "urn:social-card:problem:"
"""What the type of a problem of the centre begins with; any other no may be a gateway's."""


def _dated(error: BaseException | None) -> bool:
    """Whether it was the day that was wrong with a certificate; httpx wraps what TLS raised."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_code in OTHER_DAYS
        error = error.__context__
    return False


def _lives(response: httpx.Response, body: bytes) -> bool:
    """Whether the centre answered: an error (5xx) is none, its own "too many, come later" is."""
    crowded = "Retry-After" in response.headers and PROBLEM.encode() in body
    return response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR or crowded


def _refusal(status: int, body: bytes) -> Rejected | Unknown:
    """The centre's own no is final; anything else (5xx, retryable, a gateway) is asked again."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(f"status {status}")
    problem = cast("dict[str, Any]", problem)
    kind = str(problem.get("type", ""))
    if problem.get("retryable") or not kind.startswith(PROBLEM):
        return Unknown(kind or f"status {status}")
    return Rejected(
        type=kind,
        status=status,
        code=str(problem.get("citizen_message_key") or ""),
        clause=str(problem.get("clause") or ""),
        detail=str(problem.get("detail") or ""),
        body=problem,
    )
