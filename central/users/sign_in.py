"""Signing in: password and second factor, with the same answer to everything that is not right.

Five wrong ones lock a user for 15 minutes, each further one for twice as long, up to a day. Nobody
learns which part was wrong, whether there is such a user, or that it is locked (OWASP ASVS V6.3).
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from central.audit.chain import append
from central.audit.records import Actor, Kind
from central.centre import Centre
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.users import sessions
from central.users.passwords import is_password
from central.users.records import User, UserState, find_user
from central.users.second_factor import is_second_factor

WRONG = 5
LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)


def sign_in(centre: Centre, login: str, password: str, code: str) -> tuple[User, str]:
    """Who signed in, and the value for the session's cookie; raises `SIGN_IN_REFUSED`."""
    with centre.database.read() as session:
        user = find_user(session, login)
        kept = user.password if user else None
    right = is_password(kept, password)  # slow, so before the writer's turn
    with centre.database.write() as session:
        user, token = find_user(session, login), None
        same = user is not None and user.password == kept
        if user and _is_proven(session, centre, user, code, right=right and same):
            token = begin(session, user, centre.clock(), "password")
    if user is None or token is None:  # raised here: what was counted stays
        raise ProblemError(Problem.SIGN_IN_REFUSED)
    return user, token


def prove(centre: Centre, login: str, password: str, code: str) -> None:
    """Ask who is signed in once more, before what is theirs alone; raises `SIGN_IN_REFUSED`."""
    with centre.database.read() as session:
        kept = session.get_one(User, login).password
    right = is_password(kept, password)
    with centre.database.write() as session:
        user = session.get_one(User, login)
        proven = _is_proven(session, centre, user, code, right=right and user.password == kept)
        if is_locked(user, centre.clock()):
            sessions.end_all(session, login)
    if not proven:
        raise ProblemError(Problem.SIGN_IN_REFUSED)


def begin(session: Session, user: User, at: datetime, way: str) -> str:
    """Begin a session for who proved who they are; gives the value for its cookie."""
    user.failures, user.locked_until = 0, None
    append(session, at, Actor(Kind.USER, user.login), "user.signed_in", user.login, way=way)
    return sessions.begin(session, user, at)


def is_locked(user: User, at: datetime) -> bool:
    """Whether nobody may sign in as this user now."""
    until = user.locked_until
    return user.state is not UserState.ACTIVE or (
        until is not None and datetime.fromisoformat(until) > at
    )


def _is_proven(session: Session, centre: Centre, user: User, code: str, *, right: bool) -> bool:
    """Whether password and second factor are right now; a wrong one is counted."""
    now = centre.clock()
    if is_locked(user, now):
        return False
    if right and is_second_factor(session, centre.folder, user, code, now):
        user.failures = 0
        return True
    user.failures += 1
    if user.failures >= WRONG:
        doubled = LOCK * 2 ** min(user.failures - WRONG, 7)
        user.locked_until = (now + min(doubled, LONGEST_LOCK)).isoformat()
    append(
        session,
        now,
        Actor(Kind.USER, user.login),
        "user.sign_in_refused",
        user.login,
        failures=user.failures,
        locked=user.failures >= WRONG,
    )
    return False
