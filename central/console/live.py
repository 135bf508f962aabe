"""What changes on a page while it is looked at: server-sent events, one stream a page.

A stream sends pieces of the page that are otherwise than before, and no others. It ends when who
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
    """Who looks now, for the event loop's thread alone."""

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
    if not STREAMS.room(user.name):
        return Response(status_code=429, headers={"Retry-After": "30"})
    return StreamingResponse(
        _events(request, user, centre, look), media_type="text/event-stream", headers=HEADERS
    )


def watch(
    request: Request, user: SignedIn, centre: Centre, name: str, render: Callable[[Session], str]
) -> Response:
    """The stream of one piece, sent when it is rendered otherwise than before.

    Raises what `render` raises of a page that is not there.
    """
    with centre.database.read() as session:
        render(session)

    def look(before: Mapping[str, Any]) -> tuple[Mapping[str, Any], Pieces]:
        with centre.database.read() as session:
            html = render(session)
        return {name: html}, {name: html} if before.get(name, html) != html else {}

    return stream(request, user, centre, look)


async def _events(
    request: Request, user: SignedIn, centre: Centre, look: Look
) -> AsyncGenerator[bytes]:
    token, marks = session_token(request), dict[str, Any]()
    STREAMS.count(user.name, 1)
    try:
        loop = asyncio.get_running_loop()
        beaten = loop.time()
        while await run_in_threadpool(_may, centre, token, user):
            if getattr(request.app.state, "closing", False):
                return
            now, pieces = await run_in_threadpool(look, marks)
            first, marks = not marks, dict(now)
            if not first:
                for name, html in pieces.items():
                    yield _event(name, html)
            if pieces or loop.time() - beaten >= BEAT_S:
                beaten = loop.time()
                yield BEAT
            await asyncio.sleep(LOOK_S)
        yield OVER
    finally:
        STREAMS.count(user.name, -1)


def _event(name: str, html: str) -> bytes:
    return f"event: piece\ndata: {json.dumps({'id': name, 'html': html})}\n\n".encode()


def _may(centre: Centre, token: str, user: SignedIn) -> bool:
    """Whether who opened the stream is signed in still, with the roles they had."""
    with centre.database.read() as session:
        found = sessions.find(session, token, centre.clock())
        return found is not None and found[0].role_set == user.roles
