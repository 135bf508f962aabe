"""Where a configuration stands, for the log and for the centre: written down as it goes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.configuration.store import Failure, State
from kiosk.log import Event, Log

MOST_TEXT = 500
"""Characters of a reason, by the centre's API."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the newest revision came; `step` and `reason` where it failed.

    `trouble` is what is wrong beside that, and no document's fault.
    """

    state: str = "none"
    revision: int = 0
    step: str = ""
    reason: str = ""
    stale: bool = False
    trouble: Failure | None = None

    @property
    def why(self) -> tuple[str, str]:
        """Step and reason as they are told: of what failed, or else of what is wrong beside."""
        if self.step or self.trouble is None:
            return self.step, self.reason
        return self.trouble.step, self.trouble.reason


class Trace:
    """Any thread. `changed` is called for every change, on the thread that made it."""

    def __init__(self, log: Log, state: State, changed: Callable[[], None] = lambda: None) -> None:
        self._log, self._lock = log, threading.Lock()
        self.standing = _standing(state)
        self.changed = changed

    def moved(self, state: str, revision: int) -> None:
        """It came so far: received, verified, valid, staged, probation, committed."""
        with self._lock:
            before = self.standing
            again = before.state == "failed" and before.revision == revision and state == "received"
            after = replace(before, state=state, revision=revision, step="", reason="")
            if again or after == before:
                return  # it is asked for again, and has not come further yet
            self.standing = after
        self._log.write(Event.CONFIGURATION_MOVED, state=state, revision=revision)
        self.changed()

    def refused(self, revision: int, why: Failure, text: str = "") -> None:
        """It came no further; `text` names the key and the cure, where there is one."""
        reason = f"{why.reason}: {text}"[:MOST_TEXT] if text else why.reason
        with self._lock:
            before = self.standing
            self.standing = replace(
                before, state="failed", revision=revision, step=why.step, reason=reason
            )
            if self.standing == before:
                return
        self._wrote(revision, why)

    def troubled(self, revision: int, why: Failure) -> None:
        """Something is wrong that is no document's fault: the one in force stands as it stood."""
        with self._lock:
            if self.standing.trouble == why:
                return
            self.standing = replace(self.standing, trouble=why)
        self._wrote(revision, why)

    def well(self, step: str) -> None:
        """Nothing is wrong with this step, or no longer."""
        with self._lock:
            if self.standing.trouble is None or self.standing.trouble.step != step:
                return
            self.standing = replace(self.standing, trouble=None)
        self.changed()

    def aged(self, *, stale: bool) -> None:
        """Whether the metadata that are believed have expired."""
        with self._lock:
            if self.standing.stale == stale:
                return
            self.standing = replace(self.standing, stale=stale)
        self._log.write(Event.CONFIGURATION_AGED, state="stale" if stale else "fresh")
        self.changed()

    def _wrote(self, revision: int, why: Failure) -> None:
        fields = {"revision": revision, "step": why.step, "reason": why.reason}
        self._log.write(Event.CONFIGURATION_REFUSED, **fields)
        self.changed()


def _standing(state: State) -> Standing:
    """How far the newest one came before the kiosk was started."""
    revision = state.seen
    if why := state.bad.get(revision):
        return Standing("failed", revision, why.step, why.reason)
    if revision in state.committed:
        return Standing("committed", revision)
    return Standing("staged", revision) if revision else Standing()
