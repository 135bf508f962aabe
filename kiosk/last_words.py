"""What the program says when something breaks that nobody caught: its kind and place, never more.

Python prints the exception's text too, and a library's warning its own; either may hold a name.
"""

import logging
import sys
import threading
import warnings
from pathlib import Path
from types import TracebackType

from kiosk.log import where


def say_no_more() -> None:
    """Have the interpreter say no more, from now on, on any thread."""
    sys.excepthook = _of_main
    threading.excepthook = _of_thread
    sys.unraisablehook = _of_nobody
    warnings.showwarning = _of_warning
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_OfLibrary())


class _OfLibrary(logging.Formatter):
    """A library's warning: whose, and where."""

    def format(self, record: logging.LogRecord) -> str:
        """Nothing of its text, nor of its exception's."""
        return f"kiosk: {record.levelname} of {record.name} at {record.filename}:{record.lineno}"


def _of_main(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    _say("ended", error)


def _of_thread(told: "threading.ExceptHookArgs") -> None:
    _say("a thread ended", told.exc_value)


def _of_nobody(told: "sys.UnraisableHookArgs") -> None:
    _say("passed over", told.exc_value)


def _of_warning(_text: object, kind: type[Warning], file: str, line: int, *_more: object) -> None:
    if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stderr.write(f"kiosk: {kind.__name__} at {Path(file).name}:{line}\n")


def _say(what: str, error: BaseException | None) -> None:
    if error is not None and sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stderr.write(f"kiosk: {what}: {type(error).__name__} at {where(error)}\n")
