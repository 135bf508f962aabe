"""What a kiosk and the centre say to each other about configuration (docs/decisions/0019)."""

import json
import re
import socket
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, cast

import httpx

from kiosk.link import Centre, Unknown, Unreachable

BASE = "/v1/kiosks/self"
MOST = 5_000_000
"""Bytes of an answer: python-tuf's own limit for targets metadata."""
SLOWEST_S = 30.0
"""A whole answer may take so long, however slowly it comes."""
DAY_S = 86_400
SECONDS = re.compile("[0-9]{1,4}")
"""What a kiosk understands of `Retry-After` (RFC 9110, 10.2.3); a date it does not."""
BEYOND_WAIT_S = 10.0
"""So much longer than it was asked to wait the centre may take with its answer."""


class StatusError(Unknown):
    """The centre answered with a status that is no success."""

    def __init__(self, status: int, after: str = "") -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.after_s = float(after) if SECONDS.fullmatch(after) else 0.0


class Heard(NamedTuple):
    """When to speak again, and how much later at most, seconds; whether something is asked for."""

    next_s: float
    jitter_s: float
    asked: bool = False


class Line:
    """One way to the centre, for one thread; `hang_up` alone is for any.

    `kiosk`: who asks, for a centre in development, which sees no certificate.
    Every method raises `Unreachable`, or `Unknown` (and so `StatusError`).
    """

    def __init__(self, centre: Centre, kiosk: str = "") -> None:
        self._centre = centre
        self._who = {"X-Device": f"kiosk:{kiosk}"} if kiosk else {}
        self._socket: socket.socket | None = None
        self._over = False

    def desired(self, known: int, wait_s: float = 0.0) -> int | None:
        """The revision the kiosk shall have; None while it is the known one.

        With `wait_s` the centre waits so long for one that is another.
        """
        headers = {"If-None-Match": f'"{known}"'}
        if wait_s:
            headers["Prefer"] = f"wait={wait_s:g}"
        status, data = self._ask("GET", "/desired", wait_s, headers=headers)
        if status == HTTPStatus.NOT_MODIFIED:
            return None
        found = _object(data).get("revision")
        if type(found) is not int:
            raise Unknown("no revision in the answer")
        return found if found != known else None

    def fetch(self, path: str) -> bytes:
        """A file: `metadata/timestamp.json`, `targets/kiosk/0017.json`."""
        return self._ask("GET", f"/{path}")[1]

    def report(self, told: Mapping[str, Any]) -> Heard:
        """Say how the kiosk is; gives what the centre says to it."""
        found = _object(self._ask("PUT", "/reported", json=dict(told))[1])
        seconds = [found.get(name) for name in ("next_s", "jitter_s")]
        if not all(isinstance(each, int | float) and 0 <= each <= DAY_S for each in seconds):
            raise Unknown("no time to speak again in the answer")
        next_s, jitter_s = map(float, cast("list[float]", seconds))
        return Heard(next_s, jitter_s, asked=bool(found.get("asks")))

    def asks(self) -> list[tuple[int, str]]:
        """What operators ask the kiosk for: each ask's number and kind."""
        found = _object(self._ask("GET", "/asks")[1]).get("asks")
        if not isinstance(found, list):
            raise Unknown("no asks in the answer")
        rows = [cast("dict[str, Any]", row) for row in cast("list[object]", found)]
        try:
            return [(int(row["id"]), str(row["kind"])) for row in rows]
        except (KeyError, TypeError, ValueError):
            raise Unknown("no asks in the answer") from None

    def answer(self, which: int, told: Mapping[str, Any]) -> None:
        """Say what comes of an ask."""
        self._ask("PUT", f"/asks/{which}", json=dict(told))

    def hang_up(self) -> None:
        """End what is being waited for, and answer nothing more."""
        self._over = True
        if self._socket is not None:
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                self._socket = None  # the other side was faster

    def _ask(
        self, method: str, path: str, wait_s: float = 0.0, **request: Any
    ) -> tuple[int, bytes]:
        client, body = self._centre.client(), bytearray()
        times = client.timeout.as_dict()
        if wait_s:
            times["read"] = wait_s + BEYOND_WAIT_S
        end = time.monotonic() + SLOWEST_S + wait_s
        request["headers"] = request.get("headers", {}) | self._who
        request |= {"timeout": httpx.Timeout(**times), "extensions": {"trace": self._traced}}
        if self._over:
            raise Unreachable(path)
        try:
            with client.stream(method, BASE + path, **request) as response:
                for part in response.iter_bytes():
                    body += part
                    if len(body) > MOST or time.monotonic() > end:
                        raise Unknown("the answer is too long")
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise Unreachable(path) from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise Unknown(type(error).__name__) from None
        if response.is_success or response.status_code == HTTPStatus.NOT_MODIFIED:
            return response.status_code, bytes(body)
        raise StatusError(response.status_code, response.headers.get("Retry-After", ""))

    def _traced(self, event: str, told: Mapping[str, Any]) -> None:
        """Keep the connection's socket, so that a long wait can be ended."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = told["return_value"].get_extra_info("socket")
            if self._over:
                self.hang_up()


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        raise Unknown("the answer is not JSON") from None
    if not isinstance(found, dict):
        raise Unknown("the answer is not an object")
    return cast("dict[str, Any]", found)
