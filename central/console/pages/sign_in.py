"""Signing in and out, and the choice of a language."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, StringConstraints

from central.centre import Here
from central.console import cookies, csrf
from central.console.access import ANYBODY, EVERYBODY
from central.console.failures import SIGN_IN
from central.console.render import go, page
from central.console.words import LANGUAGES, N_
from central.users import sessions
from central.users.records import find_user
from central.users.sign_in import sign_in

router = APIRouter(prefix="/console")

Typed = Annotated[str, StringConstraints(max_length=128)]


class Credentials(BaseModel):
    """What somebody types to sign in, and the page they wanted."""

    login: Typed
    password: Typed
    code: Typed
    wanted: Typed = "/console"


@router.get("/sign-in", dependencies=[EVERYBODY])
def get_sign_in(
    request: Request,
    centre: Here,
    wanted: Annotated[str, Query(alias="next", max_length=200)] = "/console",
) -> Response:
    """The form."""
    by_provider = centre.settings.oidc is not None
    return page(request, None, "sign_in.html", wanted=wanted, by_provider=by_provider)


@router.post("/sign-in", dependencies=[EVERYBODY])
def post_sign_in(request: Request, centre: Here, told: Annotated[Credentials, Form()]) -> Response:
    """Sign in; the browser's value from before counts no more."""
    user, token = sign_in(centre, told.login, told.password, told.code)
    answer = go(request, told.wanted if csrf.is_ours(told.wanted) else "/console")
    cookies.set_session(request, answer, token)
    cookies.set_language(request, answer, user.language)
    return answer


@router.post("/sign-out", dependencies=[ANYBODY])
def post_sign_out(request: Request, centre: Here) -> Response:
    """Sign out; what the browser kept is gone."""
    with centre.database.write() as session:
        sessions.end(session, cookies.session_token(request))
    answer = go(request, SIGN_IN, N_("您已退出"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.post("/language", dependencies=[EVERYBODY])
def post_language(
    request: Request, centre: Here, language: Annotated[str, Form(max_length=8)]
) -> Response:
    """Another language, from now on and at the next sign-in."""
    answer = go(request, getattr(request.state, "back", "/console"))
    if language in LANGUAGES:
        cookies.set_language(request, answer, language)
        with centre.database.write() as session:
            found = sessions.find(session, cookies.session_token(request), centre.clock())
            if found and (user := find_user(session, found[0].login)):
                user.language = language
    return answer
