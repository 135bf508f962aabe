"""The one way touches come in: checked, tried by a touch of our own, renewed when it died."""

import time

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.core.window.window_sdl2 import SDL2MotionEventProvider
from kivy.input.motionevent import MotionEvent
from kivy.input.provider import MotionEventProvider
from kivy.input.providers.mouse import MouseMotionEventProvider

from screens.xtest import DisplayError, XTest

PROVIDER = ("mouse", "disable_multitouch")
STUCK_S = 30.0
"""So long a finger may stay where it is; nobody writes a stroke of half a minute."""
CORNER_PX = 2
"""The square in the bottom left corner that our own touches go to; nothing can be pressed there."""
OFF_GLASS = -1.0
"""Where a touch is taken that we end ourselves, in widths and heights of the window."""


class InputError(Exception):
    """There is not exactly one way for touches: they would come twice, or not at all."""


def providers() -> list[MotionEventProvider]:
    """The live providers: SDL's own is there too, but is fed on phones only."""
    rows: list[MotionEventProvider] = EventLoop.input_providers
    return [row for row in rows if not isinstance(row, SDL2MotionEventProvider)]


def check() -> None:
    """Raise InputError unless exactly one provider is live, the mouse of SDL."""
    names = [type(row).__name__ for row in providers()]
    if names != [MouseMotionEventProvider.__name__]:
        found = ", ".join(names) or "none"
        raise InputError(f"touches must come in one way, the mouse of SDL; there are: {found}")


def renew_provider() -> None:
    """Put a fresh provider in the place of all that are there; touches under way are ended.

    They end off the glass: what no finger let go of is not pressed.
    """
    for row in providers():
        row.stop()
        EventLoop.remove_input_provider(row)
    for touch in [row for row in EventLoop.touches if row.is_touch]:
        touch.sx = touch.sy = OFF_GLASS
        EventLoop.post_dispatch_input("end", touch)
    fresh = MouseMotionEventProvider(*PROVIDER)
    EventLoop.add_input_provider(fresh)
    fresh.start()


def renew_window() -> None:
    """Take the window off the screen and put it back on top: X registers its events anew."""
    Window.hide()
    Window.show()
    Window.raise_window()


def touch_going_on() -> bool:
    """Whether a finger is on the glass; a pointer that only hovers is none.

    One that stays for ever is a panel that never told of its end: it is tried like no touch.
    """
    began = time.time() - STUCK_S  # the clock a touch is stamped with
    return any(row.is_touch and row.time_start > began for row in EventLoop.touches)


class OwnTouch:
    """A touch of our own through the X server: into the corner and out again.

    Only for a window that covers its whole screen; elsewhere it would touch another program.
    """

    def __init__(self, display: str) -> None:
        self._x = XTest(display)

    @classmethod
    def over(cls, display: str) -> "OwnTouch | None":
        """One for this display; None where there is no X, or the window does not cover it."""
        try:
            made = cls(display)
        except DisplayError:
            return None
        if made._x.size != tuple(Window.size):
            made.close()
            return None
        return made

    def beat(self) -> bool:
        """Touch the corner, and put the pointer back; False, and nothing done, under a finger."""
        with self._x.alone():
            before, pressed = self._x.pointer()
            if pressed:
                return False
            self._x.move((0, self._x.size[1] - 1))
            self._x.press(down=True)
            self._x.press(down=False)
            self._x.move(before)
        return True

    def close(self) -> None:
        """Leave the display."""
        self._x.close()


def is_own(touch: MotionEvent) -> bool:
    """Whether a touch is in the corner where ours go."""
    return touch.x < CORNER_PX and touch.y < CORNER_PX
