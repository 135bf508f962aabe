"""Applications, the answers to their keys, and vouchers."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from starlette.responses import JSONResponse

from central.applications import mending, one_time, service, show
from central.applications.schemas import (
    Code,
    Mend,
    Order,
    Page,
    RequestState,
    Summary,
    Taken,
    VoucherKey,
)
from central.applications.states import CaseState
from central.centre import Here
from central.eligibility.door import door
from central.eligibility.schemas import Question
from central.idempotency import KEY_PARAMETER, REPLAYED, Key, kept_answer, parse_key
from central.problems import Kind, ProblemError, documented
from central.trust.caller import Caller
from regulation.rules import Channel

router = APIRouter(prefix="/v1")

_LEADS_TO = {
    "voucher": {
        "operationId": "get_voucher_v1_vouchers__voucher_no__get",
        "parameters": {"voucher_no": "$response.body#/voucher_no"},
    },
    "request": {
        "operationId": "get_request_v1_requests__key__get",
        "parameters": {"key": "$request.header.Idempotency-Key"},
    },
    "code": {
        "operationId": "post_resolve_v1_vouchers_resolve_post",
        "requestBody": {"qr": "$response.body#/qr"},
    },
}
"""What can be asked of an application that was taken (OpenAPI links)."""

NOT_MODIFIED = 304
MOST = 200

Known = Annotated[
    str | None, Header(alias="If-None-Match", max_length=200, description="an ETag held already")
]


@router.post(
    "/applications",
    status_code=201,
    response_model=Taken,
    responses=documented(400, 401, 403, 409, 413, 422) | {201: {"links": _LEADS_TO}},
    openapi_extra={"parameters": [KEY_PARAMETER]},
    tags=["applications"],
)
def post_application(key: Key, order: Order, centre: Here, caller: Caller) -> JSONResponse:
    """Take an application. The same key and body get the same answer, whenever they come."""
    actor = door(caller, order.channel, order.kiosk_id)
    answer = service.submit(centre, key, order, actor)
    headers = {REPLAYED: "true"} if answer.replayed else None
    return JSONResponse(answer.body, answer.status, headers=headers)


@router.post(
    "/applications/{voucher_no}/mend",
    response_model=Taken,
    responses=documented(400, 401, 403, 404, 409, 413, 422),
    openapi_extra={"parameters": [KEY_PARAMETER]},
    tags=["applications"],
)
def post_mend(voucher_no: str, key: Key, mend: Mend, centre: Here, caller: Caller) -> JSONResponse:
    """Put a case that the window sent back into its queue again, with the parts in question."""
    actor = door(caller, Channel.KIOSK, mend.kiosk_id)
    answer = mending.mend(centre, key, voucher_no, mend, actor)
    headers = {REPLAYED: "true"} if answer.replayed else None
    return JSONResponse(answer.body, answer.status, headers=headers)


@router.get(
    "/applications",
    response_model=Page,
    responses=documented(401, 403, 422) | {304: {"description": "Nothing has changed"}},
    tags=["applications"],
)
def get_applications(  # noqa: PLR0913, PLR0917 - each is a parameter of the route
    response: Response,
    centre: Here,
    caller: Caller,
    state: CaseState | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    known: Known = None,
) -> Page | Response:
    """The caller's applications, masked: a kiosk's own, or those of the channel of another."""
    page = show.listed(centre, caller, state, cursor, limit)
    return _fresh(response, show.page_tag(page), known) or page


@router.post(
    "/one-time-codes",
    status_code=202,
    responses=documented(400, 401, 403, 409, 413, 422),
    tags=["applications"],
)
def post_code(question: Question, centre: Here, caller: Caller) -> one_time.Sent:
    """Send a code to the holder's registered phone, where an agent's order needs one (A10)."""
    door(caller, question.channel)
    return one_time.send(centre, question)


@router.get("/requests/{key}", responses=documented(400, 404, 409), tags=["applications"])
def get_request(key: str, centre: Here, caller: Caller) -> RequestState:
    """The answer the caller's key got; 404: it never arrived or was refused: send it again."""
    key = parse_key(key)
    centre.running.check(key)
    answer = kept_answer(centre.database, key, caller)
    if answer is None:
        raise ProblemError(Kind.REQUEST_UNKNOWN)
    return RequestState(status="done", response_status=answer.status, body=answer.body)


@router.get("/vouchers/key", responses=documented(), tags=["vouchers"])
def get_voucher_key(centre: Here) -> VoucherKey:
    """Give the key that tells a genuine code on a voucher from a forged one."""
    return VoucherKey(public_key=centre.codes.public_pem())


@router.get(
    "/vouchers/{voucher_no}",
    response_model=Summary,
    responses=documented(404, 422) | {304: {"description": "Nothing has changed"}},
    tags=["vouchers"],
)
def get_voucher(
    voucher_no: str, response: Response, centre: Here, known: Known = None
) -> Summary | Response:
    """An application by the number on its voucher, masked, with its progress in words."""
    found = show.show(centre, voucher_no)
    return _fresh(response, f"{found.voucher_no}.{found.version}", known) or found


@router.post("/vouchers/resolve", responses=documented(400, 404, 413, 422), tags=["vouchers"])
def post_resolve(scanned: Code, centre: Here) -> Summary:
    """The same by the code on the voucher; 404 if the centre never gave that code."""
    return show.resolve(centre, scanned.qr)


def _fresh(response: Response, tag: str, known: str | None) -> Response | None:
    """304 where the caller holds this form already (RFC 9110 13.1.2); else the tag goes along."""
    quoted = f'"{tag}"'
    held = {each.strip().removeprefix("W/") for each in (known or "").split(",")}
    if quoted in held or "*" in held:
        return Response(status_code=NOT_MODIFIED, headers={"ETag": quoted})
    response.headers["ETag"] = quoted
    return None
