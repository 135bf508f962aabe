"""A kiosk is asked for its log, by two persons, or for a picture of its attract screen."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.centre import Centre, Here
from central.console.access import SignedIn
from central.console.approvals import Approval, approvable
from central.console.approvals import ask as ask_second
from central.console.pages.fleet import PATH, Number, Operator
from central.console.render import go
from central.console.words import N_
from central.fleet import asks
from central.fleet.asks import AskKind
from central.fleet.records import FleetKiosk
from central.problems import Kind, ProblemError
from central.users.roles import Role

router = APIRouter(prefix=f"{PATH}/kiosks")

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
FILES = {AskKind.LOGS: ("application/octet-stream", "log.sealed"),
         AskKind.SCREENSHOT: ("image/png", "png")}  # fmt: skip


class Wish(BaseModel):
    """What a kiosk is to be asked for."""

    kind: AskKind


@approvable("fleet.logs", N_("调取自助机日志"), Role.OPERATOR, Role.SUPERVISOR)
def ask_logs(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    """Ask the kiosk for its log, which two persons want."""
    number, by = approval.target.removeprefix("kiosk:"), Actor(ActorKind.USER, approval.asked_by)
    asks.ask(session, number, AskKind.LOGS, by, centre.clock(), second.actor)


@router.post("/{number}/asks")
def post_ask(
    request: Request, user: Operator, centre: Here, number: Number, told: Annotated[Wish, Form()]
) -> Response:
    """Ask for a picture, or ask a second person for the log."""
    now, back = centre.clock(), f"{PATH}/kiosks/{number}"
    with centre.database.write() as session:
        if session.get(FleetKiosk, number) is None:
            raise ProblemError(Kind.NOT_FOUND)
        if told.kind is AskKind.LOGS:
            ask_second(session, now, user, "fleet.logs", f"kiosk:{number}")
            return go(request, back, N_("已提出调取日志，等另一位同事同意"))
        asks.ask(session, number, told.kind, user.actor, now)
    return go(request, back, N_("已请自助机截屏；有人办理时要等办完"))


@router.get("/{number}/asks/{which}")
def get_answer(user: Operator, centre: Here, number: Number, which: Id) -> Response:
    """What the kiosk sent; who looks is written down."""
    with centre.database.write() as session:
        found, data = asks.look(session, number, which, user.actor, centre.clock())
    media, ending = FILES[found.kind]
    how = "attachment" if found.kind is AskKind.LOGS else "inline"
    name = f"kiosk-{number}-{which}.{ending}"
    return Response(
        data, media_type=media, headers={"Content-Disposition": f'{how}; filename="{name}"'}
    )
