"""Waits for a new configuration: one long question after the other, on a thread of its own.

The same question without waiting is the poll, for where a proxy cuts what waits. Whatever fails
is asked again after a while that grows, at a moment of chance, so that a thousand kiosks that come
back together do not ask together (facts: balena's min(interval, 15 s * 2^n)).
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.link import Unknown, Unreachable
from kiosk.log import Event, Log, where

MOST_DOUBLED = 16
LONGEST_TOLD_S = 600.0
"""No centre sends a kiosk away for longer."""
POLLS_BEFORE_WAITING = 10
"""So many polls after a wait was cut, before it is tried to wait again."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds between questions; `chance` gives 0 to 1."""

    wait_s: float = 50.0
    """How long the centre may wait for news."""
    poll_s: float = 60.0
    first_s: float = 15.0
    """The most after the first failure; doubled with each, up to `poll_s`."""
    spread_s: float = 2.0
    """Within so long after the news all kiosks that waited fetch it."""
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def back_off(self, failures: int, told_s: float = 0.0) -> float:
        """How long to rest after so many failures in a row, 1 for the first.

        Whoever was told when to come again (`told_s`) comes then.
        """
        if told_s:
            return min(told_s, LONGEST_TOLD_S) + self.chance()
        doubled = self.first_s * 2 ** min(failures - 1, MOST_DOUBLED)
        return min(self.poll_s, doubled) * self.chance()

    def spread(self, most_s: float) -> float:
        """Some moment within so long."""
        return most_s * self.chance()


class Asked(Protocol):
    """Who is asked."""

    def desired(self, known: int, wait_s: float = 0.0) -> int | None:
        """The revision the kiosk shall have; None while it is the known one."""
        ...

    def hang_up(self) -> None:
        """End what is being waited for."""
        ...


class Taker(Protocol):
    """Who takes a new revision in."""

    def receive(self, revision: int) -> bool:
        """False where it has to be asked for again."""
        ...

    def freshen(self) -> None:
        """Nothing is new: see that what there is stays fresh."""
        ...

    def note_age(self) -> None:
        """See whether what there is has expired, whoever answers."""
        ...


class Push:
    """Asks `line` for what is newer than `seen()`, and has `taker` take it in."""

    def __init__(
        self,
        line: Asked,
        taker: Taker,
        seen: Callable[[], int],
        log: Log,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._line, self._taker, self._seen, self._log = line, taker, seen, log
        self._rhythm = rhythm or Rhythm()
        self._failures, self._polls, self._problem = 0, 0, ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="push", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def close(self, timeout_s: float = 5.0) -> None:
        """Ask no more; what waits is ended."""
        self._over.set()
        self._line.hang_up()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def once(self) -> float:
        """Ask once, and take in what is new; gives the seconds to rest before the next time."""
        wait_s = 0.0 if self._polls else self._rhythm.wait_s
        self._polls = max(0, self._polls - 1)
        began = self._rhythm.clock()
        self._taker.note_age()
        try:
            revision = self._line.desired(self._seen(), wait_s)
        except Unreachable:
            return self._rest("unreachable")
        except Unknown as error:
            self._polls = self._polls or (POLLS_BEFORE_WAITING if wait_s else 0)
            return self._rest(str(error), error.after_s)
        if revision is None and self._rhythm.clock() - began < wait_s / 2:
            self._polls = POLLS_BEFORE_WAITING  # it does not wait, whoever answers
        try:
            if revision is None:
                self._taker.freshen()
            elif not (self._took_its_turn() and self._taker.receive(revision)):
                return self._rest()
        except Unreachable:
            return self._rest("unreachable")
        except Unknown as error:
            return self._rest(str(error), error.after_s)
        self._failures, self._problem = 0, ""
        return self._rhythm.spread(self._rhythm.poll_s if self._polls else 1.0)

    def _took_its_turn(self) -> bool:
        """Wait some moment within the spread, for all heard at once; False when it is over."""
        return not self._over.wait(self._rhythm.spread(self._rhythm.spread_s))

    def _rest(self, problem: str = "", told_s: float = 0.0) -> float:
        if problem not in ("", self._problem) and not self._over.is_set():
            self._problem = problem
            self._log.write(Event.CENTRE_FAILED, request="desired", problem=problem)
        self._failures += 1
        return self._rhythm.back_off(self._failures, told_s)

    def _run(self) -> None:
        rest_s = 0.0
        while not self._over.wait(rest_s):
            try:
                rest_s = self.once()
            except Exception as error:  # noqa: BLE001 - whatever it was, the kiosk goes on asking
                kind = type(error).__name__
                self._log.write(Event.WORK_FAILED, work="push", error=kind, where=where(error))
                rest_s = self._rest()
