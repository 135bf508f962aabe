"""Nothing is lost: a row before every effect outside, encrypted, durable, settled on start.

A case goes intent -> submitted -> printing -> issued, or intent -> refused. One that writes a card
is writing before: it becomes an intent with what came of it, or is dropped when nothing was done.
SQLCipher with a raw key from a file of mode 0600, WAL, synchronous=FULL. One lock: any thread may
call, none of the screen's should.
"""

import hmac
import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlite_utils import Database

from kiosk import whole_file

sqlcipher: Any = import_module("sqlcipher3.dbapi2")  # has no types

errors: tuple[type[Exception], ...] = (sqlcipher.Error,)
"""What the store raises: sqlcipher3's exceptions are not those of sqlite3."""

KEY_BYTES = 32

RIGHT_TO_REPRINT = timedelta(hours=24)
"""How long the same ID gets the slip again (F31), and how long a settled case is kept."""


class State(StrEnum):
    """How far a case is."""

    WRITING = "writing"
    """A card is being written; nobody knows yet what came of it, and its body says so."""
    INTENT = "intent"
    SUBMITTED = "submitted"
    PRINTING = "printing"
    ISSUED = "issued"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Case:
    """A row: the request as it was and will be sent, the centre's answer, and how far it is."""

    key: str
    state: State
    opened: datetime
    body: dict[str, Any] = field(repr=False)
    answer: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A case without its person: its service and its voucher's number, "" where it has none."""

    key: str
    service: str
    state: State
    opened: datetime
    number: str


