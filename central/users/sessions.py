"""Who is signed in: a session of the server's, named by a random value in a cookie.

The value is made at sign-in and never taken from the browser, so nobody can fix it beforehand;
the store keeps its hash, so nobody can take it from there (OWASP ASVS 5.0, V7).
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from central.users.records import User, UserSession, UserState

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
TOUCH = timedelta(minutes=1)
"""How late `seen_at` may be: not every page costs a commit."""

_BYTES = 32


def begin(session: Session, user: User, at: datetime) -> str:
    """A new session; gives the value of its cookie. Sessions that are over are removed."""
    session.execute(delete(UserSession).where(UserSession.seen_at < (at - IDLE).isoformat()))
    token = secrets.token_urlsafe(_BYTES)
    now = at.isoformat()
    session.add(UserSession(hash=hashed(token), login=user.login, began_at=now, seen_at=now))
    return token


def find(session: Session, token: str, at: datetime) -> tuple[User, UserSession] | None:
    """Who has the session of this cookie; None when it is over or its user is locked."""
    found = session.get(UserSession, hashed(token))
    if found is None or _over(found, at):
        return None
    user = session.get_one(User, found.login)
    return (user, found) if user.state is UserState.ACTIVE else None


def is_stale(found: UserSession, at: datetime) -> bool:
    """Whether it is time to write down that the session is in use."""
    return at - datetime.fromisoformat(found.seen_at) >= TOUCH


def touch(session: Session, token: str, at: datetime) -> None:
    """Write down that the session is in use."""
    found = session.get(UserSession, hashed(token))
    if found is not None and not _over(found, at):
        found.seen_at = at.isoformat()


def end(session: Session, token: str) -> None:
    """Sign out."""
    session.execute(delete(UserSession).where(UserSession.hash == hashed(token)))


def end_all(session: Session, login: str) -> None:
    """Sign somebody out everywhere."""
    session.execute(delete(UserSession).where(UserSession.login == login))


def hashed(token: str) -> str:
    """What the store keeps of a random value of 256 bits: a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _over(found: UserSession, at: datetime) -> bool:
    began, seen = map(datetime.fromisoformat, (found.began_at, found.seen_at))
    return at - seen > IDLE or at - began > LONGEST
