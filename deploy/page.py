"""The page of `make run`: kiosk, devices and window side by side, for this machine alone."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from socket import socket
from string import Template
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from deploy.accounts import STEP_S
from deploy.stage import Stage

PAGE = Path(__file__).with_name("run.html")
NOVNC = Path("/usr/share/novnc")
HOSTS = ["127.0.0.1", "localhost"]
ACTS: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {
    "insert": (("insert", {}),),
    "insert-breaking": (("insert", {}), ("break", {"at": 20, "pull": True})),
    "take": (("take", {}),),
}
"""What a hand does at the station, in the words of its dock; a card is 74 commands to write."""


class Page:
    """What the page shows and does; `screen` is the kiosk's WebSocket, "" when it has a window."""

    def __init__(self, stage: Stage, screen: str) -> None:
        self._stage = stage
        words = {"dock": stage.dock_url, "console": f"{stage.centre_url}/console", "screen": screen}
        self._html = Template(PAGE.read_text(encoding="utf-8")).substitute(words)

    def app(self) -> Starlette:
        """The web application: asked by another name than this machine's, it answers nothing."""
        files = [
            Mount(f"/{part}", StaticFiles(directory=NOVNC / part, check_dir=False))
            for part in ("core", "vendor")
        ]
        routes = [
            Route("/", self._page),
            Route("/api/window", self._window),
            Route("/api/station/{act}", self._act, methods=["POST"]),
            *files,
        ]
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)
        failed = {httpx.HTTPError: _failed}
        return Starlette(routes=routes, middleware=[hosts], exception_handlers=failed)

    def _page(self, _: Request) -> Response:
        return HTMLResponse(self._html, headers={"Cache-Control": "no-store"})

    def _window(self, _: Request) -> Response:
        """Who may sign in with which code, and what the station shows."""
        accounts = [
            {"login": account.login, "password": account.password, "code": account.code()}
            for account in self._stage.accounts.values()
        ]
        left_s = STEP_S - time.time() % STEP_S
        lamp = httpx.get(f"{self._stage.station_status}/status", trust_env=False).json()
        return _json({"accounts": accounts, "left_s": left_s, "lamp": lamp})

    def _act(self, request: Request) -> Response:
        """Lay a hand on the station, asked by this page and no other."""
        act, origin = request.path_params["act"], request.headers.get("origin", "")
        if urlsplit(origin).netloc != request.headers.get("host"):
            return _json({"error": "for this page alone"}, HTTPStatus.FORBIDDEN)
        if act not in ACTS:
            return _json({"error": f"the acts are {', '.join(ACTS)}"}, HTTPStatus.NOT_FOUND)
        for order, words in ACTS[act]:
            self._stage.station_dock.do("social_card", order, **words)
        return _json({"ok": True})


def _failed(_: Request, error: Exception) -> Response:
    """The station's bench said no, in its own words, or is not there."""
    if isinstance(error, httpx.HTTPStatusError):
        return Response(error.response.content, error.response.status_code)
    return _json({"error": "the card station does not answer"}, HTTPStatus.BAD_GATEWAY)


def _json(content: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})


@contextmanager
def served(page: Page, listener: socket) -> Generator[None]:
    """Serve the page on a thread of its own; signals stay the main thread's."""
    config = uvicorn.Config(page.app(), log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="page")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
