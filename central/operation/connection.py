"""One connection: uvicorn's protocol, with the client's certificate and an end for who dawdles.

uvicorn 0.54 hands no peer certificate to the application and waits without end for the head of a
request, and for who reads its answer slowly (facts/central.md 8; Kludex/uvicorn#745).
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from central.trust.peer import DER, EXTENSION

FIRST_S = 60.0
"""Seconds a connection may rest before its first request; between requests it is uvicorn's."""
HEAD_S = 10.0
"""Seconds from the first byte of a request to the end of its head."""
MOST_HEAD = 64 * 1024
"""Bytes of a head that is not over yet; what a browser or a proxy sends has less."""
WRITE_S = 30.0
"""Seconds in which who reads an answer must take some of it."""
MOST = 16_000
"""Connections of one process; more are closed at once. Below the open files of a process."""


class Connection(HttpToolsProtocol):
    """A connection with bounds; TLS ends below it: its handshake is over in `connection_made`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head: asyncio.TimerHandle | None = None
        self._begun = False
        self._in_body, self._came = False, 0
        self._write: asyncio.TimerHandle | None = None
        self._extensions: dict[str, Any] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as uvicorn's
        """Note the certificate; the connection may rest for a while."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
            return
        tls = transport.get_extra_info("ssl_object")
        certificate = tls.getpeercert(True) if tls else None
        if certificate:
            self._extensions = {EXTENSION: {DER: certificate}}
        self._await_head(FIRST_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._head_came()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A request begins at the first byte after an answer; its head has an end."""
        if not self._begun and (not self.cycle or self.cycle.response_complete):
            self._begun = True
            self._await_head(HEAD_S)
        self._came += len(data)
        super().data_received(data)
        if not self._in_body and self._came > MOST_HEAD:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """Every request of the connection carries its certificate."""
        super().on_message_begin()
        self.scope["extensions"] = self._extensions

    def on_headers_complete(self) -> None:
        """The head is there in time."""
        self._head_came()
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """What comes now is the next head, also where the answer came before the body's end."""
        self._in_body, self._came = False, 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not read: it has some time to."""
        super().pause_writing()
        self._write = self.loop.call_later(WRITE_S, self.transport.abort)

    def resume_writing(self) -> None:
        """The client reads."""
        if self._write is not None:
            self._write.cancel()
            self._write = None
        super().resume_writing()

    def _await_head(self, seconds: float) -> None:
        if self._head is not None:
            self._head.cancel()
        self._head = self.loop.call_later(seconds, self.transport.abort)

    def _head_came(self) -> None:
        self._begun = False
        if self._head is not None:
            self._head.cancel()
            self._head = None
