"""Touches as a panel's X driver makes them, by the XTEST extension: libX11 and libXtst.

X.Org, "XTEST Extension Library": XTestFakeMotionEvent, XTestFakeButtonEvent.
"""

import ctypes
from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

_LEFT = 1
_NOW = 0
_SAME_SCREEN = -1
_ANY_BUTTON = 0x1F00  # Button1Mask to Button5Mask

Point = tuple[int, int]


class DisplayError(Exception):
    """There is no such display, no X libraries, or it does not take XTEST events."""


class XTest:
    """A connection to a display; every call returns when the X server has processed it.

    Pixels count from the top left corner of the screen.
    """

    def __init__(self, display: str) -> None:
        try:
            self._x, self._test = _libraries()
        except OSError as error:
            raise DisplayError(f"libX11 or libXtst is missing: {error}") from error
        self._display = self._x.XOpenDisplay(display.encode())
        if not self._display:
            raise DisplayError(f"display {display} cannot be opened")
        versions = [ctypes.byref(ctypes.c_int()) for _ in range(4)]
        if not self._test.XTestQueryExtension(self._display, *versions):
            self.close()
            raise DisplayError(f"display {display} has no XTEST extension")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def size(self) -> Point:
        """Width and height of the screen."""
        screen = self._x.XDefaultScreen(self._display)
        width = self._x.XDisplayWidth(self._display, screen)
        return width, self._x.XDisplayHeight(self._display, screen)

    @contextmanager
    def alone(self) -> Generator[None]:
        """Nobody else is heard by the X server meanwhile; to be held for a millisecond."""
        self._x.XGrabServer(self._display)
        try:
            yield
        finally:
            self._x.XUngrabServer(self._display)
            self._x.XSync(self._display, False)

    def pointer(self) -> tuple[Point, bool]:
        """Where the pointer is, and whether a finger or button is down."""
        root = self._x.XDefaultRootWindow(self._display)
        ids = [ctypes.c_ulong() for _ in range(2)]
        places = [ctypes.c_int() for _ in range(4)]
        mask = ctypes.c_uint()
        out = [ctypes.byref(each) for each in (*ids, *places, mask)]
        self._x.XQueryPointer(self._display, root, *out)
        return (places[0].value, places[1].value), bool(mask.value & _ANY_BUTTON)

    def move(self, point: Point) -> None:
        """Move the pointer."""
        self._test.XTestFakeMotionEvent(self._display, _SAME_SCREEN, *point, _NOW)
        self._x.XSync(self._display, False)

    def press(self, *, down: bool) -> None:
        """Press or release where the pointer is."""
        self._test.XTestFakeButtonEvent(self._display, _LEFT, down, _NOW)
        self._x.XSync(self._display, False)

    def close(self) -> None:
        """Leave the display."""
        if self._display:
            self._x.XCloseDisplay(self._display)
            self._display = None


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    x, test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    display, number, time = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong
    x.XOpenDisplay.restype, x.XOpenDisplay.argtypes = display, [ctypes.c_char_p]
    x.XDefaultRootWindow.restype, x.XDefaultRootWindow.argtypes = ctypes.c_ulong, [display]
    x.XQueryPointer.argtypes = [display, ctypes.c_ulong, *[ctypes.c_void_p] * 7]
    for function in (x.XDefaultScreen, x.XCloseDisplay, x.XGrabServer, x.XUngrabServer):
        function.argtypes = [display]
    for function in (x.XDisplayWidth, x.XDisplayHeight, x.XSync):
        function.argtypes = [display, number]
    test.XTestQueryExtension.argtypes = [display, *[ctypes.c_void_p] * 4]
    test.XTestFakeMotionEvent.argtypes = [display, number, number, number, time]
    test.XTestFakeButtonEvent.argtypes = [display, ctypes.c_uint, number, time]
    return x, test
