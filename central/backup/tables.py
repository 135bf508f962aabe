"""The tables as one consistent file while others write, and back again.

SQLite by its online backup; PostgreSQL by `pg_dump`, at the snapshot the images were listed at.
"""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import URL, delete, inspect, make_url, select, text

from central.backup.archive import BackupError
from central.database import FILE, Database
from central.fleet.records import Repository
from central.images.records import Piece


def snapshot(database: Database, folder: Path, out: Path) -> set[str]:
    """Write the tables to a file; the names of the objects they know at that moment."""
    out.unlink(missing_ok=True)
    if database.is_postgresql:
        return _dump(database, out)
    with closing(sqlite3.connect(folder / FILE)) as live, closing(sqlite3.connect(out)) as copy:
        live.backup(copy)
        (found,) = copy.execute("PRAGMA quick_check").fetchone()
        if found != "ok":
            raise BackupError("the store itself is damaged: restore the last good backup")
        return {name for (name,) in copy.execute("SELECT object FROM piece")}


def _dump(database: Database, out: Path) -> set[str]:
    with database.read() as session:
        moment = session.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        objects = set(session.scalars(select(Piece.object)))
        _run(
            "pg_dump", "--format=custom", f"--snapshot={moment}", f"--file={out}",
            url=database.writer.url,
        )  # fmt: skip
    return objects


def check_empty(url: str) -> None:
    """Raise `BackupError` when the PostgreSQL database has tables already."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, connect_timeout=10) as connection:
        found = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
    if found != (0,):
        raise BackupError("the database has tables: restore into an empty one")


def load(url: str, dump: Path) -> None:
    """Load a dump into an empty PostgreSQL database, all or nothing."""
    _run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        str(dump), url=make_url(url), target="--dbname",
    )  # fmt: skip


def unsign(folder: Path, url: str) -> None:
    """Remove the fleet's signed metadata of a restored store: kiosks have seen newer ones.

    They are signed anew, with versions above those, when a kiosk asks. A store of an early form
    has none.
    """
    with (
        Database(folder, create=False, current=False, url=url) as database,
        database.write() as session,
    ):
        if inspect(session.connection()).has_table(Repository.__tablename__):
            session.execute(delete(Repository))


def _run(program: str, *arguments: str, url: URL, target: str = "--dbname") -> None:
    """Run a program of PostgreSQL's; the password is in its environment, not in its arguments."""
    address = url.set(drivername="postgresql", password=None).render_as_string()
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    try:
        done = subprocess.run(  # noqa: S603 - the program's name is ours
            [program, *arguments, target, address],
            env=os.environ | password,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise BackupError(
            f"there is no {program}: install Debian's package postgresql-client"
        ) from None
    if done.returncode:
        # Its words may hold rows of the tables; the first line of the server's is enough.
        raise BackupError(f"{program} failed ({done.returncode}): see the server's log")
