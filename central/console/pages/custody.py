"""What the window keeps of others: papers left behind, old cards, spoiled blanks."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.applications import review
from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.cards.ledger import Act
from central.centre import Centre, Here
from central.console import approvals
from central.console.access import Clerk, SignedIn
from central.console.approvals import Approval, approvable
from central.console.render import go, page
from central.console.words import N_
from central.custody import log
from central.custody.records import CustodyItem, CustodyState, Thing, held
from central.issuance.stations import outlet_of
from central.problems import Kind, ProblemError
from central.users.roles import Role
from regulation.papers import Paper

router = APIRouter(prefix="/console/custody")

PATH = "/console/custody"
THINGS = {
    Thing.SPOILED_BLANK: N_("废空白卡"),
    Thing.OLD_CARD: N_("收回的旧卡"),
    Thing.LEFT_PAPER: N_("遗留证件"),
}
ENDS = {"returned": CustodyState.RETURNED, "handed_on": CustodyState.HANDED_ON}
DESTROY = "custody.destroy"

Item = Annotated[str, Path(max_length=36)]


class Found(BaseModel):
    """A paper that was left, and where; nothing of whose it is."""

    what: Paper
    place: Annotated[str, StringConstraints(max_length=40, strip_whitespace=True)]


class End(BaseModel):
    """Given back to whom it belongs, or on to who issued it."""

    end: Literal["returned", "handed_on"]


@router.get("")
def get_custody(request: Request, user: Clerk, centre: Here) -> Response:
    """What this outlet has in custody."""
    with centre.database.read() as session:
        items = [item for item in held(session) if _here(centre, user, item)]
    places = [f"kiosk:{place}" for place in review.places_of(user.outlet, centre.settings)]
    return page(
        request,
        user,
        "custody/custody.html",
        items=items,
        things=THINGS,
        papers=Paper,
        places=[user.outlet, *(place for place in places if place != f"kiosk:{user.outlet}")],
    )


@router.post("")
def post_found(
    request: Request, user: Clerk, centre: Here, told: Annotated[Found, Form()]
) -> Response:
    """A paper was left behind."""
    kiosks = review.places_of(user.outlet, centre.settings)
    if told.place != user.outlet and told.place.removeprefix("kiosk:") not in kiosks:
        raise ProblemError(Kind.INVALID)
    act = Act(user.actor, centre.clock())
    with centre.database.write() as session:
        log.take(session, Thing.LEFT_PAPER, told.place, act, what=told.what.value)
    return go(request, PATH, N_("已登记，请放入保管柜"))


@router.post("/{item_id}/release")
def post_release(
    request: Request, user: Clerk, centre: Here, item_id: Item, told: Annotated[End, Form()]
) -> Response:
    """A left paper leaves the window."""
    with centre.database.write() as session:
        _own(session, centre, user, item_id)
        log.release(session, item_id, ENDS[told.end], Act(user.actor, centre.clock()))
    return go(request, PATH, N_("已登记交还"))


@router.post("/{item_id}/destroy")
def post_destroy(request: Request, user: Clerk, centre: Here, item_id: Item) -> Response:
    """A card is to be destroyed, before a second person."""
    with centre.database.write() as session:
        item = _own(session, centre, user, item_id)
        if item.thing is Thing.LEFT_PAPER:
            raise ProblemError(Kind.CUSTODY_OVER, reason_zh="遗留证件不能销毁，请归还或移交")
        approvals.ask(session, centre.clock(), user, DESTROY, item_id, thing=item.thing.value)
    return go(request, PATH, N_("已提交，两人在场销毁后由业务主管确认"))


@approvable(DESTROY, N_("两人在场销毁卡片"), Role.SUPERVISOR)
def destroy_approved(
    session: Session, centre: Centre, approval: Approval, second: SignedIn
) -> None:
    """Who asked destroyed it; who approves stood by."""
    asked = Act(Actor(ActorKind.USER, approval.asked_by), centre.clock())
    log.destroy(session, approval.target, second.actor, asked)


def _own(session: Session, centre: Centre, user: SignedIn, item_id: str) -> CustodyItem:
    item = session.get(CustodyItem, item_id)
    if item is None or not _here(centre, user, item):
        raise ProblemError(Kind.CUSTODY_UNKNOWN)
    return item


def _here(centre: Centre, user: SignedIn, item: CustodyItem) -> bool:
    """Whether a thing lies at the user's outlet: its own, a kiosk's, or a station's."""
    kind, _, number = item.place.rpartition(":")
    if kind == "station":
        return outlet_of(centre.settings.outlets, number) == user.outlet
    return number == user.outlet or number in review.places_of(user.outlet, centre.settings)
