"""The centre as a web application: its routes, and every error in one form."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal, cast

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from central.applications.api import router as applications
from central.batches.api import router as batches
from central.centre import Centre, Here
from central.console.site import Doors, build_console
from central.eligibility.api import router as eligibility
from central.fleet.api import router as fleet
from central.fleet.certificates_api import router as readiness_certificates
from central.fleet.checkpoints_api import router as log_checkpoints
from central.guard import Guard
from central.hsm.api import router as card_keys
from central.images.api import router as images
from central.images.uploads_api import router as uploads
from central.issuance.api import router as card_writes
from central.issuance.pin_reset_api import router as pin_resets
from central.operation.health import router as readiness
from central.phone_uploads.api import router as phone_uploads
from central.phone_uploads.page_api import router as phone_page
from central.problems import Kind, Problem, ProblemError, documented
from central.trust.api import router as trust
from central.trust.gate import Gate

API_VERSION = "1.0.0"

health = APIRouter(tags=["health"])

_BY_STATUS = {
    HTTPStatus.BAD_REQUEST: Kind.BAD_REQUEST,
    HTTPStatus.NOT_FOUND: Kind.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: Kind.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Kind.TOO_LARGE,
    HTTPStatus.REQUEST_TIMEOUT: Kind.TOO_SLOW,
}


class Health(BaseModel):
    """The centre is there, its store too; the kiosk may compare its clock and its rules."""

    status: Literal["ok"]
    time: datetime
    rules_version: str


@health.get("/v1/health", responses=documented())
def get_health(centre: Here) -> Health:
    """Whether the centre can serve."""
    with centre.database.read() as session:
        session.execute(text("SELECT 1"))
    return Health(status="ok", time=centre.clock(), rules_version=centre.rules.version)


_ROUTERS = (
    health,
    eligibility,
    images,
    uploads,
    applications,
    batches,
    card_keys,
    card_writes,
    pin_resets,
    phone_uploads,
    phone_page,
    trust,
    fleet,
    log_checkpoints,
    readiness_certificates,
    readiness,
)


def build_app(centre: Centre | None) -> FastAPI:
    """The application over an open centre, whose caller closes it; None for the contract alone."""
    app = FastAPI(
        title="社保卡管理系统",
        version=API_VERSION,
        docs_url=None,  # both pages load scripts from elsewhere
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.state.centre = centre
    for router in _ROUTERS:
        app.include_router(router)
    app.add_middleware(Doors, console=build_console(app))
    app.add_middleware(Gate)
    app.add_middleware(Guard)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.openapi = lambda: openapi(app)
    return app


def openapi(app: FastAPI) -> dict[str, Any]:
    """The contract (OpenAPI 3.1), with `Problem` as the one form of errors."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = document["components"]["schemas"]
        for path in document["paths"].values():
            for operation in path.values():
                if "HTTPValidationError" in str(operation["responses"].get("422")):
                    del operation["responses"]["422"]  # the framework's guess: it cannot come
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas["Problem"] = Problem.model_json_schema()
        app.openapi_schema = document
    return app.openapi_schema


def _problem(_request: Request, error: Exception) -> Response:
    return cast("ProblemError", error).response()


def _http(request: Request, error: Exception) -> Response:
    """404, 405 and what the framework itself refuses."""
    error = cast("HTTPException", error)
    kind = _BY_STATUS.get(HTTPStatus(error.status_code), Kind.BAD_REQUEST)
    headers = dict(error.headers or {})
    if kind is Kind.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return ProblemError(kind, headers=headers).response()


def _methods(request: Request) -> list[str]:
    """What the path takes (RFC 9110 15.5.6): the framework names those of its first route alone.

    `/v1/vouchers/resolve` is a path of its own, not a voucher: the template with the fewest
    parameters counts.
    """
    path, found = request.scope["path"], dict[str, set[str]]()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path and compile_path(route.path)[0].match(path):
            found.setdefault(route.path, set()).update(route.methods)
    return sorted(found[min(found, key=lambda template: template.count("{"))])


def _invalid(_request: Request, error: Exception) -> Response:
    """Names the places and what was expected there, never what was sent."""
    faults = cast("RequestValidationError", error).errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return ProblemError(Kind.BAD_REQUEST, "The body is not JSON.").response()
    places = "; ".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in faults[:8])
    return ProblemError(Kind.INVALID, places).response()


def _place(loc: tuple[str | int, ...]) -> str:
    """`body.applicant.name`; a key nobody knows may hold what UTF-8 cannot."""
    text = ".".join(str(part)[:40] for part in loc)
    return text.encode("utf-8", "replace").decode()
