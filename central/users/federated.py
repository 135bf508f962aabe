"""Who an identity provider says somebody is, as a user here: made at the first sign-in.

Their roles and outlet are the provider's, each time anew; what was granted here counts no more.
"""

from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.records import SYSTEM
from central.cards.ledger import Act
from central.centre import Centre
from central.problems import Kind, ProblemError
from central.users import accounts
from central.users.oidc_settings import Provider
from central.users.records import User, UserState
from central.users.sign_in import begin


def enter(
    session: Session, centre: Centre, provider: Provider, claims: dict[str, Any]
) -> tuple[User, str]:
    """The user, and the value for the session's cookie.

    Raises `OIDC_NO_ROLE`, `USER_IMPOSSIBLE` where a claim is no login, name or outlet, or the login
    is a local user's, and `SIGN_IN_REFUSED` for a user who is locked here.
    """
    now = centre.clock()
    act = Act(SYSTEM, now)
    subject = f"{provider.issuer} {claims['sub']}"
    roles = roles_of(provider, claims)
    outlet = str(claims.get(provider.outlet_claim, ""))
    user = session.scalar(select(User).where(User.subject == subject))
    if user is None:
        login = str(claims.get(provider.login_claim, ""))
        name = str(claims.get(provider.name_claim, login))
        user = accounts.add(session, act, login, name, outlet)
        user.subject, user.state = subject, UserState.ACTIVE
    if user.state is not UserState.ACTIVE:
        raise ProblemError(Kind.SIGN_IN_REFUSED)
    if (user.roles, user.outlet) != (roles, outlet):
        accounts.grant(session, act, user, roles, outlet)
    return user, begin(session, user, now, "oidc")


def roles_of(provider: Provider, claims: dict[str, Any]) -> list[str]:
    """The roles here of the values of the claim; raises `OIDC_NO_ROLE` when there are none."""
    told = claims.get(provider.roles_claim, [])
    values = cast("list[Any]", told) if isinstance(told, list) else str(told).split()
    roles = {provider.roles[value] for value in map(str, values) if value in provider.roles}
    if not roles:
        raise ProblemError(Kind.OIDC_NO_ROLE)
    return sorted(role.value for role in roles)
