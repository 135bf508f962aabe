"""A deadline for calls that block in C: when it comes, something is done to end them."""

import threading
import time
from collections.abc import Callable


class Watchdog:
    """Calls `cut` when a call that was announced with `arm` is not over in time.

    One call at a time. Its thread starts with the first one and sleeps in between: an announced
    call costs a microsecond, not a change of threads.
    """

    def __init__(self, name: str, cut: Callable[[], None]) -> None:
        self._name = name
        self._cut = cut
        self._changed = threading.Condition()  # guards all below
        self._due: float | None = None
        self._idle = False  # whether the thread sleeps without an end
        self._fired = False
        self._ended = False
        self._thread: threading.Thread | None = None

    def arm(self, within_s: float) -> None:
        """Announce a call that may take so many seconds."""
        with self._changed:
            self._fired = False
            self._due = time.monotonic() + within_s
            if self._idle:
                self._changed.notify()
        if self._thread is None:
            self._ended = False
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def disarm(self) -> bool:
        """Say that the call is over; True if it was cut."""
        with self._changed:
            self._due = None
            return self._fired

    def close(self) -> None:
        """End the thread; the next `arm` starts another one."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with self._changed:
            self._ended = True
            self._changed.notify()
        thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._ended:
                left = None if self._due is None else self._due - time.monotonic()
                if left is None or left > 0:
                    self._idle = left is None
                    self._changed.wait(left)
                    self._idle = False
                    continue
                self._due, self._fired = None, True
                self._cut()
