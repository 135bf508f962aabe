"""Every page in both languages and sizes: nothing is cut, covered or too small for a finger."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, cast

import pytest
from kivy.clock import Clock

from screens import theme as sizes
from screens import tidy, typeset
from screens.describe import Operable, layout
from screens.shell import Mind, Shell
from screens.text import NOT_FIRST
from screens.theme import Theme
from screens.theme_kv import theme
from screens.view import View
from screens.widgets import TextBlock
from screens.widgets.text_block import cuts_words
from tests.screens import moments
from tests.screens.conftest import HEIGHT, STATE, WIDTH

pytestmark = pytest.mark.timeout(300)  # hundreds of pages are laid out before the first test

MM = sizes.PX_PER_MM * WIDTH / sizes.CANVAS_WIDTH
ROUNDED = 1.5
"""Window pixels that rounding may cost."""

KERNED = 1.01
"""How much wider than measured a line may come out, kerned."""


class Shown(NamedTuple):
    """A view as it stands on the screen."""

    name: str
    operable: list[Operable]
    problems: list[str]


class Still:
    """Shows one view after another; nothing else is asked of it here."""

    shown: View

    def view(self) -> View:
        return self.shown

    def watch(self, _name: str) -> None:
        """No camera is needed to lay a page out."""


@pytest.fixture(scope="module")
def shell(stage):
    made = Shell(Path(STATE.name) / "fonts")
    made.mind = cast("Mind", Still())
    stage.put(made.build())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tidy, "sweep", lambda: None)  # home is shown hundreds of times
        yield made
    theme.apply(Theme(scale=WIDTH / sizes.CANVAS_WIDTH))


@pytest.fixture(scope="module")
def every_view() -> list:
    """Large ones last: each change of size sets every text of every page anew."""
    return sorted(moments.views(), key=lambda view: (view.large, view.language))


@pytest.fixture(scope="module")
def shown(shell, every_view) -> list[Shown]:
    found = [_show(shell, view) for view in every_view]
    tidy.settle()  # as the shell does when all pages stand
    return found


def _show(shell, view) -> Shown:
    shell.mind.shown = view
    shell.paint()
    for _settling in range(3):
        Clock.tick()
        Clock.tick_draw()
    size = "large" if view.large else "normal"
    over = f" under {view.dialog.code}" if view.dialog else ""
    name = f"{view.step}{over} ({view.title}, {view.language}, {size})"
    return Shown(name, layout(shell.host, HEIGHT), list(_problems(shell.host)))


def _problems(root) -> Iterator[str]:
    texts = []
    for widget, parent in _visible(root):
        if not _inside(widget, parent):
            yield f"{_called(widget)} sticks out of {_called(parent)}"
        if isinstance(widget, TextBlock) and widget.text:
            yield from _set_badly(widget)
            texts.append(widget)
    for one, other in combinations(texts, 2):
        if _overlap(one.drawn, other.drawn):
            yield f"{one.text!r} lies over {other.text!r}"


def _visible(root) -> Iterator[tuple]:
    for child in root.children:
        if child.opacity > 0 and child.width > 0 and child.height > 0:
            yield child, root
            yield from _visible(child)


def _inside(widget, parent) -> bool:
    return (
        widget.x >= parent.x - ROUNDED
        and widget.y >= parent.y - ROUNDED
        and widget.right <= parent.right + ROUNDED
        and widget.top <= parent.top + ROUNDED
    )


def _set_badly(block) -> Iterator[str]:
    wide, high = block.texture.size
    if wide > block.width * KERNED + ROUNDED or high > block.height + ROUNDED:
        yield f"{block.text!r} is cut"
    style = typeset.Style(block.set_px, block.bold, block.halign, block.rich, block.line_height)
    width = block.max_width if block.size_hint_x is None else block.width
    broken = typeset.lines(block.text, style, width)
    if block.set_px < round(theme.floor_px):
        yield f"{block.text!r} is smaller than any type may be"
    if cuts_words(block.text, broken):
        yield f"{block.text!r} has a word in two lines"
    if any(line and line[0].text[0] in NOT_FIRST for line in broken[1:]):
        yield f"a line of {block.text!r} begins with a full stop or comma"


def _overlap(one, other) -> bool:
    (x, y, w, h), (x2, y2, w2, h2) = one, other
    across = min(x + w, x2 + w2) - max(x, x2)
    up = min(y + h, y2 + h2) - max(y, y2)
    return across > ROUNDED and up > ROUNDED


def _called(widget) -> str:
    return f"{type(widget).__name__} {getattr(widget, 'text', '')!r}"


def test_nothing_is_cut_covered_or_sticks_out(shown):
    assert [(one.name, one.problems) for one in shown if one.problems] == []


def test_whatever_can_be_pressed_is_18_mm_and_in_the_window(shown):
    least = sizes.MIN_TARGET_MM * MM - ROUNDED
    small = [
        (one.name, each["name"], each["w"], each["h"])
        for one in shown
        for each in one.operable
        if min(each["w"], each["h"]) < least
        or min(each["x"], each["y"]) < 0
        or each["x"] + each["w"] > WIDTH
        or each["y"] + each["h"] > HEIGHT
    ]
    assert small == []


def test_between_two_that_can_be_pressed_are_3_mm(shown):
    least = sizes.MIN_GAP_MM * MM - ROUNDED
    near = [
        (one.name, a["name"], b["name"])
        for one in shown
        for a, b in combinations(one.operable, 2)
        if max(_gap(a, b, "x", "w"), _gap(a, b, "y", "h")) < least
    ]
    assert near == []


def _gap(one, other, start: str, length: str) -> float:
    return max(one[start], other[start]) - min(
        one[start] + one[length], other[start] + other[length]
    )


def test_each_fixed_button_keeps_its_place(shown, every_view):
    places: dict[str, set] = {}
    for one, view in zip(shown, every_view, strict=True):
        named = {button.name for button in view.foot}
        if view.primary and not view.dialog:
            named.add(view.primary.name)
        for each in one.operable:
            if each["name"] in named:
                role = "primary" if view.primary and each["name"] == view.primary.name else ""
                places.setdefault(role or each["name"], set()).add((each["x"], each["y"]))
    assert {name: len(found) for name, found in places.items()} == {
        "primary": 1,
        "back": 1,
        "home": 1,
        "help": 1,
        "large": 1,
        "language": 1,
    }


def test_large_type_and_back_leaves_a_page_as_it_was(shell, every_view):
    normal = [view for view in every_view if view.step == "review" and not view.large]
    large = [view for view in every_view if view.step == "review" and view.large]
    before, after = (_sizes(shell, normal[0], after) for after in (None, large[0]))
    assert before == after


def _sizes(shell, view, first) -> list:
    for each in (first, view) if first else (view,):
        _show(shell, each)
    return [(w.text, w.set_px) for w, _ in _visible(shell.host) if isinstance(w, TextBlock)]


def test_a_page_left_shows_nothing_of_the_person(shell, every_view):
    last = {view.step: view for view in every_view if not view.dialog}
    home = last["home"]
    for view in last.values():
        _show(shell, view)
        page = shell.host.page
        _show(shell, home)
        if page is not shell.host.page:
            kept = {getattr(w, "text", "") for w in page.body.walk(restrict=True)}
            said = {row.value for row in view.rows} - {""}
            assert not kept & said, view.step
            assert not any(_holds_a_picture(w) for w in page.body.walk(restrict=True)), view.step


def _holds_a_picture(widget) -> bool:
    name = type(widget).__name__
    return name in ("SlipPicture", "Preview", "Row") and widget.texture is not None
