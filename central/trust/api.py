"""`/v1/enrolments` and `/v1/certificates`: how a device gets its certificate, and the next one."""

from datetime import datetime

from fastapi import APIRouter, Response

from central.centre import Centre, Here
from central.problems import documented
from central.trust import devices
from central.trust.caller import Device
from central.trust.devices import Waiting
from central.trust.records import Certificate
from central.trust.schemas import Enrolment, Given, Renewal, ToConfirm

router = APIRouter(prefix="/v1", tags=["trust"])


@router.post(
    "/enrolments",
    status_code=201,
    response_model=Given | ToConfirm,
    responses={202: {"model": ToConfirm, "description": "An operator has yet to confirm the key"}}
    | documented(400, 403, 413, 422),
)
def post_enrolment(request: Enrolment, response: Response, centre: Here) -> Given | ToConfirm:
    """Give a device its certificate for a one-time code; again for the same code and key."""
    found = devices.enrol(
        centre.database,
        centre.authority,
        request.code,
        request.csr,
        centre.clock(),
        confirm=centre.settings.trust.confirm,
    )
    if isinstance(found, Waiting):
        response.status_code = 202
        return ToConfirm(device=found.device, fingerprint=found.fingerprint)
    return _given(centre, found)


@router.post("/certificates", status_code=201, responses=documented(400, 401, 403, 409, 413, 422))
def post_certificate(request: Renewal, device: Device, centre: Here) -> Given:
    """Renew the caller's certificate for a new key, when less than ten days remain."""
    return _given(
        centre,
        devices.renew(centre.database, centre.authority, device, request.csr, centre.clock()),
    )


def _given(centre: Centre, certificate: Certificate) -> Given:
    return Given(
        device=certificate.device,
        certificate=certificate.pem,
        chain=centre.authority.pem,
        not_after=datetime.fromisoformat(certificate.ends_at),
    )
