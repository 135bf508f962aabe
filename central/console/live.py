"""What changes on a page while it is looked at: server-sent events, one stream a page.

A stream sends pieces of the page that are otherwise than before, and no others; one that watches
a single piece begins with it, as it may be otherwise than on the page already. It ends when who
looks is signed out, however that came, when the process is about to stop, or when the browser goes;
it does not keep anybody signed in. A process has so many streams and no more: who comes then
reloads the page.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from central.centre import Centre
from central.console.access import SignedIn
from central.console.cookies import session_token
from central.users import sessions

LOOK_S = 2.0
BEAT_S = 15.0
"""A line at least so often: a proxy ends what is silent for a minute."""
MOST, MOST_EACH = 32, 6
"""Streams of a process, and of one person."""
HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
"""nginx hands each event on at once."""
OVER = b"event: over\ndata: \n\n"
BEAT = b": still here\n\n"

Pieces = Mapping[str, str]
"""Pieces of the page as HTML, by the ids of their elements."""
Look = Callable[[Mapping[str, Any]], tuple[Mapping[str, Any], Pieces]]
"""Gives marks of now, and the pieces whose marks are others than those given."""


@dataclass(slots=True)
class Streams:
    """Who looks now, for the event loop's thread alone: nobody comes between `room` and `count`."""

    open: dict[str, int] = field(default_factory=dict[str, int])

    def room(self, name: str) -> bool:
        """Whether somebody may have one more."""
        return sum(self.open.values()) < MOST and self.open.get(name, 0) < MOST_EACH

    def count(self, name: str, by: int) -> None:
        """One more, or one less."""
        self.open[name] = self.open.get(name, 0) + by
        if not self.open[name]:
            del self.open[name]


STREAMS = Streams()


def stream(request: Request, user: SignedIn, centre: Centre, look: Look) -> Response:
    """The stream of a page for who is signed in; 429 where there are enough."""
    return Stream(user.name, _events(request, user, centre, look))


class Stream(StreamingResponse):
    """Somebody's stream, counted while it is sent; refused where there are enough."""

    def __init__(self, name: str, events: AsyncGenerator[bytes]) -> None:
        super().__init__(events, media_type="text/event-stream", headers=HEADERS)
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """On the event loop, where the handlers that ask for streams are not."""
        if not STREAMS.room(self._name):
            enough = Response(status_code=429, headers={"Retry-After": "30"})
            return await enough(scope, receive, send)
        STREAMS.count(self._name, 1)
        try:
            await super().__call__(scope, receive, send)
        finally:
            STREAMS.count(self._name, -1)


def watch(
    request: Request, user: SignedIn, centre: Centre, name: str, render: Callable[[Session], str]
) -> Response:
    """The stream of one piece, sent when it is rendered otherwise than before.

    It is sent at once as well: something may have changed since the page was read. Raises what
    `render` raises of a page that is not there.
    """
    with centre.database.read() as session:
        render(session)

    def look(before: Mapping[str, Any]) -> tuple[Mapping[str, Any], Pieces]:
        with centre.database.read() as session:
            html = render(session)
        return {name: html}, {name: html} if before.get(name) != html else {}

    return stream(request, user, centre, look)


async def _events(
    request: Request, user: SignedIn, centre: Centre, look: Look
) -> AsyncGenerator[bytes]:
    token, marks = session_token(request), dict[str, Any]()
    loop = asyncio.get_running_loop()
    beaten = loop.time()
    while await run_in_threadpool(_may, centre, token, user):
        if getattr(request.app.state, "closing", False):
            return
        now, pieces = await run_in_threadpool(look, marks)
        marks = dict(now)
        for name, html in pieces.items():
            yield _event(name, html)
        if pieces or loop.time() - beaten >= BEAT_S:
            beaten = loop.time()
            yield BEAT
        await asyncio.sleep(LOOK_S)
    yield OVER


def _event(name: str, html: str) -> bytes:
    return f"event: piece\ndata: {json.dumps({'id': name, 'html': html})}\n\n".encode()


def _may(centre: Centre, token: str, user: SignedIn) -> bool:
    """Whether who opened the stream is signed in still, with the roles they had."""
    with centre.database.read() as session:
        found = sessions.find(session, token, centre.clock())
        return found is not None and found[0].role_set == user.roles
