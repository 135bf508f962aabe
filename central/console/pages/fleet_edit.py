"""A configuration is written, checked, compared with what is there, and approved by another."""

from collections.abc import Iterable
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.centre import Centre, Here
from central.console.access import SignedIn
from central.console.approvals import Approval, approvable, ask, may_decide, waiting
from central.console.pages.fleet import PATH, Operator, Reader
from central.console.render import go, page
from central.console.words import N_, service_names
from central.fleet import contents, documents, rollouts, service
from central.fleet.comparison import Comparison, compare
from central.fleet.records import Content, Rollout
from central.problems import Kind, ProblemError
from central.users.roles import Role
from regulation.afar import AFAR

router = APIRouter(prefix=PATH)

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Kiosk = Annotated[str, StringConstraints(pattern="^([0-9]{4})?$")]


class Written(BaseModel):
    """A configuration as it was typed, for one kiosk, or for groups one after another."""

    text: Annotated[str, StringConstraints(max_length=documents.MOST)]
    note: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""
    kiosk: Kiosk = ""
    groups: Annotated[str, StringConstraints(max_length=1000)] = ""
    success: int = 90
    error: int = 10
    soak_minutes: int = 30
    window: Annotated[str, StringConstraints(max_length=11, strip_whitespace=True)] = ""

    def wish(self) -> rollouts.Wish:
        """The rollout that was asked for."""
        groups = tuple(self.groups.split())
        return rollouts.Wish(groups, self.success, self.error, self.soak_minutes, self.window)


@approvable("fleet.desire", N_("修改自助机配置"), Role.OPERATOR, Role.SUPERVISOR)
def desire(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    """Give a kiosk what was asked for."""
    number = approval.target.removeprefix("kiosk:")
    content = _content_of(approval)
    service.give_approved(session, centre, [number], content, second.actor)


@approvable("fleet.rollout", N_("分组发布配置"), Role.OPERATOR, Role.SUPERVISOR)
def roll_out(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    """Let a rollout begin."""
    rollouts.approve(session, centre, int(approval.target.removeprefix("rollout:")), second.actor)


@router.get("/edit")
def get_edit(
    request: Request, user: Operator, centre: Here, kiosk: Annotated[Kiosk, Query()] = ""
) -> Response:
    """A configuration to begin with: the one the kiosk has."""
    text = documents.indented(_now(centre, kiosk))
    return page(request, user, "fleet/edit.html", kiosk=kiosk, text=text, known=AFAR)


@router.post("/check")
def post_check(
    request: Request, user: Operator, centre: Here, told: Annotated[Written, Form()]
) -> Response:
    """What is wrong with it, or what would be otherwise; nothing is kept."""
    content = documents.checked(told.text)
    with centre.database.read() as session:
        groups = rollouts.preview(session, told.groups.split()) if not told.kiosk else []
        kiosks = [told.kiosk] if told.kiosk else chain.from_iterable(groups)
        comparison = compare(session, centre, content, kiosks)
    return _compared(request, user, centre, comparison, "fleet/checked.html", groups=groups)


@router.post("/propose")
def post_propose(
    request: Request, user: Operator, centre: Here, told: Annotated[Written, Form()]
) -> Response:
    """Keep it and ask a second person."""
    now = centre.clock()
    with centre.database.write() as session:
        service.held(centre)
        made = contents.propose(session, told.text, told.note, user.actor, now)
        if told.kiosk:
            target, action = f"kiosk:{told.kiosk}", "fleet.desire"
            ask(session, now, user, action, target, content=made.id)
        else:
            rollout = rollouts.make(session, made.id, told.wish(), user.actor, now)
            target, action = f"rollout:{rollout.id}", "fleet.rollout"
            ask(session, now, user, action, target, content=made.id, groups=rollout.groups)
    return go(request, f"{PATH}/contents/{made.id}", N_("已提出，等另一位同事看过差别后同意"))


@router.get("/contents/{number}")
def get_content(request: Request, user: Reader, centre: Here, number: Id) -> Response:
    """A configuration, what it would change, and the buttons of who may approve it."""
    with centre.database.read() as session:
        content = session.get(Content, number)
        if content is None:
            raise ProblemError(Kind.NOT_FOUND)
        open_ = [each for each in waiting(session, centre.clock()) if _is_of(each, number)]
        kiosks = [number for each in open_ for number in _kiosks_of(session, each)]
        comparison = compare(session, centre, content.body, kiosks)
    return _compared(
        request,
        user,
        centre,
        comparison,
        "fleet/content.html",
        content=content,
        text=documents.indented(content.body),
        questions=open_,
        may_decide=may_decide,
    )


def _compared(
    request: Request,
    user: SignedIn,
    centre: Centre,
    comparison: Comparison,
    template: str,
    **more: Any,
) -> Response:
    return page(
        request,
        user,
        template,
        comparison=comparison,
        services=service_names(centre.rules),
        **more,
    )


def _now(centre: Centre, kiosk: str) -> str:
    """The content a kiosk was given last; where it was given none, or is no single one, empty."""
    if not kiosk:
        return documents.EMPTY
    with centre.database.read() as session:
        return service.content_of(session, service.held(centre).seal, kiosk)


def _is_of(approval: Approval, content: int) -> bool:
    return approval.action.startswith("fleet.") and approval.parameters.get("content") == content


def _kiosks_of(session: Session, approval: Approval) -> Iterable[str]:
    """Whom an approval would give the configuration, as the groups are now."""
    kind, _, number = approval.target.partition(":")
    if kind == "kiosk":
        return [number]
    rollout = session.get(Rollout, int(number))
    return chain.from_iterable(rollouts.preview(session, rollout.groups)) if rollout else []


def _content_of(approval: Approval) -> int:
    content = approval.parameters.get("content")
    if not isinstance(content, int):
        raise ProblemError(Kind.NOT_FOUND)
    return content
