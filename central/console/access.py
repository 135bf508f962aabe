"""Who may open a page: each route names its roles, or that it is for everybody.

`user: Clerk` is somebody of the window; `needs(Role.OPERATOR)` is a dependency for other roles:
`user: Annotated[SignedIn, Depends(needs(Role.OPERATOR))]`. A test walks all routes for it.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from central.audit.records import Actor, Kind
from central.centre import Here
from central.console.cookies import session_token
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.users import sessions
from central.users.records import User
from central.users.roles import Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who works at the console now: login, roles, the outlet of the window, language."""

    name: str
    display_name: str
    roles: frozenset[Role]
    outlet: str
    language: str

    @property
    def actor(self) -> Actor:
        """How the audit names them."""
        return Actor(Kind.USER, self.name)

    def may(self, *roles: Role) -> bool:
        """Whether they have one of the roles."""
        return not self.roles.isdisjoint(roles)


class SignInNeededError(Exception):
    """Nobody is signed in, or the session is over: the page of the sign-in comes first."""


@dataclass(frozen=True, slots=True)
class Needs:
    """A dependency: who is signed in and has one of the roles."""

    roles: frozenset[Role]

    def __call__(self, request: Request, centre: Here) -> SignedIn:
        """Raise `SignInNeededError`, or `ROLE_MISSING`."""
        user = _signed_in(request, centre)
        if not user.may(*self.roles):
            raise ProblemError(Problem.ROLE_MISSING)
        return user


def needs(*roles: Role) -> Needs:
    """A dependency that gives who is signed in, and refuses who has none of the roles."""
    return Needs(frozenset(roles))


def everybody() -> None:
    """A dependency that says: this route is open to who is not signed in."""


Clerk = Annotated[SignedIn, Depends(needs(Role.CLERK, Role.SUPERVISOR))]
"""Somebody of the window."""

ANYBODY = Depends(needs(*Role))
Anybody = Annotated[SignedIn, ANYBODY]
"""Whoever is signed in."""

EVERYBODY = Depends(everybody)
"""Whoever opens it."""


def signed_in_as(user: User) -> SignedIn:
    """A user of the store, so far as pages know one."""
    return SignedIn(user.login, user.display_name, user.role_set, user.outlet, user.language)


def _signed_in(request: Request, centre: Here) -> SignedIn:
    token, now = session_token(request), centre.clock()
    with centre.database.read() as session:
        found = sessions.find(session, token, now)
    if found is None:
        raise SignInNeededError
    if sessions.is_stale(found[1], now):
        with centre.database.write() as session:
            sessions.touch(session, token, now)
    request.state.user = user = signed_in_as(found[0])
    return user
