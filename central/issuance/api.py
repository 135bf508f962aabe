"""`/v1/card-writes`: what a card station asks and tells while it makes a card."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from central.centre import Here
from central.hsm.port import Opens
from central.hsm.schemas import Command, External
from central.idempotency import KEY_PARAMETER, REPLAYED, Answer, Key
from central.issuance import keys, service
from central.issuance.schemas import (
    Authentication,
    Blank,
    Confirmed,
    InitialPin,
    Job,
    Made,
    PinAuthentication,
    Reversal,
    Reversed,
    Started,
)
from central.problems import documented
from central.trust.caller import Station

router = APIRouter(prefix="/v1", tags=["card writes"])

_STEP = documented(400, 401, 403, 404, 409, 413, 422, 429)
_KEYED = {"parameters": [KEY_PARAMETER]}


@router.get(
    "/stations/self/card-write",
    response_model=Job,
    responses={204: {"description": "There is no card to make"}, **documented(401, 403)},
)
def get_card_write(station: Station, centre: Here) -> Job | Response:
    """The card this station is to make."""
    return service.job(centre, station.id) or Response(status_code=204)


@router.post(
    "/card-writes/{write_id}/start",
    response_model=Started,
    responses=_STEP,
    openapi_extra=_KEYED,
)
def post_start(
    write_id: UUID, key: Key, blank: Blank, station: Station, centre: Here
) -> JSONResponse:
    """Bind the write to the blank in the station.id, before a byte of it is written.

    `card-write-over` when it was reversed, ran out, or was started with another blank.
    """
    return _sent(service.start(centre, key, str(write_id), station.id, blank))


@router.post("/card-writes/{write_id}/authentication", responses=_STEP)
def post_authentication(
    write_id: UUID, step: Authentication, station: Station, centre: Here
) -> External:
    """内认 is checked, then 外认数据 that lets the records be written (UKSSSE, `0082000410`)."""
    return keys.prove(centre, str(write_id), station.id, Opens.PERSONALISE, step)


@router.post("/card-writes/{write_id}/holder", responses=_STEP)
def post_holder(write_id: UUID, step: Authentication, station: Station, centre: Here) -> External:
    """The same that lets EF06 be read back (RKSSSE, `0082000A10`)."""
    return keys.prove(centre, str(write_id), station.id, Opens.HOLDER, step)


@router.post("/card-writes/{write_id}/pin-authentication", responses=_STEP)
def post_pin_authentication(
    write_id: UUID, step: PinAuthentication, station: Station, centre: Here
) -> External:
    """外认数据 that lets the RELOAD with the initial PIN follow (`0082000610`)."""
    return keys.permit_pin(centre, str(write_id), station.id, step)


@router.post(
    "/card-writes/{write_id}/initial-pin",
    response_model=Command,
    responses=_STEP,
    openapi_extra=_KEYED,
)
def post_initial_pin(
    write_id: UUID, key: Key, step: InitialPin, station: Station, centre: Here
) -> JSONResponse:
    """The RELOAD command with the initial PIN, which puts the card into use."""
    return _sent(keys.initial_pin(centre, key, str(write_id), station.id, step))


@router.post(
    "/card-writes/{write_id}/confirm",
    response_model=Confirmed,
    responses=_STEP,
    openapi_extra=_KEYED,
)
def post_confirm(
    write_id: UUID, key: Key, made: Made, station: Station, centre: Here
) -> JSONResponse:
    """The card was made and holds what it should: it is the person's, the old one is no more."""
    return _sent(service.confirm(centre, key, str(write_id), station.id, made))


@router.post(
    "/card-writes/{write_id}/reverse",
    response_model=Reversed,
    responses=_STEP,
    openapi_extra=_KEYED,
)
def post_reverse(
    write_id: UUID, key: Key, said: Reversal, station: Station, centre: Here
) -> JSONResponse:
    """The card was not made. Of a write nobody knows: it can never begin."""
    return _sent(service.reverse(centre, key, str(write_id), station.id, said))


def _sent(answer: Answer) -> JSONResponse:
    headers = {REPLAYED: "true"} if answer.replayed else None
    return JSONResponse(answer.body, answer.status, headers=headers)
