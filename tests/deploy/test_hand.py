"""A finger on a real X display, watched from a second connection as xev does."""

import ctypes
import struct

import pytest

from deploy.eyes import screenshot
from deploy.hand import REPORTS_A_LINE, DisplayError, Hand
from deploy.screen import Screen

PRESS, RELEASE, MOTION = 4, 5, 6
MASK = 1 << 2 | 1 << 3 | 1 << 6  # ButtonPress, ButtonRelease, PointerMotion (X.h)


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    with Screen(tmp_path_factory.mktemp("screen"), 320, 480) as screen:
        yield screen


class Watcher:
    """Listens on the root window. XButtonEvent and XMotionEvent begin alike (Xlib.h)."""

    def __init__(self, display):
        self.x = ctypes.CDLL("libX11.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x.XOpenDisplay(display.encode()))
        self.root = ctypes.c_ulong(self.x.XDefaultRootWindow(self.display))
        self.x.XSelectInput(self.display, self.root, ctypes.c_long(MASK))
        self.x.XSync(self.display, 0)

    def events(self):
        self.x.XSync(self.display, 0)
        event = ctypes.create_string_buffer(192)
        found = []
        while self.x.XPending(self.display):
            self.x.XNextEvent(self.display, event)
            kind = struct.unpack_from("i", event)[0]
            found.append((kind, *struct.unpack_from("ii", event, 72)))
        return found

    def paint(self, colour):
        self.x.XSetWindowBackground(self.display, self.root, ctypes.c_ulong(colour))
        self.x.XClearWindow(self.display, self.root)
        self.x.XSync(self.display, 0)

    def close(self):
        self.x.XCloseDisplay(self.display)


@pytest.fixture
def watcher(screen):
    watcher = Watcher(screen.display)
    yield watcher
    watcher.close()


@pytest.fixture
def hand(screen):
    with Hand(screen.display) as hand:
        yield hand


def test_a_tap_presses_and_lets_go_where_it_should(hand, watcher):
    hand.tap(40, 300)
    assert watcher.events()[-2:] == [(PRESS, 40, 300), (RELEASE, 40, 300)]


def test_a_stroke_is_drawn_between_press_and_release(hand, watcher):
    hand.tap(5, 5)
    watcher.events()
    hand.stroke([(10, 10), (130, 10), (130, 70)])
    events = [event for event in watcher.events() if event != (MOTION, 10, 10)]
    assert events[0] == (PRESS, 10, 10)
    assert events[-1] == (RELEASE, 130, 70)
    assert {kind for kind, *_ in events[1:-1]} == {MOTION}
    assert len(events) == 2 * REPORTS_A_LINE + 2
    assert (MOTION, 130, 10) in events


def test_the_hand_knows_the_size_of_the_screen(hand):
    assert hand.size == (320, 480)


def test_a_screenshot_has_the_colours_of_the_screen(screen, watcher):
    watcher.paint(0x0B3D78)
    image = screenshot(screen.frame)
    assert image.size == (320, 480)
    assert image.getpixel((100, 200)) == (0x0B, 0x3D, 0x78)


def test_no_display_is_told():
    with pytest.raises(DisplayError, match=":4711 cannot be opened"):
        Hand(":4711")
