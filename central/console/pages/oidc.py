"""Signing in by the city's identity provider."""

from typing import Annotated

import httpx
from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from central.centre import Centre, Here
from central.console import cookies, csrf
from central.console.access import EVERYBODY
from central.console.render import page
from central.problems import Kind, ProblemError
from central.users import federated, oidc
from central.users.oidc_settings import Provider

router = APIRouter(prefix="/console/oidc", dependencies=[EVERYBODY])

FLOW = "console_oidc"

Short = Annotated[str, Query(max_length=2000)]


@router.get("/start")
def get_start(
    request: Request,
    centre: Here,
    wanted: Annotated[str, Query(alias="next", max_length=200)] = "/console",
) -> Response:
    """To the provider."""
    try:
        address, kept = oidc.start(centre, _provider(centre), wanted)
    except httpx.HTTPError:
        raise ProblemError(Kind.OIDC_FAILED) from None
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        FLOW,
        kept,
        max_age=oidc.LASTS_S,
        path=oidc.CALLBACK,
        secure=cookies.is_tls(request),
        httponly=True,
        samesite="lax",  # it has to come along when the provider sends the browser back
    )
    return answer


@router.get("/callback")
def get_callback(
    request: Request,
    centre: Here,
    state: Short = "",
    code: Short = "",
    iss: Short = "",
) -> Response:
    """Back from the provider.

    A page that goes on by itself, and no redirect: the session's cookie is `SameSite=Strict`, so
    it is not sent along a redirect that began at another site.
    """
    provider = _provider(centre)
    told = {"state": state, "code": code, "iss": iss}
    answer = {name: value for name, value in told.items() if value}
    try:
        kept = request.cookies.get(FLOW, "")
        claims, wanted = oidc.finish(centre, provider, kept, answer)
    except httpx.HTTPError:
        raise ProblemError(Kind.OIDC_FAILED) from None
    with centre.database.write() as session:
        user, token = federated.enter(session, centre, provider, claims)
    target = wanted if csrf.is_ours(wanted) else "/console"
    response = page(request, None, "signed_in.html", target=target)
    cookies.set_session(request, response, token)
    cookies.set_language(request, response, user.language)
    response.delete_cookie(FLOW, path=oidc.CALLBACK)
    return response


def _provider(centre: Centre) -> Provider:
    if centre.settings.oidc is None:
        raise ProblemError(Kind.NOT_FOUND)
    return centre.settings.oidc
