"""What of a unit's list is on its way: a row before each chunk is sent, settled on start.

A chunk goes bound -> taken, before (it was taken earlier under another key) or refused. Nothing of
a list is here until a chunk of it binds; then its people are known by digests, so that the same
people are not submitted twice, in whatever list they come. Encrypted as `kiosk.journal` is.
"""

import hmac
import json
import threading
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import uuid4

from kiosk.journal import key_of, sqlcipher

KEPT = timedelta(hours=24)
"""How long a settled chunk is kept: its voucher may be printed again (F31, F44)."""


class State(StrEnum):
    """How far a chunk is."""

    BOUND = "bound"
    TAKEN = "taken"
    BEFORE = "before"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that are one batch at the centre: the request, until it is settled, and the answer."""

    key: str
    state: State
    opened: datetime
    body: dict[str, Any] = field(repr=False)
    answer: dict[str, Any] = field(repr=False)


class BatchJournal:
    """The store under `folder`, beside the journal of cases and with its key.

    Any thread may call. Raises OSError or one of `kiosk.journal.errors` when the disk or the key is
    not what it was.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key = key_of(folder / "journal.key")
        name = str(folder / "batches.db")
        self._db: Any = sqlcipher.connect(name, isolation_level=None, check_same_thread=False)
        self._db.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._lock = threading.Lock()
        self._migrate()

    def close(self) -> None:
        """Close the store."""
        self._db.close()

    def bind(
        self, body: Mapping[str, Any], clerk: str, people: Iterable[str], opened: datetime
    ) -> Chunk:
        """Put a chunk down before it is sent. All its pictures are at the centre by now.

        `clerk` may have the voucher again; of `people`, the numbers, only digests are kept.
        """
        key, text = str(uuid4()), json.dumps(body, ensure_ascii=False)
        unit = str(body["unit"])
        with self._together() as db:
            db.execute(
                "insert into chunks (key, state, opened, settled, clerk, body, answer)"
                " values (?, ?, ?, '', ?, ?, '{}')",
                (key, State.BOUND.value, _moment(opened), self._digest(clerk), text),
            )
            db.executemany(
                "insert into people (digest, key) values (?, ?)",
                [(self._digest(unit + number), key) for number in people],
            )
        return Chunk(key, State.BOUND, opened, dict(body), {})

    def settle(self, key: str, state: State, answer: Mapping[str, Any], now: datetime) -> None:
        """What became of a chunk; the request is forgotten, and the people of one refused."""
        text = json.dumps(answer, ensure_ascii=False)
        with self._together() as db:
            db.execute(
                "update chunks set state = ?, settled = ?, answer = ?, body = '{}' where key = ?",
                (state.value, _moment(now), text, key),
            )
            if state is State.REFUSED:
                db.execute("delete from people where key = ?", (key,))

    def chunk(self, key: str) -> Chunk:
        """One chunk. KeyError for a key that is none."""
        return next(iter(self._chunks("key = ?", key)), None) or _unknown(key)

    def open(self) -> list[Chunk]:
        """Those bound and not settled, the oldest first."""
        return self._chunks("state = ?", State.BOUND.value)

    def tally(self, since: datetime) -> list[tuple[str, int]]:
        """How many chunks were bound since then, by state."""
        with self._lock:
            found = self._db.execute(
                "select state, count(*) from chunks where opened >= ? group by 1 order by 1",
                (_moment(since),),
            ).fetchall()
        return [(str(state), int(n)) for state, n in found]

    def unsettled(self) -> int:
        """How many chunks of any day are bound and not settled."""
        with self._lock:
            found = self._db.execute("select count(*) from chunks where state = 'bound'")
            return int(found.fetchone()[0])

    def holding(self, unit: str, numbers: Sequence[str]) -> dict[str, str]:
        """Which of these people are in a chunk that was not refused, and its key, by number."""
        by_digest = {self._digest(unit + number): number for number in numbers}
        marks = ",".join("?" * len(by_digest))
        with self._lock:
            found = self._db.execute(
                f"select digest, key from people where digest in ({marks})",  # noqa: S608 - marks
                list(by_digest),
            ).fetchall()
        return {by_digest[digest]: key for digest, key in found}

    def claim(self, clerk: str, now: datetime) -> list[Chunk]:
        """The chunks whose vouchers this clerk may have again, of the last 24 hours."""
        return self._chunks(
            "clerk = ? and state = ? and settled > ?",
            self._digest(clerk),
            State.TAKEN.value,
            _moment(now - KEPT),
        )

    def purge(self, now: datetime) -> int:
        """Forget what was settled more than 24 hours ago; gives how many chunks."""
        old = (_moment(now - KEPT),)
        gone = "state != 'bound' and settled <= ?"
        with self._together() as db:
            db.execute(
                f"delete from people where key in (select key from chunks where {gone})",  # noqa: S608
                old,
            )
            db.execute("delete from sent where at <= ?", old)
            return int(db.execute(f"delete from chunks where {gone}", old).rowcount)  # noqa: S608

    def sent(self, hashes: Sequence[str]) -> set[str]:
        """Which of these pictures the centre has been given."""
        marks = ",".join("?" * len(hashes))
        with self._lock:
            found = self._db.execute(
                f"select sha256 from sent where sha256 in ({marks})",  # noqa: S608 - marks
                list(hashes),
            ).fetchall()
        return {sha256 for (sha256,) in found}

    def note_sent(self, hashes: Iterable[str], now: datetime) -> None:
        """These pictures are at the centre: they need not be sent again."""
        with self._together() as db:
            rows = [(sha256, _moment(now)) for sha256 in hashes]
            db.executemany("insert or replace into sent (sha256, at) values (?, ?)", rows)

    def forget_sent(self, hashes: Iterable[str]) -> None:
        """The centre says it has them not."""
        with self._together() as db:
            db.executemany("delete from sent where sha256 = ?", [(each,) for each in hashes])

    def _chunks(self, where: str, *values: object) -> list[Chunk]:
        with self._lock:
            found = self._db.execute(
                f"select key, state, opened, body, answer from chunks where {where}"  # noqa: S608
                " order by opened, rowid",
                values,
            ).fetchall()
        return [
            Chunk(
                key,
                State(state),
                datetime.fromisoformat(opened),
                json.loads(body),
                json.loads(answer),
            )
            for key, state, opened, body, answer in found
        ]

    @contextmanager
    def _together(self) -> Generator[Any]:
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def _digest(self, text: str) -> str:
        return hmac.digest(self._key, text.upper().encode(), "sha256").hex()

    def _migrate(self) -> None:
        for version, step in enumerate(MIGRATIONS, start=1):
            ((have,),) = self._db.execute("PRAGMA user_version").fetchall()
            if have < version:
                with self._together() as db:
                    for statement in step:
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {version}")


MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """create table chunks (key text primary key, state text not null, opened text not null,
            settled text not null, clerk text not null, body text not null,
            answer text not null)""",
        "create index chunks_clerk on chunks (clerk)",
        "create table people (digest text not null, key text not null references chunks(key))",
        "create index people_digest on people (digest)",
        "create index people_key on people (key)",
        "create table sent (sha256 text primary key, at text not null) without rowid",
    ),
)
"""The schema's history: a row is never changed once it has been in the field."""


def _unknown(key: str) -> Chunk:
    raise KeyError(key)


def _moment(time: datetime) -> str:
    """A time as texts that sort as times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")
