"""The outermost layer: a line for every request, a limit for every body, no trace leaks.

A line holds the request's number, which is the answer's X-Request-Id too, the method, the route's
template, the status and the milliseconds: no path, no query, no address, so nothing personal.
"""

import asyncio
import logging
import secrets
import time

from fastapi import HTTPException
from sqlalchemy.exc import OperationalError
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.operation import counters
from central.operation.logs import FIELDS, where
from central.problems import Kind, ProblemError

MAX_BODY = 2 * 1024 * 1024
"""Bytes: the largest picture taken."""

BODY_S = 60.0
"""Seconds for a whole body: a kiosk on the worst line sends 2 MB in 20 (1 Mbit/s)."""

log = logging.getLogger("central")


class Guard:
    """ASGI middleware around the whole application; `body_s` is the time for a whole body."""

    def __init__(self, app: ASGIApp, body_s: float = BODY_S) -> None:
        self.app = app
        self.body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, number = time.monotonic(), secrets.token_hex(8)
        status = 0
        body = _Body(scope, receive, start + self.body_s)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", number.encode())]
                message["headers"] = (
                    [*headers, (b"connection", b"close")] if body.endless else headers
                )
            await send(message)

        try:
            await self.app(scope, body.receive, noted)
        except Exception as error:  # noqa: BLE001 - the caller reads a problem, never a trace
            answer = _failed(error, number)
            if status == 0:
                await answer(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            _note(number, scope["method"], route, status, time.monotonic() - start)


class _Body:
    """A request's body, until it is too large or too late.

    What is announced too large is not read at all. `endless` is a body the connection cannot be
    kept for: what is left of it would have to be read before the next request.
    """

    def __init__(self, scope: Scope, receive: Receive, deadline: float) -> None:
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"")
        self._refused = announced.isdigit() and int(announced) > MAX_BODY
        self.endless = self._refused or b"transfer-encoding" in headers
        self._receive = receive
        self._deadline = deadline
        self._taken = 0
        self._whole = False

    async def receive(self) -> Message:
        """The next part; once the body is whole, whatever comes, however late."""
        if self._refused:
            raise HTTPException(Kind.TOO_LARGE.value.status)
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(max(0.0, self._deadline - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            self.endless = True
            raise HTTPException(Kind.TOO_SLOW.value.status) from None
        self._taken += len(message.get("body", b""))
        if self._taken > MAX_BODY:
            self.endless = True
            raise HTTPException(Kind.TOO_LARGE.value.status)
        if message["type"] != "http.request" or not message.get("more_body", False):
            self._whole, self.endless = True, False
        return message


def _note(number: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count and log an answer; status 0 is a caller who was gone before it."""
    counters.answered(method, route, status, seconds)
    ms = round(seconds * 1000, 1)
    fields = {"request_id": number, "method": method, "route": route, "status": status, "ms": ms}
    log.info("%s %s %d %.1f ms", method, route, status, ms, extra={FIELDS: fields})


def _failed(error: Exception, number: str) -> JSONResponse:
    """Log where it happened, never what was said: the text of an error may hold a person's data."""
    log.error("%s", where(error), extra={FIELDS: {"request_id": number}})
    kind = Kind.BUSY if isinstance(error, OperationalError) else Kind.INTERNAL
    return ProblemError(kind).response()
