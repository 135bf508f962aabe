"""A picture of the screen for who asks afar: what is on the glass, and never of a page that knows anybody."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from screens.shell import Mind, Shell
from screens.view import View
from tests.screens.conftest import HEIGHT, STATE, WIDTH

PAGE = View("notice", "closed", "一体机", "渝北区", "", "本机暂停服务")


class Still:
    """Shows one view."""

    shown = PAGE

    def view(self) -> View:
        return self.shown

    def watch(self, _name: str) -> None:
        """No camera."""


@pytest.fixture(scope="module")
def shell(stage):
    made = Shell(Path(STATE.name) / "fonts")
    made.mind = cast("Mind", Still())
    stage.put(made.build())
    return made


def taken(stage, shell, view):
    shell.mind.shown = view
    shell.paint()
    came = []
    shell.picture(came.append)
    stage.frames(3)
    (glass,) = came
    return glass


def test_the_picture_is_what_is_on_the_glass_and_comes_once(stage, shell):
    wide, high, pixels = taken(stage, shell, PAGE)
    assert (wide, high) == (WIDTH, HEIGHT)
    assert len(pixels) == WIDTH * HEIGHT * 4
    assert len(set(pixels[::4])) > 10  # text on a ground


def test_of_a_page_that_knows_anybody_there_is_none(stage, shell):
    assert taken(stage, shell, replace(PAGE, known=True)) is None
    assert taken(stage, shell, PAGE) is not None
