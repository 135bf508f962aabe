"""One thread for one device: commands are done one at a time, in order."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

Command = Callable[[threading.Event], T]
"""Runs on the worker's thread; is given the event that says "cancelled"."""


class Worker:
    """A device's thread.

    `submit` returns at once with the command's cancel event; `done` is called on the worker's
    thread with the result or the exception. A command that is cancelled before it starts is
    answered with `Cancelled`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"worker-{name}", daemon=True)
        self._thread.start()

    def submit(
        self, command: Command[T], done: Callable[[T | BaseException], None]
    ) -> threading.Event:
        """Queue a command; the event returned cancels it when set."""
        cancel = threading.Event()

        def job() -> None:
            try:
                answer: T | BaseException = Cancelled() if cancel.is_set() else command(cancel)
            except Exception as error:  # noqa: BLE001 - whatever it was, the asker must hear it
                answer = error
            done(answer)

        self._queue.put(job)
        return cancel

    def end(self) -> None:
        """End after what is queued; returns at once."""
        self._queue.put(None)

    def stop(self, timeout_s: float = 3.0) -> bool:
        """Finish what is queued and end the thread; False if it did not end in time."""
        self.end()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            job()
            del job  # what it knew of a person ends with it, not with the next one


class Cancelled(Exception):  # noqa: N818 - an answer, not an error
    """The command was cancelled before it started."""
