"""The people of the console: for operators; what gives power needs two of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.cards.ledger import Act
from central.centre import Centre, Here
from central.console.access import SignedIn, needs
from central.console.approvals import APPROVABLE, Approval, approvable, ask
from central.console.render import go, page
from central.console.words import N_
from central.users import accounts, sign_in
from central.users.records import UserState, users
from central.users.roles import Role

router = APIRouter(prefix="/console/users")

PATH = "/console/users"

Operator = Annotated[SignedIn, Depends(needs(Role.OPERATOR))]
Login = Annotated[str, Path(max_length=32)]
Typed = Annotated[str, StringConstraints(max_length=64)]


class NewUser(BaseModel):
    """Somebody who shall work at the console."""

    login: Typed
    name: Typed
    outlet: Typed


class Grant(BaseModel):
    """What somebody shall be, and where."""

    roles: list[Role] = []
    outlet: Typed


@approvable("user.grant", N_("授予岗位"), Role.OPERATOR, Role.SUPERVISOR)
def _grant(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    told: dict[str, Any] = approval.parameters
    user, act = accounts.user_of(session, approval.target), Act(second.actor, centre.clock())
    accounts.grant(session, act, user, told["roles"], told["outlet"])


@approvable("user.unlock", N_("解除账号锁定"), Role.OPERATOR, Role.SUPERVISOR)
def _unlock(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    user = accounts.user_of(session, approval.target)
    accounts.unlock(session, Act(second.actor, centre.clock()), user)


@approvable("user.reset", N_("重置密码和验证器"), Role.OPERATOR, Role.SUPERVISOR)
def _reset(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    user = accounts.user_of(session, approval.target)
    accounts.reset(session, Act(second.actor, centre.clock()), user)


@router.get("")
def get_users(request: Request, user: Operator, centre: Here) -> Response:
    """Everybody, and what they may do."""
    now = centre.clock()
    with centre.database.read() as session:
        found = [(each, sign_in.is_locked(each, now)) for each in users(session)]
    return page(
        request,
        user,
        "users/users.html",
        users=found,
        roles=list(Role),
        states=UserState,
        outlets=sorted({each.outlet for each, _ in found}),
    )


@router.post("")
def post_user(
    request: Request, user: Operator, centre: Here, told: Annotated[NewUser, Form()]
) -> Response:
    """A new user, without any role yet."""
    with centre.database.write() as session:
        act = Act(user.actor, centre.clock())
        made = accounts.add(session, act, told.login, told.name, told.outlet)
    return go(request, PATH, N_("已添加 {login}，请授予岗位并给出设置码"), login=made.login)


@router.post("/{login}/invite")
def post_invite(request: Request, user: Operator, centre: Here, login: Login) -> Response:
    """A one-time code; a page, not a redirect: it is shown once."""
    with centre.database.write() as session:
        invited = accounts.user_of(session, login)
        code = accounts.invite(session, Act(user.actor, centre.clock()), invited)
    return page(request, user, "users/invited.html", invited=invited, code=code)


@router.post("/{login}/grant")
def post_grant(
    request: Request, user: Operator, centre: Here, login: Login, told: Annotated[Grant, Form()]
) -> Response:
    """Other roles, once a second person approves."""
    roles = sorted(role.value for role in told.roles)
    return _by_two(request, user, centre, login, "user.grant", roles=roles, outlet=told.outlet)


@router.post("/{login}/unlock")
def post_unlock(request: Request, user: Operator, centre: Here, login: Login) -> Response:
    """Lets somebody in again, once a second person approves."""
    return _by_two(request, user, centre, login, "user.unlock")


@router.post("/{login}/reset")
def post_reset(request: Request, user: Operator, centre: Here, login: Login) -> Response:
    """Takes a lost password or phone away, once a second person approves."""
    return _by_two(request, user, centre, login, "user.reset")


@router.post("/{login}/lock")
def post_lock(request: Request, user: Operator, centre: Here, login: Login) -> Response:
    """Lets somebody in no more, at once."""
    with centre.database.write() as session:
        found = accounts.user_of(session, login)
        accounts.lock(session, Act(user.actor, centre.clock()), found)
    return go(request, PATH, N_("已锁定 {login}"), login=login)


def _by_two(
    request: Request, user: SignedIn, centre: Centre, login: str, action: str, **told: Any
) -> Response:
    """Ask a second person; where the only operator asks there is none, and it is done at once."""
    now = centre.clock()
    with centre.database.write() as session:
        target = accounts.user_of(session, login).login
        alone = accounts.operators(session) == [user.name]
        if alone:
            approval = Approval(action=action, target=target, parameters=told)
            APPROVABLE[action](session, centre, approval, user)
        else:
            ask(session, now, user, action, target, **told)
    return go(
        request, PATH, N_("已执行") if alone else N_("已提交，等另一位同事在“双人复核”里同意")
    )
