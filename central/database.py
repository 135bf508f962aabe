"""The centre's store: SQLite in its folder, or PostgreSQL by URL, with one writer at a time.

Many connections that write to SQLite fight for its lock and wait for most of a second; turns at one
connection, which share their commits, do not (`docs/central.md`, "Store"). On PostgreSQL a writer
takes an advisory lock instead: what is right in one turn after another on the one store is right on
the other. What was answered survives a power cut on both (`synchronous=FULL`, fsync).
"""

import enum
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

from sqlalchemy import Connection, Engine, Enum, StaticPool, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session

from central import forms, tables
from central.group_commit import GroupCommit

FILE = "centre.sqlite3"
URL = "DATABASE_URL"
"""The environment variable that names a PostgreSQL database, e.g. postgresql://user@host/name."""

WRITER = 0x5343  # "SC": the advisory lock of the one writer
_WAIT_MS = 10_000
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",  # what the shredder removes is overwritten
)


class Base(DeclarativeBase):
    """Every table of the centre. An enumeration is kept as its members' names."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        enum.Enum: Enum(enum.Enum, native_enum=False, length=32)
    }


class StoreError(Exception):
    """The data folder holds no store, or one this program cannot read; the text has the cure."""


class Database:
    """The tables under one folder, or behind `DATABASE_URL` when it is set.

    Any thread may call. `create=False` raises `StoreError` where there is no store yet, and
    `current=False` opens a store of an older form too, to bring it up to date.
    """

    def __init__(
        self, folder: Path, *, create: bool = True, current: bool = True, url: str | None = None
    ) -> None:
        url = os.environ.get(URL, "") if url is None else url
        path = folder / FILE
        if not url and not create and not path.exists():
            raise StoreError(
                f"there is no centre in {folder}: correct --data, or make one there with "
                "`python -m central migrate`"
            )
        folder.mkdir(parents=True, exist_ok=True)
        self.is_postgresql, self._closed = bool(url), False
        if url:
            self._writer, self._readers = _postgresql(url)
            self._group = None
            for engine in (self._writer, self._readers):
                event.listen(engine, "checkin", self._given_back)
        else:
            self._writer = _sqlite(path, "BEGIN IMMEDIATE", only_read=False)
            self._readers = _sqlite(path, "BEGIN", only_read=True)
            self._group = GroupCommit(self._writer)
        try:
            self._prepare(current=current)
        except BaseException:  # whatever it was: no connection is left open behind it
            self.close()
            raise

    @property
    def writer(self) -> Engine:
        """The engine that may write, for who changes the form of the tables."""
        return self._writer

    @contextmanager
    def read(self) -> Generator[Session]:
        """One consistent look; nothing can be written through it."""
        with Session(self._readers, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def write(self) -> Generator[Session]:
        """The writer's turn: one transaction, durable when the block ends, gone if it raises.

        Nothing slow belongs in the block, and no second turn. On SQLite several turns may share
        one commit: a block that raises takes back its own changes alone; when the commit fails,
        every turn that shared it raises.
        """
        if self._group is not None:
            with self._group.turn() as session:
                yield session
            return
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER})
            yield session

    def close(self) -> None:
        """Give every connection back, also what a thread still uses, when it has done."""
        self._closed = True
        self._readers.dispose()
        if self._group is not None:
            self._group.close()
        self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _given_back(self, raw: DBAPIConnection | None, _record: object) -> None:
        """A pool that was disposed of would keep open whatever is given back to it later."""
        if self._closed and raw is not None:
            raw.close()

    def _prepare(self, *, current: bool) -> None:
        """Make the tables of a new store; a store of another form is refused with the cure."""
        tables.load()
        with self._writer.begin() as connection:
            if self.is_postgresql:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER})
            found = forms.found(connection)
            if found is None:
                Base.metadata.create_all(connection)
                forms.stamp(connection)
            elif current and found != forms.head():
                raise StoreError(
                    f"the store has form {found}, this program works with {forms.head()}: "
                    "run `python -m central migrate`, or use the newer program"
                )


def _postgresql(url: str) -> tuple[Engine, Engine]:
    """A writer's and a reader's engine; a server that went away is noticed before a use."""
    driver = make_url(url).set(drivername="postgresql+psycopg")
    options = f"-c lock_timeout={_WAIT_MS} -c statement_timeout={3 * _WAIT_MS}"
    options += f" -c idle_in_transaction_session_timeout={3 * _WAIT_MS}"  # a frozen worker's turn

    def engine(isolation: str, *, only_read: bool) -> Engine:
        return create_engine(
            driver,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=40,
            isolation_level=isolation,
            connect_args={"options": options, "connect_timeout": 10},
            execution_options={"postgresql_readonly": only_read},
        )

    return engine("READ COMMITTED", only_read=False), engine("REPEATABLE READ", only_read=True)


def _sqlite(path: Path, begin: str, *, only_read: bool) -> Engine:
    """Connections that begin as told; `sqlite3`'s own way begins too late to take the lock."""
    url = f"sqlite:///{path}"
    arguments = {"timeout": _WAIT_MS / 1000, "check_same_thread": False}
    # An error of the store never shows the values it was given.
    if only_read:
        engine = create_engine(
            url, connect_args=arguments, hide_parameters=True, pool_size=10, max_overflow=40
        )
    else:
        engine = create_engine(
            url, connect_args=arguments, hide_parameters=True, poolclass=StaticPool
        )

    def connected(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        for pragma in (*_PRAGMAS, "query_only=ON") if only_read else _PRAGMAS:
            raw.execute(f"PRAGMA {pragma}").close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine
