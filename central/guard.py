"""The outermost layer: a line for every request, a limit for every body, no trace leaks.

A line holds the method, the route's template, the status and the milliseconds: no path, no query,
no address, so nothing personal.
"""

import logging
import time
import traceback

from fastapi import HTTPException
from sqlalchemy.exc import OperationalError
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.problems import Kind, ProblemError

MAX_BODY = 2 * 1024 * 1024
"""Bytes: the largest picture taken."""

log = logging.getLogger("central")


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.monotonic()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, _limited(scope, receive), noted)
        except Exception as error:  # noqa: BLE001 - the caller reads a problem, never a trace
            answer = _failed(error)
            if status == 0:
                await answer(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            spent = (time.monotonic() - start) * 1000
            log.info("%s %s %d %.1f ms", scope["method"], route, status, spent)


def _limited(scope: Scope, receive: Receive) -> Receive:
    """The body, until it is too large: what is announced too large is not read at all."""
    announced = dict(scope["headers"]).get(b"content-length", b"")
    refused = announced.isdigit() and int(announced) > MAX_BODY
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        if refused:
            raise HTTPException(Kind.TOO_LARGE.value.status)
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            raise HTTPException(Kind.TOO_LARGE.value.status)
        return message

    return limited


def _failed(error: Exception) -> JSONResponse:
    """Log where it happened, never what was said: the text of an error may hold a person's data."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("%s at %s:%s", type(error).__name__, where.filename, where.lineno)
    kind = Kind.BUSY if isinstance(error, OperationalError) else Kind.INTERNAL
    return ProblemError(kind).response()
