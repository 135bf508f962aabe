"""Tells the centre how the kiosk is: at every change, and when the centre wants to hear again."""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.configuration.line import Line, StatusError
from kiosk.configuration.woken import Woken
from kiosk.link import Unknown, Unreachable
from kiosk.log import Event, Log, where
from kiosk.push import Rhythm


class Reporting(Woken):
    """A thread with its own line. `told()` gives what is told, and may be called on it.

    `asked()` is called when operators ask the kiosk for something.

    `heard` counts how often the centre answered, be it that it is crowded or restarts: it is
    reachable when the number grows.
    """

    def __init__(
        self,
        line: Line,
        told: Callable[[], Mapping[str, Any]],
        log: Log,
        rhythm: Rhythm | None = None,
        asked: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__("report", line)
        self._told, self._log, self._asked = told, log, asked
        self._rhythm = rhythm or Rhythm()
        self.heard, self._failures, self._problem = 0, 0, ""

    def _run(self) -> None:
        while not self._over.is_set():
            self._news.clear()
            rest_s = self._once()
            (self._over if self._failures else self._news).wait(rest_s)

    def _once(self) -> float:
        try:
            heard = self._line.report(self._told())
        except Unreachable:
            return self._rest("unreachable")
        except Unknown as error:
            self.heard += isinstance(error, StatusError)
            return self._rest(str(error), error.after_s)
        except Exception as error:  # noqa: BLE001 - whatever it was, the kiosk goes on reporting
            kind = type(error).__name__
            self._log.write(Event.WORK_FAILED, work="report", error=kind, where=where(error))
            return self._rest()
        self.heard, self._failures, self._problem = self.heard + 1, 0, ""
        if heard.asked:
            self._asked()
        return heard.next_s + self._rhythm.spread(heard.jitter_s)

    def _rest(self, problem: str = "", told_s: float = 0.0) -> float:
        if problem not in ("", self._problem) and not self._over.is_set():
            self._problem = problem
            self._log.write(Event.CENTRE_FAILED, request="reported", problem=problem)
        self._failures += 1
        return self._rhythm.back_off(self._failures, told_s)
