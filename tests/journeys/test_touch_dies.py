"""Touch dies and the screen lives on; a handler raises; the screen freezes: it goes on by itself."""

import ctypes
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.citizen import NEW_CARD_SELF
from deploy.stage import SMALL, Stage
from tests.journeys.conftest import Person
from tests.logged import rows

STEPS = [at.step for at in NEW_CARD_SELF]
TO_PHONE = NEW_CARD_SELF[: STEPS.index("phone")]
FAULTY = (sys.executable, str(Path(__file__).with_name("faulty_kiosk.py")))
RESTART_S = 60.0


@contextmanager
def nobody_hears(display):
    """Another program takes the pointer for itself: the X server gives touches to nobody else."""
    x = ctypes.CDLL("libX11.so.6")
    pointer, number = ctypes.c_void_p, ctypes.c_ulong
    x.XOpenDisplay.restype, x.XOpenDisplay.argtypes = pointer, [ctypes.c_char_p]
    x.XDefaultRootWindow.restype, x.XDefaultRootWindow.argtypes = number, [pointer]
    x.XGrabPointer.argtypes = [pointer, number, *[ctypes.c_int] * 4, number, number, number]
    x.XCloseDisplay.argtypes = [pointer]
    display = x.XOpenDisplay(display.encode())
    buttons, asynchronous = 0b1100, 1
    root = x.XDefaultRootWindow(display)
    taken = x.XGrabPointer(display, root, False, buttons, asynchronous, asynchronous, 0, 0, 0)
    assert taken == 0
    try:
        yield
    finally:
        x.XCloseDisplay(display)


def events(stage, name):
    return rows(stage.folder / "kiosk", name)


def until_restarted(kiosk, step):
    """The program says that it begins anew, and then shows the step."""
    end = time.monotonic() + RESTART_S
    while not any(row["what"] == "process" for row in events(kiosk.stage, "revived")):
        assert time.monotonic() < end
        time.sleep(0.05)
    kiosk.stage.eyes.forget()
    kiosk.stage.eyes.wait(lambda now: now.step == step, RESTART_S)


@pytest.mark.journey
@pytest.mark.thorough
def test_touch_that_died_is_renewed_and_the_visit_goes_on(kiosk):
    kiosk.does(TO_PHONE)
    kiosk.sees("phone")
    pid = kiosk.stage._programs["kiosk"].pid
    with nobody_hears(kiosk.stage.display):
        until_restarted(kiosk, "phone")
    assert kiosk.stage._programs["kiosk"].pid == pid
    renewed = [row["what"] for row in events(kiosk.stage, "revived")]
    assert renewed[:3] == ["provider", "window", "process"]
    kiosk.does(NEW_CARD_SELF[STEPS.index("phone") :])
    assert len(kiosk.applications()) == 1


@pytest.fixture
def faulty(tmp_path):
    with Stage(tmp_path, kiosk=FAULTY, window=SMALL) as stage:
        yield Person(stage)


@pytest.mark.journey
@pytest.mark.thorough
def test_a_touch_handler_that_raises_ends_in_a_page_with_a_way_out(faulty):
    faulty.does(TO_PHONE)
    faulty.sees("phone")
    faulty.presses("large")
    faulty.sees("take_paper", "screen_failed")
    faulty.stage.dock.remove()
    faulty.presses("dialog:primary")
    faulty.sees("home")
    (failed,) = events(faulty.stage, "screen_failed")
    assert failed["error"] == "RuntimeError"
    faulty.stage.dock.remove()
    faulty.does(NEW_CARD_SELF)  # the next citizen
    assert len(faulty.applications()) == 1


@pytest.mark.journey
@pytest.mark.thorough
def test_a_tick_that_raises_once_is_told_and_time_goes_on(faulty):
    faulty.does(TO_PHONE)
    faulty.sees("phone")
    (faulty.stage.folder / "kiosk" / "raise").touch()
    faulty.sees("take_paper", "screen_failed")
    faulty.stage.dock.remove()
    faulty.presses("dialog:primary")
    faulty.sees("home")
    assert events(faulty.stage, "revived") == []
    assert "张三" not in (faulty.stage.folder / "kiosk.log").read_text("utf-8")


@pytest.mark.journey
@pytest.mark.thorough
def test_a_frozen_screen_begins_anew_and_the_visit_goes_on(faulty):
    faulty.does(TO_PHONE)
    faulty.sees("phone")
    faulty.presses("voice")
    until_restarted(faulty, "phone")
    (revived,) = events(faulty.stage, "revived")
    assert (revived["what"], revived["why"]) == ("process", "frozen")
    faulty.does(NEW_CARD_SELF[STEPS.index("phone") :])
    assert len(faulty.applications()) == 1
