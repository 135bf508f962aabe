"""Applications, the answers to their keys, and vouchers."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from central.applications import service
from central.applications.schemas import Code, Order, RequestState, Summary, Taken
from central.centre import Here
from central.idempotency import KEY_PARAMETER, REPLAYED, Key, kept_answer, parse_key
from central.problems import Kind, ProblemError, documented

router = APIRouter(prefix="/v1")


@router.post(
    "/applications",
    status_code=201,
    response_model=Taken,
    responses=documented(400, 403, 409, 413, 422, 501),
    openapi_extra={"parameters": [KEY_PARAMETER]},
    tags=["applications"],
)
def post_application(key: Key, order: Order, centre: Here) -> JSONResponse:
    """Take an application. The same key and body get the same answer, whenever they come."""
    answer = service.submit(centre, key, order)
    headers = {REPLAYED: "true"} if answer.replayed else None
    return JSONResponse(answer.body, answer.status, headers=headers)


@router.get("/requests/{key}", responses=documented(400, 404, 409), tags=["applications"])
def get_request(key: str, centre: Here) -> RequestState:
    """The answer a key got; 404: it never arrived or was refused, so it may be sent again."""
    key = parse_key(key)
    centre.running.check(key)
    answer = kept_answer(centre.database, key)
    if answer is None:
        raise ProblemError(Kind.REQUEST_UNKNOWN)
    return RequestState(status="done", response_status=answer.status, body=answer.body)


@router.get("/vouchers/{voucher_no}", responses=documented(404), tags=["vouchers"])
def get_voucher(voucher_no: str, centre: Here) -> Summary:
    """An application by the number on its voucher, masked."""
    return service.show(centre, voucher_no)


@router.post("/vouchers/resolve", responses=documented(400, 404, 413, 422), tags=["vouchers"])
def post_resolve(scanned: Code, centre: Here) -> Summary:
    """The same by the code on the voucher; 404 if the centre never gave that code."""
    return service.resolve(centre, scanned.qr)
