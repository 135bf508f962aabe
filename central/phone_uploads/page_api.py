"""`/upload/{token}`: the page a clerk's phone opens, and what it sends.

Outside the contract of `/v1`: the page and its routes come from the same program. Nothing is loaded
from elsewhere, and neither a name nor a number stands in an address.
"""

from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Cookie, Header, Path, Request, Response
from pydantic import Field
from starlette.responses import FileResponse, JSONResponse

from central.centre import Here
from central.console.cookies import is_tls
from central.console.headers import HEADERS, HSTS
from central.images.api import Body
from central.phone_uploads import service
from central.phone_uploads.kinds import LONGEST_NAME
from central.problems import Kind, ProblemError
from central.schemas import Strict

router = APIRouter(include_in_schema=False)

STATIC = File(__file__).parent / "static"
COOKIE = "upload"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_FOUND, CREATED, DONE = 404, 201, 204

Token = Annotated[str, Path(pattern="^[0-9A-Za-z_-]{43}$")]
Claim = Annotated[str | None, Cookie(alias=COOKIE, max_length=64)]
Offset = Annotated[int, Header(alias="Upload-Offset", ge=0, le=service.MOST_BYTES)]


class Announced(Strict):
    """A file that is to come."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    size: Annotated[int, Field(ge=1, le=service.MOST_BYTES)]


@router.get("/upload/{token}")
def get_page(token: str, request: Request, centre: Here) -> Response:
    """The page; for a token that is none, or over, one that says so."""
    try:
        service.require(centre, token)
    except ProblemError:
        return _file(request, "over.html", NOT_FOUND)
    return _file(request, "page.html")


@router.get("/upload/static/{name}")
def get_static(name: str, request: Request) -> Response:
    """Its script and its style."""
    if name not in {"page.js", "page.css"}:
        raise ProblemError(Kind.NOT_FOUND)
    return _file(request, name)


@router.post("/upload/{token}/files")
def post_file(
    token: Token, told: Announced, request: Request, centre: Here, claim: Claim = None
) -> Response:
    """Announce a file; the first phone that does has the upload for itself."""
    n, claim = service.announce(centre, token, claim, told.name, told.size)
    answer = JSONResponse({"n": n}, CREATED, headers=_headers(request))
    answer.set_cookie(
        COOKIE,
        claim,
        max_age=int(service.LASTS.total_seconds()),
        path=f"/upload/{token}",
        secure=is_tls(request),
        httponly=True,
        samesite="strict",
    )
    return answer


@router.patch("/upload/{token}/files/{n}")
def patch_file(  # noqa: PLR0913, PLR0917 - each is a parameter of the route
    token: Token,
    n: Annotated[int, Path(ge=1, le=service.MOST_FILES)],
    offset: Offset,
    data: Body,
    request: Request,
    centre: Here,
    claim: Claim = None,
) -> Response:
    """Append at most 2 MB where the file stands: `Upload-Offset`, also of a refusal."""
    now = service.append(centre, token, claim, n, offset, data)
    return Response(status_code=DONE, headers=_headers(request) | {"Upload-Offset": str(now)})


@router.get("/templates/card-list.xlsx")
def get_template(request: Request) -> Response:
    """The empty 制卡明细表, for anybody (规程 1.2.1)."""
    headers = {"Content-Disposition": 'attachment; filename="card-list.xlsx"'}
    from central.batches.template import template  # noqa: PLC0415 - the spreadsheet's library is large

    return Response(template(), media_type=XLSX, headers=_headers(request) | headers)


def _file(request: Request, name: str, status: int = 200) -> Response:
    return FileResponse(STATIC / name, status, headers=_headers(request))


def _headers(request: Request) -> dict[str, str]:
    secure = {"Strict-Transport-Security": HSTS} if is_tls(request) else {}
    return HEADERS | secure | {"Cache-Control": "no-store"}