class Journal:
    """The kiosk's store under `folder`; creates it, and its key, when missing.

    Raises OSError or one of `errors` when the disk or the key is not what it was: the kiosk must
    then not serve, since it could lose what it takes.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path, self._key = folder / "journal.db", key_of(folder / "journal.key")
        self._db = self._opened()
        self._lock = threading.Lock()
        self._migrate()
        self._take_up()

    def close(self) -> None:
        """Close the store."""
        self._db.close()

    def forget(self) -> None:
        """Keep nothing open in memory: rows that are encrypted on the disk are not in its cache."""
        with self._lock:
            self._db.close()
            self._db = self._opened()

    def open(  # noqa: PLR0913 - what a row is made of
        self,
        body: Mapping[str, Any],
        images: Mapping[str, bytes],
        holders: Sequence[str],
        opened: datetime,
        *,
        state: State = State.INTENT,
        key: str = "",
    ) -> str:
        """Put a request and its pictures (by SHA-256) down before it is sent; gives its key.

        `holders` are the ID numbers that may claim the slip; only their digests are kept. One that
        writes a card first is put down as `WRITING`, with the outcome that nobody knows. `key` is
        one that the centre was told already.
        """
        key = key or str(uuid4())
        with self._lock, self._atomic():
            body_json = json.dumps(body, ensure_ascii=False)
            at = _moment(opened)
            self._db.execute(CASE, (key, state.value, at, at, body_json, "{}"))
            for number in holders:
                self._db.execute(HOLDER, (self._digest(number), key))
            for name, data in images.items():
                self._db.execute(IMAGE, (name, key, data))
        return key

    def images(self, key: str) -> dict[str, bytes]:
        """The pictures of a case that the centre may not have yet, by SHA-256."""
        with self._lock:
            rows = self._table("images").rows_where("key = ?", [key])
            return {row["sha256"]: row["jpeg"] for row in rows}

    def submitted(self, key: str, answer: Mapping[str, Any], now: datetime) -> None:
        """The centre has it since `now`: keep its answer, drop the pictures."""
        text = json.dumps(answer, ensure_ascii=False)
        with self._lock, self._atomic():
            self._update(key, state=State.SUBMITTED, answer=text, settled=_moment(now))
            self._table("images").delete_where("key = ?", [key])

    def move(self, key: str, state: State) -> None:
        """The slip is about to be printed, is out, did not come out; or the centre refused.

        What the centre refused needs its pictures no more.
        """
        with self._lock, self._atomic():
            self._update(key, state=state)
            if state is State.REFUSED:
                self._table("images").delete_where("key = ?", [key])

    def written(self, key: str, outcome: str) -> None:
        """The card was written with this outcome: the case may be handed in."""
        with self._lock, self._atomic():
            body = json.loads(self._table("cases").get(key)["body"]) | {"outcome": outcome}
            text = json.dumps(body, ensure_ascii=False)
            self._update(key, state=State.INTENT, body=text)

    def drop(self, key: str) -> None:
        """Forget a case of which nothing was done outside."""
        with self._lock, self._atomic():
            self._forget(key)

    def case(self, key: str) -> Case:
        """One case; raises `sqlite_utils.db.NotFoundError` for an unknown key."""
        with self._lock:
            return _case(self._table("cases").get(key))

    def cases(self, *states: State) -> list[Case]:
        """The cases in these states, oldest first."""
        marks = ",".join("?" * len(states))
        with self._lock:
            rows = self._table("cases").rows_where(
                f"state in ({marks})", list(states), order_by="opened"
            )
            return [_case(row) for row in rows]

    def claim(self, number: str, now: datetime) -> Case | None:
        """The newest case whose slip this ID number may have again, of the last 24 hours."""
        with self._lock:
            rows = self._db.query(
                "select cases.* from cases join holders using (key) where digest = ?"
                " and state in ('submitted', 'printing', 'issued') and settled > ?"
                " order by opened desc limit 1",
                [self._digest(number), _moment(now - RIGHT_TO_REPRINT)],
            )
            row = next(iter(rows), None)
        return _case(row) if row else None

    def by_voucher(self, ending: str, now: datetime) -> Case | None:
        """The case of the last 24 hours whose voucher's number ends so; None for none or several.

        `ending` is of ASCII letters and digits, without the number's dashes.
        """
        with self._lock:
            rows = list(
                self._db.query(
                    "select * from cases where state in ('submitted', 'printing', 'issued')"
                    " and settled > ? and replace(json_extract(answer, '$.voucher_no'), '-', '')"
                    " like '%' || ? limit 2",
                    [_moment(now - RIGHT_TO_REPRINT), ending],
                )
            )
        return _case(rows[0]) if len(rows) == 1 else None

    def tally(self, since: datetime) -> list[tuple[str, str, int]]:
        """How many cases were opened since then, by service and state."""
        with self._lock:
            rows = self._db.query(
                "select json_extract(body, '$.service') as service, state, count(*) as n from cases"
                " where opened >= ? group by 1, 2 order by 1, 2",
                [_moment(since)],
            )
            return [(str(row["service"]), str(row["state"]), int(row["n"])) for row in rows]

    def entries(self, since: datetime) -> list[Entry]:
        """The cases opened since then, and those of any day that are open, oldest first."""
        with self._lock:
            rows = self._db.query(
                "select key, json_extract(body, '$.service') as service, state, opened,"
                " coalesce(json_extract(answer, '$.voucher_no'), '') as number from cases"
                " where opened >= ? or state in ('writing', 'intent') order by opened",
                [_moment(since)],
            )
            return [
                Entry(
                    row["key"],
                    str(row["service"]),
                    State(row["state"]),
                    datetime.fromisoformat(row["opened"]),
                    str(row["number"]),
                )
                for row in rows
            ]

    def unsettled(self) -> int:
        """How many cases the centre has not answered yet."""
        with self._lock:
            return self._table("cases").count_where("state in ('writing', 'intent')")

    def claimable(self, key: str) -> bool:
        """Whether an ID on the reader may claim this case's slip."""
        with self._lock:
            return self._table("holders").count_where("key = ?", [key]) > 0

    def take_custody(self, place: str, at: datetime) -> None:
        """Note that a thing somebody left is in custody: in a device, or in its bin."""
        with self._lock, self._atomic():
            self._db.execute(CUSTODY, (place, _moment(at)))

    def custody_over(self, place: str, at: datetime) -> None:
        """Note that what was in custody there has been taken out."""
        with self._lock, self._atomic():
            self._db.execute(CUSTODY_OVER, (_moment(at), place))

    def custody(self) -> list[tuple[str, datetime]]:
        """What is in custody: where, and since when, the longest kept first."""
        with self._lock:
            rows = self._table("custody").rows_where("ended is null", order_by="at")
            return [(row["place"], datetime.fromisoformat(row["at"])) for row in rows]

    def purge(self, now: datetime) -> int:
        """Forget cases settled more than 24 hours ago; gives how many."""
        old = _moment(now - RIGHT_TO_REPRINT)
        with self._lock, self._atomic():
            where = "state not in ('writing', 'intent') and settled <= ?"
            gone = [row["key"] for row in self._table("cases").rows_where(where, [old])]
            for key in gone:
                self._forget(key)
        return len(gone)

    def _opened(self) -> Any:
        """A connection of its own; the types of what it is are partly unknown."""
        connection = sqlcipher.connect(str(self._path), check_same_thread=False)
        connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return Database(connection)

    def _forget(self, key: str) -> None:
        for table in ("images", "holders", "cases"):
            self._table(table).delete_where("key = ?", [key])

    def _take_up(self) -> None:
        """What a process before this one was writing is handed in: its outcome stays unknown."""
        with self._atomic():
            self._db.execute("update cases set state = 'intent' where state = 'writing'")

    def _update(self, key: str, **values: object) -> None:
        self._table("cases").update(key, values)

    def _table(self, name: str) -> Any:
        return self._db[name]

    def _atomic(self) -> AbstractContextManager[Any]:
        return self._db.atomic()

    def _digest(self, number: str) -> str:
        return hmac.digest(self._key, number.encode(), "sha256").hex()

    def _migrate(self) -> None:
        """Bring the store to the newest schema, one step after the other."""
        for version, step in enumerate(MIGRATIONS, start=1):
            have = int(next(iter(self._db.query("PRAGMA user_version")))["user_version"])
            if have < version:
                with self._atomic():
                    for statement in step:
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {version}")


MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """create table cases (key text primary key, state text not null, opened text not null,
            settled text not null, body text not null, answer text not null)""",
        "create table holders (digest text not null, key text not null references cases(key))",
        "create index holders_digest on holders (digest)",
        """create table images (sha256 text not null, key text not null references cases(key),
            jpeg blob not null, primary key (sha256, key))""",
    ),
    ("create table custody (place text not null, at text not null, ended text)",),
    (  # what is looked for while nobody is served is found without reading anybody's row
        "create index cases_state on cases (state, opened)",
        "create index cases_settled on cases (settled, state)",
    ),
)
"""The schema's history: a row is never changed once it has been in the field."""

# Written out: the table objects of sqlite-utils read the schema anew and open a savepoint for each
# insert, which doubles the cost of a commit (docs/benchmarks.md).
CASE = "insert into cases (key, state, opened, settled, body, answer) values (?, ?, ?, ?, ?, ?)"
HOLDER = "insert into holders (digest, key) values (?, ?)"
IMAGE = "insert or ignore into images (sha256, key, jpeg) values (?, ?, ?)"
CUSTODY = "insert into custody (place, at) values (?, ?)"
CUSTODY_OVER = "update custody set ended = ? where place = ? and ended is null"


def _case(row: Mapping[str, Any]) -> Case:
    return Case(
        key=row["key"],
        state=State(row["state"]),
        opened=datetime.fromisoformat(row["opened"]),
        body=json.loads(row["body"]),
        answer=json.loads(row["answer"]),
    )


def _moment(time: datetime) -> str:
    """A time as texts that sort as times do, whatever the machine's time zone becomes."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def key_of(path: Path) -> bytes:
    """32 random bytes, made once. A key in a TPM takes this function's place."""
    if not path.exists():
        whole_file.put(path, secrets.token_bytes(KEY_BYTES), 0o600)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:  # SQLCipher would take it for a password, and an empty one for none
        raise OSError(f"{path}: not the {KEY_BYTES} bytes of a key; restore it from the backup")
    return key
