"""`/v1/card-keys`: the HSM's steps of LD/T 33 for a card that lies in a kiosk."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from central.centre import Here
from central.hsm import service
from central.hsm.schemas import (
    Command,
    External,
    HolderRequest,
    PinKey,
    PinResetRequest,
    ReloadRequest,
    UnblockRequest,
)
from central.idempotency import KEY_PARAMETER, REPLAYED, Answer, Key
from central.problems import documented
from central.trust.caller import Caller, act_as

router = APIRouter(prefix="/v1/card-keys", tags=["card keys"])

_STEP = documented(400, 403, 404, 409, 413, 422)
_KEYED = {"parameters": [KEY_PARAMETER]}


@router.get("/pin-key", responses=documented(409))
def get_pin_key(centre: Here) -> PinKey:
    """Give the public key that the keys of PIN blocks are wrapped to."""
    return service.pin_key(centre)


@router.post("/holder", responses=_STEP)
def post_holder(request: HolderRequest, centre: Here, caller: Caller) -> External:
    """`iReadCardBas_HSM_Step2`: 内认 is checked, then 外认数据 for RKSSSE (`0082000A10`) given.

    Refused as `card-not-genuine` when the card's own answer is wrong.
    """
    act_as(caller, request.kiosk_id)
    return service.holder(centre, request)


@router.post("/pin-reset/authentication", responses=_STEP)
def post_authentication(request: PinResetRequest, centre: Here, caller: Caller) -> External:
    """`iReloadPIN_HSM_Step2` (function 0090): 外认数据 for a PIN reset (`0082000610`)."""
    act_as(caller, request.kiosk_id)
    return service.pin_reset(centre, request)


@router.post("/pin-reset/reload", response_model=Command, responses=_STEP, openapi_extra=_KEYED)
def post_reload(key: Key, request: ReloadRequest, centre: Here, caller: Caller) -> JSONResponse:
    """`iReloadPIN_HSM_Step3` (function 0173): the RELOAD command with the new PIN.

    Binding: the same Idempotency-Key and body get the same command, whenever they come.
    """
    act_as(caller, request.kiosk_id)
    return _keyed(service.reload(centre, key, request))


@router.post("/unblock", response_model=Command, responses=_STEP, openapi_extra=_KEYED)
def post_unblock(key: Key, request: UnblockRequest, centre: Here, caller: Caller) -> JSONResponse:
    """`iUnblockPIN_HSM_Step2`: the UNBLOCK command, which gives the card its PIN tries back.

    Binding: the same Idempotency-Key and body get the same command, whenever they come.
    """
    act_as(caller, request.kiosk_id)
    return _keyed(service.unblock(centre, key, request))


def _keyed(answer: Answer) -> JSONResponse:
    headers = {REPLAYED: "true"} if answer.replayed else None
    return JSONResponse(answer.body, answer.status, headers=headers)
