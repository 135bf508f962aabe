"""The screen of the kiosk: one window, one host, one page at a time. Importing it imports Kivy.

`screens.window.configure` must have run. The shell knows nothing of devices or of the centre: it
is given functions, shows a view, and says what was pressed.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol, TextIO

from kivy.base import EventLoop, ExceptionHandler, ExceptionManager
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from screens import fonts, tidy, touches, typeset
from screens.corners import Corners
from screens.describe import layout
from screens.heartbeat import Deed, Heartbeat
from screens.host import Host
from screens.kiosk_app import KioskApp
from screens.layouts import PAGES
from screens.layouts.page import KioskPage
from screens.theme import CANVAS_WIDTH, Theme
from screens.theme_kv import theme
from screens.view import Dialog as DialogView
from screens.view import Say, View
from screens.widgets import Dialog

TICKS_PER_S = 10
FRAMES_PER_S = 20

HOME = "home"
BUILD_EVERY_S = 0.1
"""Between two pages built after the first is shown: the window's own events come in between."""

SWEEP_AFTER_S = 1.0

HOPELESS = 5
HOPELESS_S = 10.0
"""More failures than this in so many seconds: the program begins anew."""


Glass = tuple[int, int, bytes]
"""What is on the screen: so wide, so high, and its R, G, B, A bytes from the bottom row."""

Frame = tuple[int, memoryview, int, int]
"""A frame of a camera: its number, its R, G, B, A pixels from the top row, width, height."""


class Mind(Protocol):
    """What a screen shows and tells: the kiosk behind it."""

    def view(self) -> View:
        """What is to be shown now."""
        ...

    def say(self, said: Say) -> None:
        """Something was pressed."""
        ...

    def tick(self) -> None:
        """Time passed; ten times a second."""
        ...

    def touched(self) -> None:
        """A finger is on the glass."""
        ...

    def frame(self, name: str) -> Frame | None:
        """The newest frame of a camera."""
        ...

    def watch(self, name: str) -> None:
        """Run this camera and no other."""
        ...

    def failed(self, page: str, error: BaseException) -> None:
        """A page raised: it neither ends the kiosk nor vanishes."""
        ...

    def renewed(self, what: str) -> None:
        """Touches did not arrive, and this was renewed: provider or window."""
        ...

    def restart(self, why: str) -> None:
        """Nothing here helps any more: the program is to begin anew."""
        ...


