"""`/v1/kiosks/self`: what the calling kiosk shall be like, signed, and what it is like.

A request takes one thread for one look at the store and no more: fleets come together.
"""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from central.centre import Centre
from central.fleet import service
from central.fleet.schemas import Desired, Next, Reported
from central.problems import Kind, ProblemError, documented
from central.trust.caller import Kiosk

router = APIRouter(prefix="/v1/kiosks/self", tags=["fleet"])

JSON = "application/json"
_WAIT = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,4})(?:$|[,;\s])")
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It has that revision already; after the wait, if one was asked for"}
}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {JSON: {"schema": {"type": "object"}}}}}

Tag = Annotated[str, Header(alias="If-None-Match", max_length=64)]
Prefer = Annotated[str, Header(max_length=64)]
Name = Annotated[str, Path(pattern=r"^([1-9][0-9]{0,5}\.root|timestamp|snapshot|targets)\.json$")]
Document = Annotated[str, Path(pattern=r"^[0-9]{4}\.json$")]


@router.get("/desired", response_model=Desired, responses=_NOT_MODIFIED | documented(422))
async def get_desired(
    request: Request, kiosk: Kiosk, if_none_match: Tag = "", prefer: Prefer = ""
) -> Response:
    """The revision the caller shall have, when it is another one than `If-None-Match` names.

    `Prefer: wait=50` waits up to 50 seconds for one.
    """
    state = request.app.state
    centre: Centre = state.centre
    asked = _WAIT.search(prefer)
    known = if_none_match.strip().removeprefix("W/").strip('"')
    revision = await centre.bell.wait(
        centre.database,
        kiosk.id,
        int(known) if known.isdecimal() and known.isascii() else -1,
        float(asked[1]) if asked else 0.0,
        closing=lambda: getattr(state, "closing", False),
    )
    tag = f'"{revision}"'
    headers = {"ETag": tag, "Cache-Control": "no-store"}
    if known == str(revision):
        return Response(status_code=304, headers=headers)
    return Response(Desired(revision=revision).model_dump_json(), 200, headers, JSON)


@router.get("/metadata/{name}", response_class=Response, responses=_FILE | documented(404, 422))
async def get_metadata(request: Request, kiosk: Kiosk, name: Name) -> Response:
    """A metadata file of the caller's own TUF repository."""
    return _file(
        await run_in_threadpool(service.metadata, request.app.state.centre, kiosk.id, name)
    )


@router.get(
    "/targets/kiosk/{name}", response_class=Response, responses=_FILE | documented(404, 422)
)
async def get_target(request: Request, kiosk: Kiosk, name: Document) -> Response:
    """The caller's document, as its signed targets name it."""
    if name != f"{kiosk.id}.json":
        raise ProblemError(Kind.KIOSK_IS_ANOTHER)
    return _file(await run_in_threadpool(service.target, request.app.state.centre, kiosk.id))


@router.put("/reported", responses=documented(400, 413, 422))
async def put_reported(request: Request, kiosk: Kiosk, told: Reported) -> Next:
    """Take down how the caller is, and tell it when to speak again."""
    return await run_in_threadpool(_report, request.app.state.centre, kiosk.id, told)


def _report(centre: Centre, number: str, told: Reported) -> Next:
    with centre.database.write() as session:
        found = service.report(session, number, told, centre.clock())
    return Next(next_s=found.next_s, jitter_s=max(1, found.next_s // 3))


def _file(data: bytes | None) -> Response:
    if data is None:
        raise ProblemError(Kind.NOT_FOUND)
    return Response(data, media_type=JSON, headers={"Cache-Control": "no-store"})
