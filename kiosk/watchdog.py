"""A main thread that no longer answers: noticed by a thread of its own, at the last by the system.

The screen is frozen when the main thread does not come round (docs/devices/screen.md).
"""

import faulthandler
import threading
from collections.abc import Callable

LOOK_S = 1.0
PATIENCE_LOOKS = 5
"""Looks in a row without a sign of life; a process that was stopped as a whole makes no looks."""
START_LOOKS = 60
"""The same before the first sign of life: a slow machine makes fonts and pages then."""
LAST_RESORT_S = 15.0
"""When even this thread gets no turn the process ends by itself, for its supervisor to restart."""


class Watchdog:
    """Calls `frozen` on its own thread when `alive` was not called for about five seconds.

    Before it is called for the first time, a minute.
    """

    def __init__(self, frozen: Callable[[], None], look_s: float = LOOK_S) -> None:
        self._frozen = frozen
        self._look_s = look_s
        self._alive = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def alive(self) -> None:
        """The main thread comes round."""
        self._alive = True

    def stop(self) -> None:
        """Watch no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        silent, patience = 0, START_LOOKS
        while not self._ended.wait(self._look_s):
            # a thread in C, so it works even while somebody holds the interpreter's lock
            faulthandler.dump_traceback_later(LAST_RESORT_S, exit=True)
            if self._alive:
                silent, patience = 0, PATIENCE_LOOKS
            else:
                silent += 1
            self._alive = False
            if silent >= patience:
                silent = 0
                self._frozen()
        faulthandler.cancel_dump_traceback_later()
