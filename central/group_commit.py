"""Turns at one connection that share their commits.

A durable commit costs one flush of the disk, whoever waits for it. So a turn that ends while
others wait leaves its transaction open for the next one, and the last of a group, or the
`MOST`th, commits for all; nobody's turn is over before that commit (`docs/benchmarks.md`).
"""

import sqlite3
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from central.operation.counters import GROUP_TURNS, TURN_WAIT

MOST = 64
"""Turns of one commit."""


class _Group:
    """The turns of one transaction."""

    def __init__(self) -> None:
        self.turns = 0
        self._over = threading.Event()
        self._error: SQLAlchemyError | None = None

    def end(self, error: SQLAlchemyError | None) -> None:
        """Tell every turn that waits: the commit came about, or this is why not."""
        self._error = error
        self._over.set()

    def wait(self) -> None:
        """Return when the turns are durable; raise what the commit raised."""
        self._over.wait()
        if self._error is not None:
            raise self._error


class GroupCommit:
    """Gives sessions at an engine's one connection, one after another, from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._waiting = 0
        self._count = threading.Lock()
        self._connection: Connection | None = None
        self._group: _Group | None = None

    @contextmanager
    def turn(self) -> Generator[Session]:
        """One turn: a savepoint of its own, released when the block ends, gone if it raises."""
        start = time.monotonic()
        self._wait(1)
        try:
            self._turn.acquire()
        finally:
            self._wait(-1)
        TURN_WAIT.observe(time.monotonic() - start)
        try:
            connection, group = self._open()
            try:
                with (
                    Session(
                        connection,
                        expire_on_commit=False,
                        join_transaction_mode="create_savepoint",
                    ) as session,
                    session.begin(),
                ):
                    yield session
            finally:
                group.turns += 1
                if self._waiting == 0 or group.turns >= MOST or _is_lost(connection):
                    self._commit(connection, group)
        finally:
            self._turn.release()
        group.wait()

    def close(self) -> None:
        """Give the connection back; no turn may be on its way."""
        if self._connection is not None:
            self._connection.close()

    def _wait(self, one: int) -> None:
        with self._count:
            self._waiting += one

    def _open(self) -> tuple[Connection, _Group]:
        """Enter the open group, or begin one; whoever waits sees to it that it ends."""
        if self._connection is None or self._connection.closed:
            self._connection = self._engine.connect()
        if self._group is None:
            try:
                self._connection.begin()
            except SQLAlchemyError:
                self._connection.close()
                raise
            self._group = _Group()
        return self._connection, self._group

    def _commit(self, connection: Connection, group: _Group) -> None:
        self._group = None
        GROUP_TURNS.observe(group.turns)
        try:
            if _is_lost(connection):
                raise OperationalError("COMMIT", None, sqlite3.OperationalError("rolled back"))
            connection.commit()
        except SQLAlchemyError as error:
            connection.close()  # rolls back; the next group has a fresh start
            group.end(error)
        else:
            group.end(None)


def _is_lost(connection: Connection) -> bool:
    """Whether SQLite took the whole transaction back, the turns before too, and ended it.

    It does so when the disk is full or fails (sqlite.org/lang_transaction.html, 2.3), and a COMMIT
    would then say that all is well.
    """
    raw = connection.connection.dbapi_connection
    return not (isinstance(raw, sqlite3.Connection) and raw.in_transaction)
