"""`/v1/kiosks/self`: what the calling kiosk shall be like, signed, and what it is like.

A request takes one thread for one look at the store and no more: fleets come together.
"""

import re
from base64 import b64decode
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from central.centre import Centre
from central.crowd import Crowd
from central.fleet import asks, service
from central.fleet.schemas import Answered, Asked, Asks, Desired, Next, Reported
from central.problems import Kind, ProblemError, documented
from central.trust.caller import Kiosk

router = APIRouter(prefix="/v1/kiosks/self", tags=["fleet"])

JSON = "application/json"
_WAIT = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,4})(?:$|[,;\s])")
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It has that revision already; after the wait, if one was asked for"}
}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {JSON: {"schema": {"type": "object"}}}}}

SIGNING, REPORTING = Crowd(12), Crowd(20)
"""What costs signatures and a commit, and what costs a commit: more at once would all be late.

Together they leave threads of the process's forty for everybody else.
"""

Tag = Annotated[str, Header(alias="If-None-Match", max_length=64)]
Prefer = Annotated[str, Header(max_length=64)]
Name = Annotated[str, Path(pattern=r"^([1-9][0-9]{0,5}\.root|timestamp|snapshot|targets)\.json$")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
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
    """A metadata file of the caller's own TUF repository.

    Who asks for `timestamp.json` while too many do is sent away (503), and comes back later.
    """
    act, centre = service.metadata, request.app.state.centre
    if name != "timestamp.json":
        return _file(await run_in_threadpool(act, centre, kiosk.id, name))
    with SIGNING.place():
        return _file(await run_in_threadpool(act, centre, kiosk.id, name))


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
    with REPORTING.place():
        return await run_in_threadpool(_report, request.app.state.centre, kiosk.id, told)


@router.get("/asks")
async def get_asks(request: Request, kiosk: Kiosk) -> Asks:
    """What operators ask the caller for now."""
    return await run_in_threadpool(_asks, request.app.state.centre, kiosk.id)


@router.put(
    "/asks/{number}", status_code=204, response_class=Response,
    responses=documented(400, 404, 409, 413, 422),
)  # fmt: skip
async def put_ask(request: Request, kiosk: Kiosk, number: Number, told: Answered) -> None:
    """Take what comes of an ask; the same answer twice is taken once."""
    await run_in_threadpool(_answer, request.app.state.centre, kiosk.id, number, told)


def _asks(centre: Centre, number: str) -> Asks:
    now = centre.clock()
    with centre.database.read() as session:
        found = asks.waiting(session, number, now)
    return Asks(asks=[Asked(id=each.id, kind=each.kind, seconds=each.left(now)) for each in found])


def _answer(centre: Centre, number: str, which: int, told: Answered) -> None:
    now = centre.clock()
    with centre.database.write() as session:
        match told.state:
            case "busy":
                asks.postpone(session, number, which, now)
            case "failed":
                asks.fail(session, number, which, told.reason or "", now)
            case "answered":
                try:
                    data = b64decode(told.data, validate=True)
                except ValueError:
                    raise ProblemError(Kind.ASK_ANSWER_REFUSED) from None
                asks.answer(session, number, which, data, now)


def _report(centre: Centre, number: str, told: Reported) -> Next:
    with centre.database.write() as session:
        now = centre.clock()
        found, count = service.report(session, number, told, now), asks.count(session, number, now)
    return Next(next_s=found.next_s, jitter_s=max(1, found.next_s // 3), asks=count)


def _file(data: bytes | None) -> Response:
    if data is None:
        raise ProblemError(Kind.NOT_FOUND)
    return Response(data, media_type=JSON, headers={"Cache-Control": "no-store"})
