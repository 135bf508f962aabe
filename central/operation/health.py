"""`/healthz`: the process answers. `/readyz`: it can serve, each part by name.

They stand outside `/v1` and the contract: they are the supervisor's and the load balancer's.
"""

import shutil
from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse

from central import forms
from central.centre import Centre, Here
from central.problems import ProblemError

LEAST_FREE = 512 * 1024 * 1024
"""Bytes the disk of the centre's folder must have left."""

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def get_healthz() -> dict[str, str]:
    """Say that the process is alive; nothing is looked at."""
    return {"status": "alive"}


@router.get("/readyz")
def get_readyz(request: Request, centre: Here) -> JSONResponse:
    """Look at every part: 200 when all are well, else 503."""
    found = {name: look(centre) for name, look in CHECKS.items()}
    if getattr(request.app.state, "closing", False):
        found["process"] = "about to stop"
    ready = all(state == OK for state in found.values())
    return JSONResponse({"ready": ready, "checks": found}, 200 if ready else 503)


OK = "ok"


def _store(centre: Centre) -> str:
    """Whether a turn of the writer comes and ends, and PostgreSQL takes writes."""
    try:
        with centre.database.write() as session:
            if centre.database.is_postgresql and session.scalar(text("SELECT pg_is_in_recovery()")):
                return "the server is a replica"
    except SQLAlchemyError as error:
        return type(error).__name__
    return OK


def _form(centre: Centre) -> str:
    try:
        with centre.database.read() as session:
            found = forms.found(session.connection())
    except SQLAlchemyError as error:
        return type(error).__name__
    return OK if found == forms.head() else f"form {found}: run `python -m central migrate`"


def _hsm(centre: Centre) -> str:
    """A centre without card keys is ready too; one whose HSM is silent is not."""
    try:
        if centre.hsm is not None:
            centre.hsm.pin_key()
    except ProblemError as error:
        return error.kind.name.lower().replace("_", "-")
    return OK


def _disk(centre: Centre) -> str:
    free = shutil.disk_usage(centre.folder).free
    return OK if free >= LEAST_FREE else f"{free // 1024**2} MB left"


CHECKS: dict[str, Callable[[Centre], str]] = {
    "store": _store,
    "form": _form,
    "hsm": _hsm,
    "disk": _disk,
}
