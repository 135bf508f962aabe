"""The console's cookies: the session's, the language's, and a note for the next page.

Behind TLS the session's has the prefix `__Host-`: no neighbour of the same domain can set it.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass

from fastapi import Request, Response

from central.console.words import LANGUAGES, ZH

LANGUAGE = "console_language"
NOTE = "console_note"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence the next page shows, in Chinese with its parameters; `refused` tells its colour.

    `english` stands in where the sentence has no translation.
    """

    text: str
    parameters: dict[str, str]
    refused: bool = False
    clause: str | None = None
    english: str | None = None


def is_tls(request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to the proxy we trust."""
    return request.url.scheme == "https"


def session_name(request: Request) -> str:
    """The name of the session's cookie."""
    return "__Host-console" if is_tls(request) else "console"


def session_token(request: Request) -> str:
    """The browser's random value; one is made for a browser that has none.

    It is that of a session once somebody signed in, and ties forms to the browser before.
    """
    token = request.cookies.get(session_name(request)) or getattr(request.state, "token", None)
    request.state.token = token or secrets.token_urlsafe(32)
    return request.state.token


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its value; it forgets it when it is closed."""
    _set(request, response, session_name(request), token)


def set_language(request: Request, response: Response, language: str) -> None:
    """Remember the language."""
    _set(request, response, LANGUAGE, language, _YEAR)


def chosen_language(request: Request) -> str:
    """The language the browser asked for last; Chinese at first."""
    language = request.cookies.get(LANGUAGE, ZH)
    return language if language in LANGUAGES else ZH


def leave_note(request: Request, response: Response, note: Note) -> None:
    """Let the next page of this browser show a sentence."""
    text = urlsafe_b64encode(json.dumps(asdict(note)).encode()).decode()
    _set(request, response, NOTE, f"{text}.{proof(session_token(request), text)}", 60)


def read_note(request: Request) -> Note | None:
    """The sentence the page before left; who shows it calls `drop_note`."""
    text, _, told = request.cookies.get(NOTE, "").rpartition(".")
    if not hmac.compare_digest(told.encode(), proof(session_token(request), text).encode()):
        return None
    return Note(**json.loads(urlsafe_b64decode(text)))


def drop_note(request: Request, response: Response) -> None:
    """A note is shown once."""
    if NOTE in request.cookies:
        response.delete_cookie(NOTE, path="/")


def proof(token: str, text: str) -> str:
    """What only who knows the browser's random value can make of a text."""
    return hmac.digest(token.encode(), text.encode(), "sha256").hex()


def _set(
    request: Request, response: Response, name: str, value: str, seconds: int | None = None
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=is_tls(request),
        httponly=True,
        samesite="strict",
    )
