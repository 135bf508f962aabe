"""Work that is due by the clock: rows of what, how often, and the function that does it.

One thread a process; of several processes the one that holds the store's lock does the work: an
advisory lock on PostgreSQL, a lock of the folder on SQLite. A function that fails is told to the
log and asked again the next time; each must be right whenever and however often it is called.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from central.centre import Centre
from central.database import Database
from central.operation import counters
from central.operation.logs import FIELDS, where

LEADER = 0x5344  # "SD": the advisory lock of the process that does due work
TICK_S = 1.0

log = logging.getLogger("central")


@dataclass(frozen=True, slots=True)
class Due:
    """Work by its name; `function` is `module:name` and takes the centre.

    The first time is `first_s` after the process began.
    """

    name: str
    every_s: float
    function: str
    first_s: float = 0.0

    def load(self) -> Callable[[Centre], object]:
        """The function."""
        module, _, name = self.function.partition(":")
        return getattr(import_module(module), name)


ROWS = (
    Due("notices", 5, "central.notices.outbox:deliver_due"),
    Due("audit.checkpoint", 10, "central.audit.checkpoints:run_due"),
    Due("issuance", 60, "central.issuance.undoing:run_due"),
    Due("cards.lapse", 60, "central.cards.lapses:run_due"),
    Due("hsm.loading", 60, "central.hsm.loading:expire"),
    Due("phone_uploads", 30, "central.phone_uploads.service:run_due"),
    Due("fleet.rollouts", 2, "central.fleet.rollouts:run_due"),
    Due("fleet.asks", 60, "central.fleet.asks:run_due"),
    Due("fleet.keys", 3600, "central.fleet.keys:run_due"),
    Due("batches", 600, "central.batches.pick_up:run_due"),
    Due("retention", 24 * 3600, "central.retention.shredder:run_due", first_s=600),
)


class Lead:
    """Whether this process does the work: held until `close`, or until the store is lost."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder
        self._connection: Connection | None = None
        self._descriptor: int | None = None

    def held(self) -> bool:
        """Hold the lock already, or try to take it."""
        return self._advisory() if self._database.is_postgresql else self._folder_lock()

    def close(self) -> None:
        """Let another process lead."""
        if self._connection is not None:
            self._connection.invalidate()  # the session ends, and its lock
            self._connection.close()
            self._connection = None
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _advisory(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            connection = self._database.writer.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
            taken = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER})
        except SQLAlchemyError:
            self.close()
            return False
        if not taken:
            connection.close()
            return False
        self._connection = connection
        return True

    def _folder_lock(self) -> bool:
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True


class Runner:
    """The thread. `clock` gives seconds that only rise."""

    def __init__(
        self,
        centre: Centre,
        rows: tuple[Due, ...] = ROWS,
        tick_s: float = TICK_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._centre, self._tick_s, self._clock = centre, tick_s, clock
        self._work = [(row, row.load()) for row in rows]
        self._next = {row.name: clock() + row.first_s for row in rows}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="due")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with ExitStack() as stack:
            lead = Lead(self._centre.database, self._centre.folder)
            stack.callback(lead.close)
            while not self._over.wait(self._tick_s):
                if _leads(lead):
                    self.turn()

    def turn(self) -> None:
        """Do what is due now."""
        for row, function in self._work:
            now = self._clock()
            if now >= self._next[row.name] and not self._over.is_set():
                self._next[row.name] = now + row.every_s
                _run_one(row.name, function, self._centre)


def _leads(lead: Lead) -> bool:
    try:
        return lead.held()
    except Exception as error:  # noqa: BLE001 - the thread asks again: it has no one to end for
        log.error("who leads cannot be told: %s", where(error))  # noqa: TRY400 - its text
        return False


def _run_one(name: str, function: Callable[[Centre], object], centre: Centre) -> None:
    try:
        function(centre)
    except Exception as error:  # noqa: BLE001 - one row's failure never stops the others
        counters.DUE_RUNS.labels(name, "failed").inc()
        fields = {"due": name}
        log.error("%s: %s", name, where(error), extra={FIELDS: fields})  # noqa: TRY400 - its text
    else:
        counters.DUE_RUNS.labels(name, "done").inc()
