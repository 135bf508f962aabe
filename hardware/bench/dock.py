"""The dock: a web page beside the kiosk, and the HTTP API behind it, that acts on the devices.

Every answer is JSON (a slip is a PNG); an error is `{"error": sentence}`.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from hardware.bench.devices import Bench
from hardware.bench.people import sentence
from hardware.bench.refusal import Refusal
from hardware.wire.faults import Kind

PAGE = Path(__file__).with_name("dock.html")
_LARGEST_BODY = 4096

T = TypeVar("T", bound=BaseModel)
Endpoint = Callable[[Request], Awaitable[Response]]


class FaultOrder(BaseModel):
    """A fault in its language (hardware/wire/faults.py): `silence`, `delay 2 only read`, `none`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str


class Words(RootModel[dict[str, Any]]):
    """What is said with an act; the act's own order checks it."""


def dock(bench: Bench) -> Starlette:
    """Give the web application that acts on this bench."""
    routes = [
        Route("/", _page),
        Route("/api/state", _asked(bench.state)),
        Route("/api/people", _asked(bench.people_shown)),
        Route("/api/faults", _asked(lambda: list(Kind))),
        Route("/api/printer/slips", _asked(lambda: {"count": bench.slip_count()})),
        Route("/api/printer/slips/{which}.png", _slip(bench)),
        Route("/api/{device}/fault", _fault(bench), methods=["POST"]),
        Route("/api/{device}/{act}", _act(bench), methods=["POST"]),
    ]
    handlers = {HTTPException: _http_error, Refusal: _refused}
    return Starlette(routes=routes, exception_handlers=handlers)


async def _page(_: Request) -> Response:
    return FileResponse(PAGE, headers={"Cache-Control": "no-store"})


def _asked(question: Callable[[], Any]) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        return _json(question())

    return endpoint


def _fault(bench: Bench) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        order = await _body(request, FaultOrder)
        bench.go_wrong(request.path_params["device"], order.kind)
        return _json({"ok": True})

    return endpoint


def _act(bench: Bench) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        words = await _body(request, Words)
        bench.do(request.path_params["device"], request.path_params["act"], **words.root)
        return _json({"ok": True})

    return endpoint


def _slip(bench: Bench) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        png = bench.slip_png(request.path_params["which"])
        return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})

    return endpoint


async def _body(request: Request, kind: type[T]) -> T:
    data = await request.body()
    if len(data) > _LARGEST_BODY:
        raise Refusal("the body is too long for an order to a device")
    try:
        return kind.model_validate_json(data or b"{}")
    except ValidationError as error:
        raise Refusal(sentence(error)) from None


async def _refused(_: Request, error: Exception) -> Response:
    return _json({"error": str(error)}, getattr(error, "status", HTTPStatus.BAD_REQUEST))


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _json({"error": f"there is nothing to do here: {error.detail}"}, error.status_code)


def _json(content: Any, status: int = HTTPStatus.OK) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})
