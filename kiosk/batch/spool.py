"""A list being looked at: its rows, pictures and faults in a store that nobody else can read.

An encrypted file whose key is never written and whose name is gone before anything is in it: when
the process ends, however it ends, nothing is left. Memory does not grow with the rows.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from kiosk.journal import KEY_BYTES, sqlcipher
from regulation.card_list.faults import Fault, RowFault
from regulation.card_list.rows import Row, number_of

_OWN = "('portrait', 'id_front', 'id_back', 'household_page')"
"""Pictures that no two people share; a book's page of changes may serve several of a family."""

WRONG = "exists (select 1 from faults where faults.line = rows.line)"
"""The condition of a row that has a fault."""

_SCHEMA = """
create table rows (line integer primary key, number text not null, told text not null,
    asked integer not null default 0);
create table pictures (line integer not null, shows text not null, place integer not null,
    sha256 text, primary key (line, shows)) without rowid;
create table faults (line integer not null, field text not null, code text not null,
    other integer not null, origin text not null,
    primary key (line, origin, field, code)) without rowid;
"""
_INDEXES = {"rows": "number", "pictures": "sha256"}


class Origin(StrEnum):
    """Who found a fault, and so what takes it away."""

    CELL = "cell"
    ROW = "row"
    LIST = "list"
    PICTURE = "picture"
    CENTRE = "centre"


class Picture(NamedTuple):
    """A picture of a row: what it shows, the place of its file, and its hash once looked at."""

    line: int
    shows: str
    place: int
    sha256: str | None = None


