"""Users come and go: invited, set up by themselves, given roles, locked. Each act is audited."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.chain import append
from central.audit.records import Actor, Kind
from central.cards.ledger import Act
from central.centre import Centre
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.users import sessions
from central.users.passwords import check_password
from central.users.records import User, UserState, find_user, users
from central.users.roles import Role
from central.users.seal import seal, unseal
from central.users.second_factor import new_recovery_codes, new_secret, plain, step_of
from central.users.sessions import hashed

LOGIN = re.compile(r"[a-z][a-z0-9.-]{2,31}")
OUTLET = re.compile(r"[0-9A-Z]{4}")
NAME_LENGTH = 40
SETUP_LASTS = timedelta(hours=72)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Invitation:
    """A login with the one-time code it was given."""

    login: str
    code: str = field(repr=False)


def add(session: Session, act: Act, login: str, display_name: str, outlet: str) -> User:
    """A new user without roles, who has to be invited; raises `USER_IMPOSSIBLE`."""
    login, display_name = login.strip().lower(), display_name.strip()
    if not LOGIN.fullmatch(login):
        raise ProblemError(
            Problem.USER_IMPOSSIBLE,
            "A login is 3 to 32 small letters, digits, dots and dashes, and begins with a letter.",
            reason_zh="登录名要 3 到 32 个小写字母、数字、点或短横，以字母开头",
        )
    if not 1 <= len(display_name) <= NAME_LENGTH or not display_name.isprintable():
        raise ProblemError(Problem.USER_IMPOSSIBLE, reason_zh=f"姓名要 1 到 {NAME_LENGTH} 个字")
    if session.get(User, login) is not None:
        raise ProblemError(
            Problem.USER_IMPOSSIBLE, "The login is taken.", reason_zh="已有这个登录名"
        )
    user = User(
        login=login,
        display_name=display_name,
        roles=[],
        outlet=_outlet(outlet),
        language="zh_CN",
        state=UserState.INVITED,
        created_at=act.at.isoformat(),
        failures=0,
        totp_step=0,
    )
    session.add(user)
    append(session, act.at, act.actor, "user.added", login, outlet=outlet)
    return user


def invite(session: Session, act: Act, user: User) -> str:
    """A fresh one-time code with which somebody invited sets a password and a second factor."""
    if user.state is not UserState.INVITED:
        raise ProblemError(Problem.USER_IMPOSSIBLE, reason_zh="这个账号已经设置过了")
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    user.setup_hash = hashed(code)
    user.setup_until = (act.at + SETUP_LASTS).isoformat()
    append(session, act.at, act.actor, "user.invited", user.login)
    return "-".join(code[i : i + 4] for i in range(0, _LENGTH, 4))


def begin_setup(session: Session, centre: Centre, invitation: Invitation) -> str:
    """A secret for the phone of whoever has the code; raises `SETUP_REFUSED`."""
    user = _invited(session, centre.clock(), invitation)
    secret = new_secret()
    user.totp = seal(centre.folder, user.login, secret)
    return secret


def check_setup(session: Session, at: datetime, invitation: Invitation, password: str) -> None:
    """Raise `SETUP_REFUSED` or `PASSWORD_WEAK` before anything slow is done."""
    check_password(_invited(session, at, invitation).login, password)


def finish_setup(
    session: Session, centre: Centre, invitation: Invitation, kept: str, told: str
) -> list[str]:
    """Let the user in from now on, with `kept` as the password's hash; gives recovery codes.

    `told` is what the phone shows. Raises `SETUP_REFUSED`.
    """
    at = centre.clock()
    user = _invited(session, at, invitation)
    secret = unseal(centre.folder, user.login, user.totp) if user.totp else None
    step = step_of(secret, told, at) if secret else None
    if step is None:
        raise ProblemError(Problem.SETUP_REFUSED, reason_zh="手机上的验证码不对，请核对手机的时间")
    user.password, user.totp_step, user.state = kept, step, UserState.ACTIVE
    user.setup_hash = user.setup_until = user.locked_until = None
    user.failures = 0
    append(session, at, Actor(Kind.USER, user.login), "user.set_up", user.login)
    return new_recovery_codes(session, user.login)


def grant(session: Session, act: Act, user: User, roles: list[str], outlet: str) -> None:
    """Give a user exactly these roles, at this outlet; they sign in again."""
    known = sorted(Role(role).value for role in roles)
    if Role.AUDITOR in known and len(known) > 1:
        raise ProblemError(Problem.USER_IMPOSSIBLE, reason_zh="审计员不能兼任其他岗位")
    if Role.OPERATOR not in known:
        _not_the_last(session, user)
    user.roles, user.outlet = known, _outlet(outlet)
    sessions.end_all(session, user.login)
    append(
        session,
        act.at,
        act.actor,
        "user.granted",
        user.login,
        roles=",".join(known),
        outlet=user.outlet,
    )


def lock(session: Session, act: Act, user: User) -> None:
    """Let a user in no more, and sign them out."""
    _not_the_last(session, user)
    user.state = UserState.LOCKED
    user.setup_hash = user.setup_until = None
    sessions.end_all(session, user.login)
    append(session, act.at, act.actor, "user.locked", user.login)


def unlock(session: Session, act: Act, user: User) -> None:
    """Let a user in again, whether a person or wrong sign-ins locked them."""
    if user.state is UserState.LOCKED:
        ready = user.password is not None or user.subject is not None
        user.state = UserState.ACTIVE if ready else UserState.INVITED
    user.failures, user.locked_until = 0, None
    append(session, act.at, act.actor, "user.unlocked", user.login)


def reset(session: Session, act: Act, user: User) -> None:
    """Take password and second factor away: the user has to be invited again."""
    user.state, user.password, user.totp = UserState.INVITED, None, None
    user.failures, user.locked_until = 0, None
    sessions.end_all(session, user.login)
    append(session, act.at, act.actor, "user.reset", user.login)


def operators(session: Session) -> list[str]:
    """The logins of those who can work as operators now."""
    return [
        user.login
        for user in users(session)
        if Role.OPERATOR in user.role_set and user.state is UserState.ACTIVE
    ]


def user_of(session: Session, login: str) -> User:
    """The user with this login; raises `NOT_FOUND`."""
    user = find_user(session, login)
    if user is None:
        raise ProblemError(Problem.NOT_FOUND, reason_zh="没有这个用户")
    return user


def _outlet(code: str) -> str:
    if not OUTLET.fullmatch(code):
        raise ProblemError(
            Problem.USER_IMPOSSIBLE,
            "An outlet is four digits or capital letters.",
            reason_zh="网点编号是 4 位数字或大写字母",
        )
    return code


def _not_the_last(session: Session, user: User) -> None:
    """Somebody has to be able to manage users."""
    if operators(session) == [user.login]:
        raise ProblemError(Problem.USER_IMPOSSIBLE, reason_zh="这是最后一位系统管理员，不能停用")


def _invited(session: Session, at: datetime, invitation: Invitation) -> User:
    wanted = hashed(plain(invitation.code).decode())
    user = session.scalar(select(User).where(User.setup_hash == wanted))
    if (
        user is None
        or user.login != invitation.login.strip().lower()
        or user.state is not UserState.INVITED
        or datetime.fromisoformat(user.setup_until or at.isoformat()) <= at
    ):
        raise ProblemError(Problem.SETUP_REFUSED)
    return user
