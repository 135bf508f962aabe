"""Pages: a template, who looks at it, in which language, with what the page before had to say."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse

from central.console import cookies, csrf, site
from central.console.access import SignedIn
from central.console.cookies import Note
from central.console.words import LANGUAGES, catalogue, translator
from central.users.roles import Role
from regulation.masks import mask_address, mask_card, mask_name, mask_number, mask_phone

TEMPLATES = Path(__file__).parent / "templates"


def page(
    request: Request, user: SignedIn | None, template: str, status: int = 200, **context: object
) -> Response:
    """A template as an answer, in the user's language."""
    language = user.language if user else cookies.chosen_language(request)
    text = (
        environment(language)
        .get_template(template)
        .render(
            request=request,
            user=user,
            language=language,
            languages=LANGUAGES,
            menu=site.menu(user.roles if user else frozenset[Role]()),
            note=cookies.read_note(request),
            csrf=lambda: _fields(request),
            csrf_token=csrf.token(request),
            **context,
        )
    )
    response = HTMLResponse(text, status)
    cookies.drop_note(request, response)
    if cookies.session_name(request) not in request.cookies:
        cookies.set_session(request, response, cookies.session_token(request))
    return response


def piece(language: str, template: str, **context: object) -> str:
    """A part of a page that knows nothing of who looks at it, in a language."""
    return environment(language).get_template(template).render(**context)


def go(request: Request, to: str, text: str = "", **parameters: object) -> Response:
    """To another page after a change (303), which shows a sentence: Chinese, marked by `N_`.

    `text` may hold `{names}` of parameters. The reload of that page changes nothing again.
    """
    response = RedirectResponse(to, 303)
    if text:
        told = {name: str(value) for name, value in parameters.items()}
        cookies.leave_note(request, response, Note(text, told))
    return response


def said(note: Note, language: str) -> str:
    """A note's sentence in a language."""
    text = catalogue(language).get(note.text) or (
        note.english if language != "zh_CN" and note.english else note.text
    )
    return text.format_map(note.parameters) if note.parameters else text


def when(text: str | datetime | None) -> str:
    """`2026-11-23 10:00` of an ISO 8601 time; a dash for none."""
    return str(text)[:16].replace("T", " ") if text else "—"


@cache
def environment(language: str) -> Environment:
    """Templates that speak a language; `_` translates, everything is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translate = translator(language)
    cast("Any", made).install_gettext_callables(translate, _one_or_many(translate), newstyle=True)
    filters: dict[str, Callable[..., str]] = {
        "masked_address": mask_address,
        "masked_card": mask_card,
        "masked_name": mask_name,
        "masked_number": mask_number,
        "masked_phone": mask_phone,
        "said": said,
        "when": when,
    }
    cast("Any", made).filters.update(filters)
    return made


def _one_or_many(translate: Callable[[str], str]) -> Callable[[str, str, int], str]:
    def chosen(one: str, many: str, count: int) -> str:
        return translate(one if count == 1 else many)

    return chosen


def _fields(request: Request) -> Markup:
    """The hidden fields every form has: its token, and the page it stands on."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Markup('<input type="hidden" name="{}" value="{}">' * 2).format(  # noqa: S704 - escaped
        csrf.FIELD, csrf.token(request), csrf.BACK, path
    )
