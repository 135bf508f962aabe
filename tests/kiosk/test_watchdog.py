"""A main thread that no longer comes round is noticed, also when it holds the interpreter."""

import subprocess
import sys
import threading

from kiosk import watchdog
from kiosk.watchdog import PATIENCE_LOOKS, Watchdog

LOOK_S = 0.02


def test_silence_is_noticed():
    frozen = threading.Event()
    dog = Watchdog(frozen.set, LOOK_S)
    dog.alive()
    dog.start()
    assert frozen.wait(PATIENCE_LOOKS * LOOK_S * 50)
    dog.stop()


def test_a_slow_start_is_not_a_frozen_screen(monkeypatch):
    monkeypatch.setattr(watchdog, "START_LOOKS", 15)
    frozen, looks = threading.Event(), []
    dog = Watchdog(frozen.set, LOOK_S)
    monkeypatch.setattr(
        watchdog.faulthandler, "dump_traceback_later", lambda *_, **__: looks.append(1)
    )
    dog.start()
    assert frozen.wait(15 * LOOK_S * 50)
    dog.stop()
    assert len(looks) >= 15


def test_a_sign_of_life_now_and_then_is_enough():
    frozen, looked = threading.Event(), threading.Event()
    dog = Watchdog(frozen.set, LOOK_S)
    dog.start()
    for _ in range(PATIENCE_LOOKS * 3):
        dog.alive()
        looked.wait(LOOK_S)
    dog.stop()
    assert not frozen.is_set()


HOLDS_THE_INTERPRETER = """
import ctypes, time
from kiosk import watchdog
watchdog.LAST_RESORT_S = 0.5
dog = watchdog.Watchdog(lambda: None, 0.05)
dog.start()
time.sleep(0.3)
ctypes.PyDLL(None).sleep(60)  # a call that keeps the interpreter's lock, as a stuck driver would
"""


def test_the_process_ends_when_even_the_watchdog_gets_no_turn():
    done = subprocess.run(
        [sys.executable, "-c", HOLDS_THE_INTERPRETER], capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert b"Timeout" in done.stderr
