"""A form counts only when this browser got it from us: a token in it, tied to its session.

Looked at in one place, for every route of the console, before anything else is (OWASP ASVS V3.5).
"""

import hmac
from urllib.parse import urlsplit

from fastapi import Request

from central.console.cookies import proof, session_token
from central.problems import Kind, ProblemError

FIELD = "csrf"
HEADER = "X-CSRF"
BACK = "back"
"""The field that tells which page a form stands on."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def token(request: Request) -> str:
    """The token of this browser's forms."""
    return proof(session_token(request), FIELD)


async def checked(request: Request) -> None:
    """Raise `FORM_NOT_OURS` for a change whose form is not of this browser's session.

    And `INVALID` for a NUL wherever a text may stand: PostgreSQL holds none.
    """
    _without_nul(request.scope["path"], *request.query_params.values())
    if request.method in _SAFE:
        return
    form = await request.form()
    _without_nul(*(value for value in form.values() if isinstance(value, str)))
    back, told = form.get(BACK), form.get(FIELD) or request.headers.get(HEADER)
    if isinstance(back, str) and is_ours(back):
        request.state.back = back
    if not isinstance(told, str) or not _from_here(request):
        raise ProblemError(Kind.FORM_NOT_OURS)
    if not hmac.compare_digest(told.encode(), token(request).encode()):
        raise ProblemError(Kind.FORM_NOT_OURS)


def _without_nul(*texts: str) -> None:
    if any("\0" in text for text in texts):
        raise ProblemError(
            Kind.INVALID,
            "A text holds a NUL.",
            reason_zh="填写的内容里有不能保存的字符，请检查后重新填写",
        )


def is_ours(path: str) -> bool:
    """Whether a path is one of the console, and no address of somebody else's."""
    parts = urlsplit(path)
    return (
        not parts.scheme
        and not parts.netloc
        and "\\" not in path
        and (parts.path == "/console" or parts.path.startswith("/console/"))
    )


def _from_here(request: Request) -> bool:
    """What the browser says of the page a request came from, as far as it says it."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is None or origin == "null":  # "null" is what pages without a referrer send
        return True
    return urlsplit(origin).netloc == request.headers.get("host")
