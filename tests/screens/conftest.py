"""A real Kivy window without a display: SDL's offscreen driver draws with the same Mesa.

The window opens when this file is imported, so that tests import widgets as any module does.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screens.window import configure

WIDTH, HEIGHT = 540, 960
STATE = tempfile.TemporaryDirectory(prefix="screens-")


def _open_window() -> None:
    before = os.environ.copy()
    configure(WIDTH, HEIGHT, Path(STATE.name), fullscreen=False)
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    import kivy.core.window  # noqa: F401, PLC0415  opens the window

    os.environ.clear()  # a kiosk started by another test opens a window of its own kind
    os.environ.update(before)


_open_window()

from kivy.base import EventLoop, runTouchApp  # noqa: E402  after the window
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels  # noqa: E402
from kivy.tests.common import UnitTestTouch  # noqa: E402

from screens import fonts, tidy, typeset  # noqa: E402
from screens.theme import Theme  # noqa: E402
from screens.theme_kv import theme  # noqa: E402


class Stage:
    """The window, one widget on it, and a finger."""

    def __init__(self) -> None:

        self.window = Window
        runTouchApp(embedded=True)
        self.idle = EventLoop.idle

    def put(self, widget):
        """Show `widget` alone, laid out; answers it."""
        for shown in self.window.children[:]:
            self.window.remove_widget(shown)
        self.window.add_widget(widget)
        self.frames()
        return widget

    def frames(self, count: int = 4) -> None:
        for _ in range(count):
            self.idle()

    def tap(self, widget) -> None:
        self.down(*widget.center).release(*widget.center)

    def down(self, x: float, y: float) -> "Finger":
        return Finger(x, y)

    def pixels(self):
        """Rows of the picture, the bottom row first, each pixel (r, g, b, a)."""

        self.window.dispatch("on_draw")
        wide, high = self.window.size
        data = glReadPixels(0, 0, wide, high, GL_RGBA, GL_UNSIGNED_BYTE)
        return lambda x, y: tuple(data[(int(y) * wide + int(x)) * 4 :][:4])


class Finger:
    """A touch that is down."""

    def __init__(self, x: float, y: float) -> None:

        self.touch = UnitTestTouch(x, y)
        self.touch.touch_down()

    def move(self, x: float, y: float) -> "Finger":
        self.touch.touch_move(x, y)
        return self

    def release(self, x: float, y: float) -> None:
        self.touch.move({"x": x / WIDTH, "y": y / HEIGHT})
        self.touch.touch_up()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:

    typeset.use(fonts.prepare(Path(STATE.name) / "fonts"))
    theme.apply(Theme(scale=WIDTH / 1080))
    made = Stage()
    Clock._max_fps = 0  # no test waits for the next frame of a screen that nobody sees
    tidy.settle()  # as the shell does when its pages stand: the tests are no garbage
    yield made
    made.window.close()
    STATE.cleanup()


@pytest.fixture
def heard() -> Callable:
    """`heard(widget, "on_key")` answers the list of what the event says from now on."""

    def listen(widget, event: str) -> list:
        said: list = []
        widget.bind(**{event: lambda _widget, *args: said.append(args[0] if args else None)})
        return said

    return listen
