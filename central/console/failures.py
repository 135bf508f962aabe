"""What goes wrong, as a page: a kind sentence with its clause, on the page it came from."""

from typing import cast
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from central.console import cookies
from central.console.access import SignedIn, SignInNeededError
from central.console.cookies import Note
from central.console.refusals import CHINESE
from central.console.render import page
from central.console.words import N_
from central.problems import Kind, ProblemError

SIGN_IN = "/console/sign-in"
SIGNED_OUT = N_("登录已过期，刚才的操作没有完成。请重新登录后再办")
_HTMX = "hx-request"
_BY_STATUS = {404: Kind.NOT_FOUND, 405: Kind.METHOD_NOT_ALLOWED, 413: Kind.TOO_LARGE}


def install(console: FastAPI) -> None:
    """Let the console answer errors with pages."""
    console.add_exception_handler(ProblemError, _problem)
    console.add_exception_handler(SignInNeededError, _sign_in)
    console.add_exception_handler(HTTPException, _http)
    console.add_exception_handler(RequestValidationError, _invalid)
    console.add_exception_handler(OperationalError, _busy)
    console.add_exception_handler(Exception, _broken)


def note_of(error: ProblemError) -> Note:
    """A problem as a sentence for who works at the console."""
    problem = error.problem
    text = problem.reason_zh or CHINESE.get(error.kind) or problem.title
    return Note(text, {}, refused=True, clause=problem.clause, english=problem.detail)


def _problem(request: Request, error: Exception) -> Response:
    """Where a form was sent from, its page again with the sentence; else a page of its own.

    For htmx the sentence alone, put into the page's notes: what was typed stays.
    """
    error = cast("ProblemError", error)
    note, user = note_of(error), _user(request)
    status = error.problem.status
    if request.headers.get(_HTMX) == "true":
        answer = page(request, user, "note.html", status, told=note)
        answer.headers["HX-Retarget"] = "#notes"
        answer.headers["HX-Reswap"] = "innerHTML"
        answer.headers["HX-Push-Url"] = "false"
        return answer
    back: str | None = getattr(request.state, "back", None)
    if back is None:
        return page(request, user, "problem.html", status, told=note)
    answer = RedirectResponse(back, 303)
    cookies.leave_note(request, answer, note)
    return answer


def _sign_in(request: Request, _error: Exception) -> Response:
    """To the sign-in, and from there back to the page that was asked for."""
    back: str | None = getattr(request.state, "back", None)
    wanted = request.url.path if request.method == "GET" else back
    target = SIGN_IN + (f"?next={quote(wanted)}" if wanted and wanted != "/console" else "")
    answer: Response = RedirectResponse(target, 303)
    if request.headers.get(_HTMX) == "true":
        answer = Response(status_code=204, headers={"HX-Redirect": target})
    if request.method == "POST":
        cookies.leave_note(request, answer, Note(SIGNED_OUT, {}, refused=True))
    return answer


def _http(request: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    return _problem(request, ProblemError(_BY_STATUS.get(error.status_code, Kind.BAD_REQUEST)))


def _invalid(request: Request, error: Exception) -> Response:
    """Names the fields, never what was in them."""
    faults = cast("RequestValidationError", error).errors()
    fields = ", ".join(str(fault["loc"][-1])[:40] for fault in faults[:8])
    return _problem(request, ProblemError(Kind.INVALID, f"Please check: {fields}."))


def _busy(request: Request, _error: Exception) -> Response:
    return _problem(request, ProblemError(Kind.BUSY))


def _broken(request: Request, _error: Exception) -> Response:
    """The guard around the centre writes down where; the framework raises it again for that."""
    return page(
        request, _user(request), "problem.html", 500, told=note_of(ProblemError(Kind.INTERNAL))
    )


def _user(request: Request) -> SignedIn | None:
    return getattr(request.state, "user", None)
