"""Units' batches: looked at, taken, and asked for."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from starlette.responses import JSONResponse

from central.audit.records import Actor
from central.batches import clerks, intake, looking, service
from central.batches.clerks import ClerkShown, ClerksUnits
from central.batches.looking import Where
from central.batches.schemas import Checked, List, Order, Page, Summary, Taken
from central.centre import Centre, Here
from central.eligibility.door import door
from central.idempotency import KEY_PARAMETER, REPLAYED, Key
from central.problems import documented
from central.trust.caller import CHANNELS, Caller
from regulation.rules import Channel

router = APIRouter(prefix="/v1/batches", tags=["batches"])

MOST = 50

BatchNo = Annotated[str, Path(max_length=40)]
KioskId = Annotated[str, Query(pattern="^[0-9A-Z]{4}$")]


@router.post("/check", responses=documented(400, 401, 403, 413, 422))
def post_check(told: List, caller: Caller, centre: Here) -> Checked:
    """What is wrong with a list, row by row; nothing is kept."""
    return looking.check(centre, told, _where(centre, caller, told.kiosk_id))


@router.post(
    "",
    status_code=201,
    response_model=Taken,
    responses=documented(400, 401, 403, 409, 413, 422),
    openapi_extra={"parameters": [KEY_PARAMETER]},
)
def post_batch(key: Key, order: Order, caller: Caller, centre: Here) -> JSONResponse:
    """Take a list. The same key and body get the same answer, whenever they come."""
    answer = intake.submit(centre, key, order, _where(centre, caller, order.kiosk_id))
    headers = {REPLAYED: "true"} if answer.replayed else None
    return JSONResponse(answer.body, answer.status, headers=headers)


@router.post("/units", responses=documented(400, 401, 403, 413, 422))
def post_units(shown: ClerkShown, caller: Caller, centre: Here) -> ClerksUnits:
    """The units the clerk who shows a paper may act for; 403 (F43) for none."""
    return clerks.units_of(centre, shown, _where(centre, caller, shown.kiosk_id).channel)


@router.get("", responses=documented(401, 403, 422))
def get_batches(
    kiosk_id: KioskId,
    caller: Caller,
    centre: Here,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
) -> Page:
    """The batches a kiosk took, the newest first; a kiosk sees its own alone."""
    door(caller, Channel.KIOSK, kiosk_id)
    return service.page_of(centre, kiosk_id, cursor, limit)


@router.get(
    "/{batch_no}",
    response_model=Summary,
    responses={304: {"description": "It is as the ETag says"}} | documented(404, 422),
)
def get_batch(
    batch_no: BatchNo,
    response: Response,
    centre: Here,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Summary | Response:
    """A batch by the number on its voucher, masked; its unit asks before the pick-up (1.2.3)."""
    summary, version = service.show(centre, batch_no)
    tag = f'"{version}"'
    if if_none_match is not None and tag in (each.strip() for each in if_none_match.split(",")):
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return summary


def _where(centre: Centre, caller: Actor | None, kiosk_id: str) -> Where:
    """A kiosk takes for the outlet it stands in; the APP and 12333 are refused by the rules."""
    channel = CHANNELS.get(caller.kind, Channel.KIOSK) if caller else Channel.KIOSK
    actor = door(caller, channel, kiosk_id)
    return Where(actor, channel, kiosk_id, centre.settings.outlets.get(kiosk_id, kiosk_id))
