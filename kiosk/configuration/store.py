"""The configurations a kiosk keeps: three good ones, one to be tried, and which were bad.

Each is a file of its own, written whole before `state.json` names it, so that a kiosk that is
killed at any moment has the old or the new one. A file that is not what was written is not used.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kiosk import whole_file

GOOD_ONES = 3
BAD_ONES = 32
"""So many bad ones are remembered: an older one is never offered again."""
STATE = "state.json"


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a configuration failed, and why, in one word each."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """What is kept, by revision: the good ones, newest first; 0 where nothing waits or is tried."""

    committed: tuple[int, ...] = ()
    staged: int = 0
    trying: int = 0
    digests: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    bad: Mapping[int, Failure] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def serving(self) -> int:
        """The revision in force; 0 for the kiosk's own file alone."""
        return self.trying or next(iter(self.committed), 0)

    @property
    def seen(self) -> int:
        """The newest revision that needs no fetching: it is kept, or was bad."""
        return max(self.staged, self.trying, *self.committed, *self.bad, 0)


class Store:
    """The configurations in a folder, made when it is missing. Any thread; raises OSError.

    `behind`: the disk did not take down what is forgotten or bad; `catch_up` tries again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock, self.behind = folder, threading.Lock(), False
        folder.mkdir(parents=True, exist_ok=True)
        self.state = _read(folder / STATE)

    def stage(self, revision: int, data: bytes) -> None:
        """Keep a document to be tried between two citizens, in the place of one that waits."""
        with self._lock:
            whole_file.put(self._folder / _name(revision), data)
            digests = {**self.state.digests, revision: hashlib.sha256(data).hexdigest()}
            self._set(replace(self.state, staged=revision, digests=digests))

    def begin(self, revision: int) -> bool:
        """What waits is tried now; a kiosk that ends meanwhile does not try it again.

        False where another one waits by now.
        """
        with self._lock:
            if self.state.staged != revision != self.state.trying:
                return False
            self._set(replace(self.state, staged=0, trying=revision))
            return True

    def put_off(self) -> None:
        """What was to be tried waits again."""
        with self._lock:
            waits = self.state.staged or self.state.trying
            self._set(replace(self.state, staged=waits, trying=0))

    def commit(self) -> None:
        """What is tried is good."""
        with self._lock:
            good = (self.state.trying, *self.state.committed)[:GOOD_ONES]
            self._set(replace(self.state, trying=0, committed=good))

    def take(self, revision: int) -> bool:
        """What waits is good without a trial; whatever is tried meanwhile is over.

        False where another one waits by now.
        """
        with self._lock:
            if self.state.staged != revision:
                return False
            good = (revision, *self.state.committed)[:GOOD_ONES]
            self._set(replace(self.state, staged=0, trying=0, committed=good))
            return True

    def fail(self, revision: int, why: Failure) -> None:
        """A document is bad and never tried again, whether or not the disk takes it down."""
        with self._lock:
            bad = dict(sorted({**self.state.bad, revision: why}.items())[-BAD_ONES:])
            self._forget(revision, replace(self.state, bad=bad))

    def drop(self, revision: int) -> None:
        """Forget a document for a reason that is not its own: it may be fetched again.

        Its file goes first. That needs no room and makes some, and where the state still says that
        it is tried, it says after a restart that it was not bad.
        """
        with self._lock:
            try:
                whole_file.remove(self._folder / _name(revision))
            finally:
                self._forget(revision, self.state)

    def catch_up(self) -> None:
        """Write down what the disk did not take before."""
        with self._lock:
            if self.behind:
                self._set(self.state)

    def interrupted(self) -> int:
        """At start: what was being tried when the kiosk ended, now bad; 0 for nothing.

        Nothing too where it had been dropped already, and the disk was too full to say so.
        """
        revision = self.state.trying
        if revision and not (self._folder / _name(revision)).exists():
            self.drop(revision)
            return 0
        if revision:
            self.fail(revision, Failure("probation", "restarted"))
        return revision

    def document(self, revision: int) -> bytes | None:
        """A document that is kept; None where it is not there, or not what was written."""
        try:
            data = (self._folder / _name(revision)).read_bytes()
        except OSError:
            return None
        whole = hashlib.sha256(data).hexdigest() == self.state.digests.get(revision)
        return data if whole else None

    def _forget(self, revision: int, state: State) -> None:
        staged, trying = (0 if each == revision else each for each in (state.staged, state.trying))
        good = tuple(each for each in state.committed if each != revision)
        state = replace(state, staged=staged, trying=trying, committed=good)
        try:
            self._set(state)
        except OSError:
            self.state, self.behind = state, True
            raise

    def _set(self, state: State) -> None:
        """Write down a state, then remove the documents nothing names any more."""
        named = {state.staged, state.trying, *state.committed}
        digests = {each: hash_ for each, hash_ in state.digests.items() if each in named}
        state = replace(state, digests=MappingProxyType(digests))
        whole_file.put_json(self._folder / STATE, _told(state))
        self.state, self.behind = state, False
        for path in self._folder.glob("*.json*"):
            if path.name not in {STATE, *map(_name, named)}:
                path.unlink(missing_ok=True)


def _name(revision: int) -> str:
    return f"{revision}.json"


def _told(state: State) -> dict[str, Any]:
    return {
        "committed": list(state.committed),
        "staged": state.staged,
        "trying": state.trying,
        "digests": {str(each): digest for each, digest in state.digests.items()},
        "bad": {str(each): [why.step, why.reason] for each, why in state.bad.items()},
    }


def _read(path: Path) -> State:
    """What was written; nothing where nothing is, or it cannot be read: all is fetched again."""
    try:
        told: Any = json.loads(path.read_bytes())
        return State(
            tuple(int(each) for each in told["committed"]),
            int(told["staged"]),
            int(told["trying"]),
            {int(each): str(digest) for each, digest in told["digests"].items()},
            {int(each): Failure(*map(str, why)) for each, why in told["bad"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State()
