"""Of a page that was left nothing of its person remains on any widget: no text, no picture."""

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from kiosk.crawl import ENGLISH, read_catalogue
from screens.shell import Mind, Shell
from screens.theme import CANVAS_WIDTH, Theme
from screens.theme_kv import theme
from screens.view import View
from screens.widgets.table import Table
from tests.screens import moments
from tests.screens.conftest import STATE, WIDTH
from tests.screens.test_every_page import Still

pytestmark = pytest.mark.timeout(300)  # hundreds of pages are shown

OF_NOBODY = {
    *("header", "place", "clock", "step", "screen", "language", "bar", "foot", "keys", "lying"),
    *("name", "say", "icon", "kind", "slot", "preview", "code", "primary", "secondary", "buttons"),
}
"""What a view has for everybody."""
PNG = ("code", "done")
PICTURES = ("texture", "png", "_frame")
LEAST = 2
SHOWN = {"text", "title", "subtitle", "lead", "value", "label", "notice", "typed", "hint", "count"}
"""The properties that stand on the screen, or are about to."""
WORDS = {word for pair in read_catalogue(ENGLISH).items() for word in pair if len(word) > 1}


def texts(thing):
    """Every text of a view, but what it has for everybody."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from texts(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            if field.name not in OF_NOBODY:
                yield from texts(getattr(thing, field.name))


def own(view):
    """The texts that are this person's: those that are no sentence of the catalogue."""
    return {text for text in texts(view) if len(text) > LEAST and text not in WORDS}


def widgets(shell):
    """Every widget of every page, those put away for later too."""
    for page in shell._pages.values():
        for widget in page.walk(restrict=True):
            yield page, widget
            if isinstance(widget, Table):
                for row in widget.spare:
                    yield from ((page, each) for each in row.walk(restrict=True))


def left(shell, personal):
    """What of these texts, and which pictures, are still on a widget."""
    for page, widget in widgets(shell):
        name = f"{type(page.body).__name__}.{type(widget).__name__}"
        for key, value in {**vars(widget), **_properties(widget)}.items():
            if key in SHOWN and any(text in str(value) for text in personal):
                yield f"{name}.{key}: {value}"
            if key in PICTURES and value and not getattr(widget, "text", ""):
                yield f"{name}.{key}"


def _properties(widget):
    return {key: getattr(widget, key) for key in widget.properties()}


@pytest.fixture(scope="module")
def shell(stage):
    made = Shell(Path(STATE.name) / "fonts")
    made.mind = cast("Mind", Still())
    stage.put(made.build())
    yield made
    theme.apply(Theme(scale=WIDTH / CANVAS_WIDTH))


def show(shell, stage, view: View):
    if view.picture:  # some of the crawler's cannot be shown
        view = replace(view, picture=moments.slip() if view.screen in PNG else moments.page())
    cast("Still", shell.mind).shown = view
    shell.paint()
    stage.frames(3)


@pytest.mark.thorough
def test_no_page_keeps_a_text_or_a_picture_of_whoever_left(shell, stage):
    every = [view for view in moments.views() if not view.large]
    home = next(view for view in every if view.step == "home" and view.dialog is None)
    once = {(view.step, bool(view.dialog)): view for view in every if view.known}
    assert len(once) > 40
    found = set()
    for view in once.values():
        show(shell, stage, view)
        personal = own(view) - own(home)
        show(shell, stage, home)
        found |= {f"{view.step}: {trace}" for trace in left(shell, personal)}
    assert not found, "\n".join(sorted(found))


def test_the_search_finds_what_is_there(shell, stage):
    """The test of the test."""
    view = next(view for view in moments.views() if view.step == "review" and not view.large)
    show(shell, stage, view)
    assert any("ReviewBody" in trace for trace in left(shell, own(view)))
