"""The centre's store: SQLite in WAL, one writer that takes its turn, readers beside it.

Many connections that write fight for SQLite's lock and wait for most of a second; one writer
under a lock does not (`docs/central.md`, "Store"). `synchronous=FULL`: what was answered
survives a power cut.
"""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session

FILE = "centre.sqlite3"
SCHEMA = 2
"""The form of the tables, kept in `PRAGMA user_version`; form 1 had no `key_use`."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Base(DeclarativeBase):
    """Every table of the centre."""


class StoreError(Exception):
    """The data folder holds no store, or one this program cannot read; the text has the cure."""


class Database:
    """The tables under one folder.

    Any thread may call. `create=False` raises `StoreError` where there is no store yet.
    """

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        path = folder / FILE
        if not create and not path.exists():
            raise StoreError(f"there is no centre in {folder}: run `python -m central seed` first")
        folder.mkdir(parents=True, exist_ok=True)
        self._turn = threading.Lock()
        self._writer = _engine(path, "BEGIN IMMEDIATE", only_read=False)
        self._readers = _engine(path, "BEGIN", only_read=True)
        try:
            self._prepare(folder)
        except BaseException:  # whatever it was: no connection is left open behind it
            self.close()
            raise

    @contextmanager
    def read(self) -> Generator[Session]:
        """One consistent look; nothing can be written through it."""
        with Session(self._readers, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def write(self) -> Generator[Session]:
        """The writer's turn: one transaction, durable when the block ends, gone if it raises."""
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self._readers.dispose()
        self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self, folder: Path) -> None:
        with self._turn, self._writer.begin() as connection:
            found = connection.execute(text("PRAGMA user_version")).scalar_one()
            if found > SCHEMA:
                raise StoreError(
                    f"the store in {folder} has form {found}, this program knows {SCHEMA}: "
                    "use the newer program"
                )
            if found < SCHEMA:
                Base.metadata.create_all(connection)
                connection.execute(text(f"PRAGMA user_version={SCHEMA}"))


def _engine(path: Path, begin: str, *, only_read: bool) -> Engine:
    """Connections that begin as told; `sqlite3`'s own way begins too late to take the lock."""
    url = f"sqlite:///{path}"
    arguments = {"timeout": 10.0, "check_same_thread": False}
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
