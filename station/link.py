"""The link to the centre: its API over HTTP, and what each way of failing means."""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple, cast
from uuid import UUID

import httpx

_LARGEST_ANSWER = 64 * 1024
_PROBLEM = "urn:social-card:problem:"
"""What the type of a problem of the centre begins with; any other no may be a gateway's."""


class Unreachable(Exception):  # noqa: N818 - a state of the link
    """Nothing was sent: the centre could not be connected to. Cure: wait and try again."""


class Unknown(Exception):  # noqa: N818 - a state of knowledge
    """It may have been done: a time-out, a broken answer, an error of the centre.

    Cure: send the same request with the same key again.
    """


@dataclass(eq=False)  # not frozen: Python sets the traceback of an exception on its way
class Rejected(Exception):  # noqa: N818 - an answer
    """The centre said no (RFC 9457): the problem's name, e.g. `card-write-over`, and its status."""

    problem: str
    status: int


@dataclass(frozen=True)
class Job:
    """A card to write: for how many seconds yet, by the centre's clock, and with which texts."""

    write_id: str
    seconds: float
    personalisation: Mapping[str, object] = field(repr=False)


class Tls(NamedTuple):
    """Files in PEM: our certificate and its key, and who vouches for the centre; "" for none."""

    certificate: str = ""
    key: str = ""
    ca: str = ""

    def context(self) -> ssl.SSLContext:
        """Give what a connection is made with; OSError (ssl.SSLError) for a file that is none."""
        context = ssl.create_default_context(cafile=self.ca or None)
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key or None)
        return context


_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Of a way without TLS. It trusts nobody; reading all the world's authorities takes 30 ms."""


class Centre:
    """The centre at `url`, for the station of this id. Blocking: for one thread.

    `timeout_s` is how long an answer may take, whole; a connection has 2 s. Who we are is said by
    the certificate, and by a header only without one. OSError for a file of `tls` that is none.
    """

    def __init__(self, url: str, station_id: str, timeout_s: float, tls: Tls | None = None) -> None:
        self._timeout_s = timeout_s
        tls = tls or Tls()
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            timeout=httpx.Timeout(timeout_s, connect=2.0),
            verify=tls.context() if url.startswith("https:") else _NO_TLS,
            headers={} if tls.certificate else {"X-Device": f"station:{station_id}"},
            trust_env=False,  # the way to the centre is in the settings, not in the environment
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def card_write(self) -> Job | None:
        """Ask whether there is a card to write."""
        answer = self._send("GET", "/v1/stations/self/card-write", {}, {})
        return None if answer.status == HTTPStatus.NO_CONTENT else _job(answer)

    def step(
        self, write_id: str, step: str, body: Mapping[str, Any], key: str = ""
    ) -> dict[str, Any]:
        """Take a step of a card write; a binding one has a key."""
        path = f"/v1/card-writes/{write_id}/{step}"
        return self._send("POST", path, {"Idempotency-Key": key} if key else {}, body).read()

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any]
    ) -> "_Answer":
        end = time.monotonic() + self._timeout_s
        data = bytearray()
        json_body = dict(body) or None
        try:
            with self._http.stream(method, path, headers=headers, json=json_body) as response:
                for part in response.iter_bytes():
                    data += part
                    if time.monotonic() > end or len(data) > _LARGEST_ANSWER:
                        raise Unknown("the answer is too slow or too long")
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise Unreachable(path) from None
        except httpx.HTTPError as error:
            raise Unknown(type(error).__name__) from None
        if response.is_success:
            return _Answer(response.status_code, bytes(data), response.headers.get("Date", ""))
        raise _refusal(response.status_code, bytes(data))


class _Answer(NamedTuple):
    status: int
    data: bytes
    date: str

    def read(self) -> dict[str, Any]:
        try:
            body = json.loads(self.data)
        except ValueError:
            raise Unknown("the answer is not JSON") from None
        if not isinstance(body, dict):
            raise Unknown("the answer is not an object")
        return cast("dict[str, Any]", body)

    def now(self) -> datetime:
        """Give what the centre's clock showed, or ours if it does not say."""
        try:
            said = parsedate_to_datetime(self.date)
        except ValueError:
            return datetime.now(UTC)
        return said if said.tzinfo else said.replace(tzinfo=UTC)


def _job(answer: _Answer) -> Job:
    body = answer.read()
    try:
        ends = datetime.fromisoformat(body["expires_at"])
        seconds = (ends - answer.now()).total_seconds()
        return Job(str(UUID(body["write_id"])), seconds, dict(body["personalisation"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unknown("the answer is no card write") from None  # the cause may show a person


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
    if problem.get("retryable") or not kind.startswith(_PROBLEM):
        return Unknown(f"status {status}")
    return Rejected(kind.removeprefix(_PROBLEM), status)
