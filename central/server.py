"""The HTTP server: it says its address when it serves, and ends in order on SIGTERM and SIGINT."""

import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

BACKLOG = 512


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `OSError` when the port is taken.

    It says that it is TCP: else asyncio leaves Nagle's delay on, and every answer takes 40 ms.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class Server(uvicorn.Server):
    """uvicorn on an open socket; `ready` is told the address once it serves."""

    def __init__(self, app: FastAPI, listener: socket.socket, ready: Callable[[str], None]) -> None:
        # No log of uvicorn's: its access lines hold addresses and paths.
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=5, lifespan="off"
        )
        super().__init__(config)
        self._listener = listener
        self._ready = ready

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes or `should_exit` is set."""
        super().run(sockets or [self._listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell where."""
        await super().startup(sockets)
        host, port = self._listener.getsockname()[:2]
        self._ready(f"http://{host}:{port}")


def outlive_signals() -> None:
    """Let the process end by itself: uvicorn raises its signal again when all is closed."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ended)


def _ended(_number: int, _frame: object) -> None:
    """Nothing is left to do."""