class Shell(KioskApp):
    """Shows what its `mind` says, and tells it what was pressed.

    `mind` is set before `run`; `cache` is a folder for the fonts made on the first start. After
    `run`, `hopeless` tells that pages went on failing.
    """

    mind: Mind

    def __init__(self, cache: Path) -> None:
        super().__init__()
        self._cache = cache
        self._pages: dict[str, KioskPage] = {}
        self._shown: View | None = None
        self._seq = -1
        self._described: TextIO | None = None
        self._count, self._row = 0, dict[str, object]()
        self._broken: list[float] = []
        self._settled = False
        self.hopeless = False
        self._own_touch: touches.OwnTouch | None = None

    def build(self) -> Widget:
        """The home page; the others follow while it is looked at."""
        theme.apply(Theme(scale=Window.width / CANVAS_WIDTH))
        typeset.use(fonts.prepare(self._cache))
        self.host = Host()
        self.host.bind(on_said=lambda _host, said: self.mind.say(said))
        self._page(HOME)
        return self.host

    def on_start(self) -> None:
        """Show the first page, and let time pass."""
        super().on_start()
        ExceptionManager.add_handler(_Handler(self._broke))
        EventLoop.bind(on_start=lambda _loop: touches.check())  # they are started after this
        self._own_touch = touches.OwnTouch.over(os.environ.get("DISPLAY", ""))
        self._heartbeat = Heartbeat(Clock.time)
        self._corners = Corners(Clock.time)
        Window.bind(on_touch_down=self._touched, on_touch_up=self._let_go)
        self._every(1 / TICKS_PER_S, self._time)
        self._every(1 / FRAMES_PER_S, self._picture)
        self._every(BUILD_EVERY_S, self._build_next)
        self.paint()

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` made on the main thread; any thread may ask."""
        Clock.schedule_once(lambda _dt: call(), 0)

    def paint(self) -> None:
        """Show the present view, if it is another one than is shown."""
        if not self._pages:
            return
        view, before = self.mind.view(), self._shown
        if view == before:
            return
        self._shown = view
        if before is None or view.large != before.large:
            theme.apply(Theme(scale=Window.width / CANVAS_WIDTH, large=view.large))
        page = self._page(view.screen)
        self.host.show(page)
        if before is None or view.step != before.step:
            self.host.gate.close()  # a second tap must not answer the next question
        page.fill(view)
        self._dialog(view.dialog, before.dialog if before else None)
        self.mind.watch(view.preview)
        if before and before.known and not view.known:
            typeset.forget()
        if view.screen == HOME:
            Clock.schedule_once(lambda _dt: self._sweep(), SWEEP_AFTER_S)

    def drawn(self, call: Callable[[], None]) -> None:
        """Have `call` made on the main thread when the next picture is on the glass."""

        def flipped(_window: object) -> None:
            Window.unbind(on_flip=flipped)
            Clock.schedule_once(lambda _dt: call(), -1)  # Kivy tells of a flip before it flips

        Window.bind(on_flip=flipped)
        Window.canvas.ask_update()

    def picture(self, call: Callable[[Glass | None], None]) -> None:
        """Call back with the next picture on its way to the glass; main thread.

        None where what is shown knows anything of anybody.
        """

        def flipped(_window: object) -> None:
            Window.unbind(on_flip=flipped)
            shown = self._shown
            call(_glass() if shown is not None and not shown.known else None)

        Window.bind(on_flip=flipped)
        Window.canvas.ask_update()

    def describe_to(self, path: Path | None) -> None:
        """Append what every new picture shows to this file, a JSON object a line."""
        if path is not None:
            self._described = path.open("a", encoding="utf-8")
            Window.bind(on_flip=self._flips)

    def end(self) -> None:
        """Close the window and come back from `run`."""
        self.stop()

    def on_stop(self) -> None:
        """Let go of the description."""
        if self._own_touch:
            self._own_touch.close()
        if self._described:
            self._described.close()

    def _page(self, name: str) -> KioskPage:
        """A page, built when it is first asked for, and once."""
        if name not in self._pages:
            self._pages[name] = KioskPage(PAGES[name]())
        return self._pages[name]

    def _build_next(self) -> bool:
        """Build a page that is not there yet, one a call; False when all are."""
        missing = next((name for name in PAGES if name not in self._pages), None)
        if missing is None:
            self._sweep()
            return False
        self._page(missing)
        return True

    def _sweep(self) -> None:
        """Between two visits alone: what settles while somebody is served is never collected."""
        if not self._shown or self._shown.screen != HOME:
            return
        if not self._settled and len(self._pages) == len(PAGES):
            self._settled = True
            tidy.settle()
        else:
            tidy.sweep()

    def _dialog(self, now: DialogView | None, before: DialogView | None) -> None:
        if now is None:
            self.host.close()
            return
        same = before is not None and (before.code, before.buttons) == (now.code, now.buttons)
        if not same or self.host.dialog is None:
            self.host.open(self._made(now))
        elif isinstance(self.host.dialog, Dialog):
            self.host.dialog.title, self.host.dialog.text = now.title, now.text

    def _made(self, now: DialogView) -> Dialog:
        made = Dialog(icon="triangle-alert", title=now.title, text=now.text)
        for name, button in zip(("primary", "secondary"), now.buttons, strict=False):
            setattr(made, f"{name}_text", button.text)
            made.bind(**{f"on_{name}": lambda _made, say=button.say: self.host.say(say)})
        return made

    def _every(self, seconds: float, call: Callable[[], object]) -> None:
        """Have it done again and again until it says False, also after it raised.

        Kivy would end an interval whose call raises, before it asks any handler.
        """

        def guarded(_dt: float) -> object:
            try:
                return call()
            except Exception as error:  # noqa: BLE001 - whatever it was, time goes on
                self._broke(error)
                return None

        Clock.schedule_interval(guarded, seconds)

    def _time(self) -> None:
        self.mind.tick()
        self.paint()
        if self._own_touch and not touches.touch_going_on():
            self._try_touch(self._own_touch)

    def _touched(self, _window: object, touch: MotionEvent) -> bool:
        """A touch arrived; one of our own goes no further."""
        own = self._heartbeat.waiting and touches.is_own(touch)
        self._heartbeat.heard()
        if not own:
            self.mind.touched()
            self._corners.down(touch.uid, touch.x / Window.width, 1 - touch.y / Window.height)
        return own

    def _let_go(self, _window: object, touch: MotionEvent) -> bool:
        """A touch ended; the upper corners, held one after the other, are a way in where there is.

        Gives False: others hear of it too.
        """
        held = self._corners.up(touch.uid)
        way = self._shown.corners if self._shown else None
        if held and way is not None:
            self.post(lambda: self.mind.say(way))
        return False

    def _try_touch(self, own: touches.OwnTouch) -> None:
        """Touch, or renew what no longer hears it (docs/devices/screen.md)."""
        match self._heartbeat.due():
            case Deed.BEAT:
                if not own.beat():
                    self._heartbeat.skip()
            case Deed.PROVIDER:
                touches.renew_provider()
                self.mind.renewed(Deed.PROVIDER)
            case Deed.WINDOW:
                touches.renew_window()
                self.mind.renewed(Deed.WINDOW)
            case Deed.PROCESS:
                self.mind.restart("touch")
            case None:
                pass

    def _picture(self) -> None:
        view = self._shown
        frame = self.mind.frame(view.preview) if view and view.preview else None
        if view is None or frame is None or frame[0] == self._seq:
            return
        self._seq, rgba, width, height = frame
        self._pages[view.screen].body.frame(rgba, width, height)

    def _flips(self, *_args: object) -> None:
        """Kivy tells of a flip before it flips: the description waits for the next tick.

        Gives None: a handler that gives something true keeps Kivy from flipping at all.
        """
        Clock.schedule_once(self._describe, -1)

    def _describe(self, *_args: object) -> None:
        """Written after the flip, so that what it says is on the glass."""
        view, out = self._shown, self._described
        if view is None or out is None or out.closed:
            return
        row: dict[str, object] = {
            "step": view.step,
            "screen": view.screen,
            "dialog": view.dialog.code if view.dialog else "",
            "title": view.title,
            "language": view.language,
            "large": view.large,
            "widgets": layout(self.host, Window.height),
        }
        if row != self._row:
            self._row, self._count = row, self._count + 1
            out.write(json.dumps({"n": self._count, **row}, ensure_ascii=False) + "\n")
            out.flush()

    def _broke(self, error: BaseException) -> None:
        """Tell the mind in the next frame: what it does then may raise as well, and is seen here.

        Nothing is raised from here: Kivy would end with the exception's text, which may be a name.
        """
        page = self._shown.screen if self._shown else ""
        self._shown = None
        now = Clock.get_time()
        self._broken = [at for at in self._broken if now - at < HOPELESS_S] + [now]
        if len(self._broken) <= HOPELESS:
            self.post(lambda: self.mind.failed(page, error))
            return
        self.mind.restart("screen")
        self.hopeless = True  # a restart did not help a short time ago
        self.stop()


def _glass() -> Glass:
    width, height = Window.width, Window.height
    return width, height, glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)


class _Handler(ExceptionHandler):
    """Exceptions of touches and of the clock: told, and not the end of the kiosk."""

    def __init__(self, broke: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._broke = broke

    def handle_exception(self, exception: BaseException) -> Literal[0, 1]:  # pyright: ignore[reportIncompatibleMethodOverride] - Kivy types the base's constant
        """Tell, and go on; only the end of the program itself goes through."""
        if isinstance(exception, KeyboardInterrupt | SystemExit):
            return ExceptionManager.RAISE
        self._broke(exception)
        return ExceptionManager.PASS
