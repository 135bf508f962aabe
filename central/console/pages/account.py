"""One's own account: password, recovery codes, the other browsers."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, StringConstraints

from central.audit.chain import append
from central.centre import Here
from central.console.access import Anybody
from central.console.failures import SIGN_IN
from central.console.render import go, page
from central.console.words import N_
from central.problems import Kind, ProblemError
from central.users import sessions
from central.users.passwords import check_password, hash_password
from central.users.records import User
from central.users.second_factor import new_recovery_codes
from central.users.sign_in import prove

router = APIRouter(prefix="/console/account")

Typed = Annotated[str, StringConstraints(max_length=128)]


class Proof(BaseModel):
    """Password and second factor, once more."""

    password: Typed
    code: Typed


class NewPassword(Proof):
    """And the new password, twice."""

    new: Typed
    again: Typed


@router.get("")
def get_account(request: Request, user: Anybody, centre: Here) -> Response:
    """What may be changed."""
    with centre.database.read() as session:
        local = session.get_one(User, user.name).password is not None
    return page(request, user, "account/account.html", local=local)


@router.post("/password")
def post_password(
    request: Request, user: Anybody, centre: Here, told: Annotated[NewPassword, Form()]
) -> Response:
    """Another password; every browser signs in again with it."""
    if told.new != told.again:
        raise ProblemError(Kind.PASSWORD_WEAK, reason_zh="两次输入的密码不一样")
    check_password(user.name, told.new)
    prove(centre, user.name, told.password, told.code)
    kept = hash_password(told.new)
    with centre.database.write() as session:
        session.get_one(User, user.name).password = kept
        sessions.end_all(session, user.name)
        append(session, centre.clock(), user.actor, "user.password_changed", user.name)
    return go(request, SIGN_IN, N_("密码已修改，请用新密码登录"))


@router.post("/recovery-codes")
def post_recovery_codes(
    request: Request, user: Anybody, centre: Here, told: Annotated[Proof, Form()]
) -> Response:
    """Fresh recovery codes; a page, not a redirect: they are shown once."""
    prove(centre, user.name, told.password, told.code)
    with centre.database.write() as session:
        codes = new_recovery_codes(session, user.name)
        append(session, centre.clock(), user.actor, "user.recovery_codes_made", user.name)
    return page(request, user, "set_up/codes.html", codes=codes)


@router.post("/sign-out-everywhere")
def post_sign_out_everywhere(request: Request, user: Anybody, centre: Here) -> Response:
    """Ends every session of one's own."""
    with centre.database.write() as session:
        sessions.end_all(session, user.name)
        append(session, centre.clock(), user.actor, "user.signed_out_everywhere", user.name)
    return go(request, SIGN_IN, N_("您已在所有地方退出"))
