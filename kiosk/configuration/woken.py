"""A thread with a line to the centre of its own, that acts when it is told that there is news."""

import threading
from abc import ABC, abstractmethod

from kiosk.configuration.line import Line


class Woken(ABC):
    """Whoever `_run`s in it waits for `_news`, and ends when it is `_over`."""

    def __init__(self, name: str, line: Line) -> None:
        self._line = line
        self._news, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def tell(self) -> None:
        """There is news; any thread."""
        self._news.set()

    def close(self, timeout_s: float = 5.0) -> None:
        """End; what is being asked is ended too."""
        self._over.set()
        self._news.set()
        self._line.hang_up()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    @abstractmethod
    def _run(self) -> None:
        """What the thread does."""
