"""Kiosks, stations and partner systems: for operators. Two let a device in, two put it out.

One operator gives the code, and another compares the key the device shows. Putting out is asked
and approved; who must act alone, at night, has `python -m central revoke` on the machine.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.audit.records import Actor
from central.centre import Centre, Here
from central.console.access import SignedIn, needs
from central.console.approvals import Approval, approvable, ask
from central.console.render import go, page
from central.console.words import N_
from central.problems import Kind, ProblemError
from central.trust import devices, records
from central.trust.caller import device
from central.users.roles import Role

router = APIRouter(prefix="/console/devices")

PATH = "/console/devices"

Operator = Annotated[SignedIn, Depends(needs(Role.OPERATOR))]
Typed = Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)]


class Named(BaseModel):
    """A device, `kiosk:0017`."""

    device: Typed


class Invited(BaseModel):
    """What shall be let in."""

    kind: Typed
    number: Typed


class Compared(Named):
    """The fingerprint the device shows, as somebody read it."""

    fingerprint: Typed


@approvable("device.revoke", N_("停用设备证书"), Role.OPERATOR, Role.SUPERVISOR)
def _revoke(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    devices.revoke(session, _device(approval.target), second.actor, centre.clock())


@router.get("")
def get_devices(request: Request, user: Operator, centre: Here) -> Response:
    """Each device with its last certificate, and those whose key waits to be compared."""
    now = centre.clock()
    with centre.database.read() as session:
        return page(
            request,
            user,
            "devices/devices.html",
            devices=records.newest(session),
            waiting=records.to_confirm(session, now.isoformat()),
            kinds=sorted(devices.DEVICES),
            now=now.isoformat(),
            ends=records.End,
        )


@router.post("/invite")
def post_invite(
    request: Request, user: Operator, centre: Here, told: Annotated[Invited, Form()]
) -> Response:
    """A one-time code: shown once, in no address."""
    named = _device(f"{told.kind}:{told.number}")
    with centre.database.write() as session:
        code = devices.invite(session, named, user.actor, centre.clock(), confirm=True)
    return page(request, user, "devices/code.html", device=named, code=code)


@router.post("/confirm")
def post_confirm(
    request: Request, user: Operator, centre: Here, told: Annotated[Compared, Form()]
) -> Response:
    """Another operator read the fingerprint at the device; the wrong one lets nothing in."""
    named = _device(told.device)
    with centre.database.write() as session:
        invitation = records.newest_invitation(session, str(named))
        if invitation is not None and invitation.made_by == str(user.actor):
            raise ProblemError(Kind.SECOND_PERSON_NEEDED)
        right = devices.confirm(session, named, told.fingerprint, user.actor, centre.clock())
    if not right:
        raise ProblemError(Kind.FINGERPRINT_WRONG)
    return go(request, PATH, N_("已确认 {device}，设备会自己取回证书"), device=named)


@router.post("/revoke")
def post_revoke(
    request: Request, user: Operator, centre: Here, told: Annotated[Named, Form()]
) -> Response:
    """Ask a second person to put a device out."""
    named = _device(told.device)
    with centre.database.write() as session:
        ask(session, centre.clock(), user, "device.revoke", str(named))
    return go(request, PATH, N_("已提出停用 {device}，等另一位同事同意"), device=named)


def _device(text: str) -> Actor:
    found = device(text)
    if found is None:
        raise ProblemError(
            Kind.INVALID, reason_zh="自助机编号是四位数字；其他设备用字母、数字和短横"
        )
    return found
