"""Setting up an account with a one-time code: password, phone, recovery codes.

The answers to these two forms are pages, not redirects: a secret is shown once, in no address.
"""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request, Response
from markupsafe import Markup
from pydantic import BaseModel, StringConstraints

from central.centre import Here
from central.console.access import EVERYBODY
from central.console.render import page
from central.problems import Kind, ProblemError
from central.users import accounts
from central.users.accounts import Invitation
from central.users.passwords import hash_password
from central.users.second_factor import address

router = APIRouter(prefix="/console/set-up", dependencies=[EVERYBODY])

Typed = Annotated[str, StringConstraints(max_length=128)]


class Coded(BaseModel):
    """Who was invited."""

    login: Typed
    code: Typed

    @property
    def invitation(self) -> Invitation:
        """The same for the store."""
        return Invitation(self.login, self.code)


class Chosen(Coded):
    """What they chose, and what their phone shows."""

    password: Typed
    again: Typed
    shown: Typed


@router.get("")
def get_set_up(request: Request) -> Response:
    """Asks for the one-time code."""
    return page(request, None, "set_up/code.html")


@router.post("/phone")
def post_phone(request: Request, centre: Here, told: Annotated[Coded, Form()]) -> Response:
    """Shows the secret of the second factor as a QR code."""
    with centre.database.write() as session:
        secret = accounts.begin_setup(session, centre, told.invitation)
    return page(
        request,
        None,
        "set_up/phone.html",
        told=told,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        code=qr(address(told.login.strip().lower(), secret)),
    )


@router.post("/finish")
def post_finish(request: Request, centre: Here, told: Annotated[Chosen, Form()]) -> Response:
    """Sets password and phone, and shows the recovery codes."""
    if told.password != told.again:
        raise ProblemError(Kind.PASSWORD_WEAK, reason_zh="两次输入的密码不一样")
    with centre.database.read() as session:
        accounts.check_setup(session, centre.clock(), told.invitation, told.password)
    kept = hash_password(told.password)
    with centre.database.write() as session:
        codes = accounts.finish_setup(session, centre, told.invitation, kept, told.shown)
    return page(request, None, "set_up/codes.html", codes=codes)


def qr(text: str) -> Markup:
    """A QR code as an SVG element."""
    made = segno.make(text, error="m", micro=False).svg_inline(
        border=4, light="#fff", omitsize=True
    )
    return Markup(made)  # noqa: S704 - segno's own drawing: no text of anybody is in it
