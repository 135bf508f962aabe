"""A finger: real X events by the XTEST extension, as a touch panel's X driver makes them.

Libraries: libX11, libXtst (X.Org, "XTEST Extension Library", XTestFakeMotionEvent and
XTestFakeButtonEvent).
"""

import ctypes
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

_LEFT = 1
_NOW = 0
_SAME_SCREEN = -1

REPORT_S = 0.015
"""Seconds between two reports of a touch panel; a finger is never faster than its panel."""

HELD_S = 0.06
"""Seconds a finger stays when it taps."""

REPORTS_A_LINE = 6

Point = tuple[int, int]


class DisplayError(Exception):
    """There is no such display, or it does not take XTEST events."""


class Hand:
    """Taps and strokes on a display, in its pixels from the top left corner.

    Every call returns when the X server has processed it.
    """

    def __init__(self, display: str) -> None:
        self._x, self._test = _libraries()
        self._display = self._x.XOpenDisplay(display.encode())
        if not self._display:
            raise DisplayError(f"display {display} cannot be opened")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the screen."""
        screen = self._x.XDefaultScreen(self._display)
        width = self._x.XDisplayWidth(self._display, screen)
        return width, self._x.XDisplayHeight(self._display, screen)

    def tap(self, x: int, y: int) -> None:
        """Touch a point and let go."""
        self._move((x, y))
        self._button(down=True)
        time.sleep(HELD_S)
        self._button(down=False)

    def stroke(self, points: Sequence[Point]) -> None:
        """Touch the first point, draw straight lines through the others, let go at the last."""
        self._move(points[0])
        self._button(down=True)
        for begin, end in pairwise(points):
            for report in range(1, REPORTS_A_LINE + 1):
                part = report / REPORTS_A_LINE
                x, y = (round(a + (b - a) * part) for a, b in zip(begin, end, strict=True))
                time.sleep(REPORT_S)
                self._move((x, y))
        self._button(down=False)

    def close(self) -> None:
        """Leave the display."""
        if self._display:
            self._x.XCloseDisplay(self._display)
            self._display = None

    def _move(self, point: Point) -> None:
        self._test.XTestFakeMotionEvent(self._display, _SAME_SCREEN, *point, _NOW)
        self._x.XSync(self._display, False)

    def _button(self, *, down: bool) -> None:
        self._test.XTestFakeButtonEvent(self._display, _LEFT, down, _NOW)
        self._x.XSync(self._display, False)


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    x, test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    display, number, time = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong
    x.XOpenDisplay.restype, x.XOpenDisplay.argtypes = display, [ctypes.c_char_p]
    for function in (x.XDefaultScreen, x.XCloseDisplay):
        function.argtypes = [display]
    for function in (x.XDisplayWidth, x.XDisplayHeight, x.XSync):
        function.argtypes = [display, number]
    test.XTestFakeMotionEvent.argtypes = [display, number, number, number, time]
    test.XTestFakeButtonEvent.argtypes = [display, ctypes.c_uint, number, time]
    return x, test