class Spool:
    """The store; `folder` is where its file lies for a moment. For one thread at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        descriptor, name = tempfile.mkstemp(prefix="list-", dir=folder)
        os.close(descriptor)
        self._db: Any = sqlcipher.connect(name, isolation_level=None, check_same_thread=False)
        Path(name).unlink()
        self._db.execute(f"PRAGMA key = \"x'{secrets.token_hex(KEY_BYTES)}'\"")
        for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    @contextmanager
    def together(self) -> Generator[None]:
        """All of it or nothing, and faster."""
        self._db.execute("begin")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def add(self, rows: Iterable[tuple[int, Row]]) -> None:
        """Put rows down; pictures and faults come beside them."""
        self._db.executemany(
            "insert into rows (line, number, told) values (?, ?, ?)",
            [(line, number_of(row), _packed(row)) for line, row in rows],
        )

    def added(self) -> None:
        """All rows are there: find what only the whole list shows."""
        for table, column in _INDEXES.items():
            self._db.execute(f"create index {table}_{column} on {table} ({column})")
        several = "select number from rows where number != '' group by 1 having count(*) > 1"
        for (number,) in self._all(several):
            self.find_twice(number)

    def change(self, line: int, row: Row) -> None:
        """Another text of a row; the centre has to be asked again."""
        self._db.execute(
            "update rows set number = ?, told = ?, asked = 0 where line = ?",
            (number_of(row), _packed(row), line),
        )

    def remove(self, line: int) -> None:
        """Take a row out, with all that belongs to it."""
        for table in ("rows", "pictures", "faults"):
            self._db.execute(f"delete from {table} where line = ?", (line,))  # noqa: S608 - of three

    def row(self, line: int) -> Row | None:
        """A row with the pictures it has."""
        return next((row for _, row in self.rows("line = ?", line)), None)

    def rows(self, where: str, *values: object, most: int = -1) -> Iterator[tuple[int, Row]]:
        """The rows of a condition (ours, never anybody's text), in their order, `most` of them."""
        found = self._db.execute(
            "select line, told, (select group_concat(shows) from pictures where"  # noqa: S608
            f" pictures.line = rows.line) from rows where {where} order by line limit ?",
            (*values, most),
        )
        for line, told, shows in found:
            came = frozenset[str](shows.split(",") if shows else ())
            yield line, Row(*json.loads(told), pictures=came)

    def count(self, where: str = "1") -> int:
        """How many rows."""
        return int(self._all(f"select count(*) from rows where {where}")[0][0])  # noqa: S608

    def asked(self, lines: Iterable[int]) -> None:
        """The centre has been asked about these rows as they are."""
        self._db.executemany("update rows set asked = 1 where line = ?", [(n,) for n in lines])

    # ---- pictures

    def add_pictures(self, pictures: Iterable[Picture]) -> None:
        """Pictures of rows, none of which was there."""
        self._db.executemany("insert into pictures values (?, ?, ?, ?)", pictures)

    def seen(self, picture: Picture, sha256: str) -> None:
        """A picture was looked at, and is one."""
        self._db.execute(
            "update pictures set sha256 = ? where line = ? and shows = ?",
            (sha256, picture.line, picture.shows),
        )

    def pictures(self, where: str, *values: object) -> list[Picture]:
        """The pictures of a condition, by the place of their files."""
        return [
            Picture(*found)
            for found in self._all(
                "select line, shows, place, sha256 from pictures"  # noqa: S608 - ours
                f" where {where} order by place, line",
                *values,
            )
        ]

    def drop_pictures(self, line: int) -> None:
        """A row has none of its pictures any more."""
        self._db.execute("delete from pictures where line = ?", (line,))

    # ---- faults

    def fault(self, faults: Iterable[RowFault], origin: Origin) -> None:
        """Put down what is wrong; what is known already stays once."""
        self._db.executemany(
            "insert or replace into faults (line, field, code, other, origin)"
            " values (?, ?, ?, ?, ?)",
            [(each.row, each.field, each.what.value, each.other, origin.value) for each in faults],
        )

    def mended(self, line: int, origins: Sequence[Origin], fields: Sequence[str] = ()) -> None:
        """Forget what these found in a row, in these fields alone if any is named."""
        marks, names = _marks(origins), _marks(fields)
        limit = f" and field in ({names})" if fields else ""
        self._db.execute(
            f"delete from faults where line = ? and origin in ({marks}){limit}",  # noqa: S608
            (line, *(each.value for each in origins), *fields),
        )

    def faults(self, line: int) -> tuple[RowFault, ...]:
        """What is wrong with a row."""
        return tuple(self._faults("line = ?", line))

    def all_faults(self) -> Iterator[RowFault]:
        """What is wrong with all of them, row by row."""
        return self._faults("1")

    def unread(self, line: int) -> set[str]:
        """The fields of a row whose cells could not be read."""
        return {each.field for each in self._faults("line = ? and origin = 'cell'", line)}

    def _faults(self, where: str, *values: object) -> Iterator[RowFault]:
        found = self._db.execute(
            f"select line, field, code, other from faults where {where} order by line",  # noqa: S608
            values,
        )
        return (RowFault(line, name, Fault(code), other) for line, name, code, other in found)

    def find_twice(self, number: str) -> None:
        """Say of a number again which rows repeat the first that has it."""
        lines = [
            n for (n,) in self._all("select line from rows where number = ? order by 1", number)
        ]
        for line in lines:
            self._db.execute("delete from faults where line = ? and origin = 'list'", (line,))
        if number:
            twice = (RowFault(line, "number", Fault.TWICE, lines[0]) for line in lines[1:])
            self.fault(twice, Origin.LIST)

    def find_repeated(self) -> None:
        """Say again which pictures are another row's, or the row's own other one."""
        code = Fault.PICTURE_REPEATED.value
        self._db.execute("delete from faults where code = ?", (code,))
        self._db.execute(
            "insert or replace into faults select later.line, later.shows, ?, min(first.line),"  # noqa: S608
            " 'picture' from pictures later join rows one on one.line = later.line"
            " join pictures first using (sha256) join rows other on other.line = first.line"
            f" where later.shows in {_OWN} and first.shows in {_OWN}"
            " and (first.line, first.shows) < (later.line, later.shows)"
            " and (one.line = other.line or one.number != other.number)"
            " group by later.line, later.shows",
            (code,),
        )

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._db.execute(sql, values).fetchall()


def _packed(row: Row) -> str:
    return json.dumps(row[:-1], ensure_ascii=False, separators=(",", ":"))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
