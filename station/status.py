"""`GET /status` and `POST /eject` on this machine alone: for a lamp and a button at the window."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from station.board import Board, Lamp, Shown
from station.orders import Orders

_HOST = "127.0.0.1"
_KEPT = frozenset({Lamp.WRITING, Lamp.SETTLING, Lamp.ENDED})
"""While it shows one of these, the card stays where it is."""
_PATIENCE_S = 5.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, board: Board, orders: Orders) -> None:
        super().__init__((_HOST, port), _Handler)
        self.board = board
        self.orders = orders


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - made by this one alone
    timeout = _PATIENCE_S

    def do_GET(self) -> None:
        """Tell what the station does now."""
        if self._is_ours("/status"):
            self._answer(HTTPStatus.OK, _told(self.server.board.shown))

    def do_POST(self) -> None:
        """Give the card back, unless it is being written."""
        if not self._is_ours("/eject"):
            return
        shown = self.server.board.shown
        if shown.state in _KEPT:
            self._answer(HTTPStatus.CONFLICT, _told(shown))
        else:
            self.server.orders.eject()
            self._answer(HTTPStatus.ACCEPTED, _told(shown))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Write nothing down: a lamp asks every second."""

    def _is_ours(self, path: str) -> bool:
        """Whether it is asked for by name on this machine, and not by a page in a browser."""
        host = self.headers.get("Host", "").rpartition(":")[0]
        if host not in (_HOST, "localhost") or "Origin" in self.headers:
            self._answer(HTTPStatus.FORBIDDEN, {"detail": "for this machine alone"})
        elif self.path != path:
            self._answer(HTTPStatus.NOT_FOUND, {"detail": "GET /status, POST /eject"})
        else:
            return True
        return False

    def _answer(self, status: HTTPStatus, content: dict[str, Any]) -> None:
        data = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)


def _told(shown: Shown) -> dict[str, Any]:
    return {
        "state": shown.state,
        "detail": shown.detail,
        "write_id": shown.write_id or None,
        "since": shown.since.isoformat(),
    }


@contextmanager
def served(port: int, board: Board, orders: Orders) -> Generator[str]:
    """Serve on a thread of its own; gives the address. OSError if the port is taken."""
    with _Server(port, board, orders) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="status")
        thread.start()
        try:
            yield f"http://{_HOST}:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
