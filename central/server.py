"""The HTTP server: it says its address when it serves, and ends in order on SIGTERM and SIGINT.

In order is: what has begun is answered, what is new reads 503 with Retry-After, and after ten
seconds at most the process is gone.
"""

import asyncio
import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from central.operation.connection import WRITE_S, Connection
from central.operation.tls import Tls

BACKLOG = 4096
"""Connections the system may hold before they are taken (at most net.core.somaxconn)."""
IDLE_S = 75
"""A connection may rest so long between requests: longer than a proxy's or a kiosk's patience."""
DRAIN_S = 8.0
LAST_S = 2


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `OSError` when the port is taken.

    It says that it is TCP: else asyncio leaves Nagle's delay on, and every answer takes 40 ms.
    A client that is gone without a word is noticed by the system (TCP_USER_TIMEOUT).
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(WRITE_S * 1000))
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class Server(uvicorn.Server):
    """uvicorn on an open socket; `ready` is told the address once it serves."""

    def __init__(
        self,
        app: FastAPI,
        listener: socket.socket,
        ready: Callable[[str], None],
        tls: Tls | None = None,
    ) -> None:
        # No log of uvicorn's: its access lines hold addresses and paths. No belief in forwarded
        # addresses either: `trust/peer.py` decides whom to believe.
        config = uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=IDLE_S,
            timeout_graceful_shutdown=LAST_S,
            ssl_context_factory=(lambda _config, _default: tls.context()) if tls else None,
        )
        super().__init__(config)
        self._app, self._tls = app, tls
        self._listener = listener
        self._ready = ready
        self._scheme = "https" if tls else "http"

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes or `should_exit` is set."""
        super().run(sockets or [self._listener])

    def renew(self) -> None:
        """Read certificate and key again: connections from now on get them.

        Raises `StoreError` or `OSError` for files that do not fit; the ones before stay.
        """
        if self._tls is not None and self.config.ssl is not None:
            self._tls.context()  # both fit, or nothing is changed
            self.config.ssl.load_cert_chain(self._tls.certificate, self._tls.key)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell where."""
        await super().startup(sockets)
        host, port = self._listener.getsockname()[:2]
        self._ready(f"{self._scheme}://{host}:{port}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let what has begun end, while what is new is told to come again; then close."""
        self._app.state.closing = True
        begun = set(self.server_state.tasks)
        if begun:
            await asyncio.wait(begun, timeout=DRAIN_S)
        await super().shutdown(sockets)


def outlive_signals() -> None:
    """Let the process end by itself: uvicorn raises its signal again when all is closed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ended)


def _ended(_number: int, _frame: object) -> None:
    """Nothing is left to do."""
