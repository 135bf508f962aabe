"""What the journal costs over the bare store: the same rows, cipher and pragmas, turn by turn.

Run: python -m benchmarks.journal
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, permutations
from pathlib import Path
from typing import Any

from kiosk.journal import Journal, sqlcipher

ROUNDS = 400
WARM = 20
AIM = 1.3

NUMBER = "11010519491231002X"
NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
BODY: dict[str, Any] = {
    "service": "new_individual",
    "applicant_kind": "self",
    "kiosk_id": "CQ-0001",
    "taken_at": "2026-01-15T09:30:00+08:00",
    "applicant": {
        "paper": "resident_id",
        "number": NUMBER,
        "name": "张三",
        "sex": "女",
        "ethnicity": "汉",
        "birth": "1949-12-31",
        "address": "重庆市渝中区人民路1号",
        "issuer": "重庆市公安局渝中区分局",
        "valid_to": "2036-01-01",
    },
    "agent": None,
    "phone": "13800138000",
    "address": "重庆市渝中区人民路1号",
    "bank": "cqrcb",
    "signature": "screen",
    "marks": [],
    "images": [
        {"kind": kind, "sha256": digit * 64}
        for kind, digit in (("portrait", "a"), ("scene", "b"), ("signature", "c"))
    ],
}
"""An application as `kiosk.application` makes it, with the digests of three pictures."""


@dataclass(frozen=True)
class Content:
    """What a journal left on the disk: its schema, and its rows a case and a holder."""

    schema: list[str]
    cases: list[tuple[object, ...]]
    holders: list[tuple[object, ...]]


def content(folder: Path) -> Content:
    """Of a journal with as many cases as will be put down."""
    journal = Journal(folder)
    for _ in range(WARM + ROUNDS):
        journal.open(BODY, {}, (NUMBER,), NOW)
    journal.close()
    db = sqlcipher.connect(str(folder / "journal.db"))
    db.execute(f"PRAGMA key = \"x'{(folder / 'journal.key').read_bytes().hex()}'\"")
    schema = db.execute("select sql from sqlite_master where sql is not null").fetchall()
    rows = (db.execute(f"select * from {table}").fetchall() for table in ("cases", "holders"))
    found = Content([sql for (sql,) in schema], *rows)
    db.close()
    return found


class Bare:
    """The same rows by the database module alone: made beforehand, nothing is computed."""

    def __init__(self, module: Any, path: Path, rows: Content, key: str = "") -> None:
        self._db = module.connect(str(path), isolation_level=None)
        if key:
            self._db.execute(f"PRAGMA key = \"x'{key}'\"")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        for statement in rows.schema:
            self._db.execute(statement)
        self._rows = zip(rows.cases, rows.holders, strict=True)
        self._case, self._holder = (
            f"insert into {table} values ({','.join('?' * len(row))})"
            for table, row in (("cases", rows.cases[0]), ("holders", rows.holders[0]))
        )

    def commit(self) -> None:
        case, holder = next(self._rows)
        self._db.execute("begin")
        self._db.execute(self._case, case)
        self._db.execute(self._holder, holder)
        self._db.execute("commit")

    def close(self) -> None:
        self._db.close()


def measure() -> dict[str, float]:
    """Median and 99th percentile of a commit (ms), and the ratio of the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        journal = Journal(folder / "journal")
        rows = content(folder / "before")
        plain = Bare(sqlite3, folder / "plain.db", rows)
        cipher = Bare(sqlcipher, folder / "cipher.db", rows, "5a" * 32)
        turns: dict[str, Callable[[], object]] = {
            "journal": lambda: journal.open(BODY, {}, (NUMBER,), NOW),
            "bare_sqlcipher": cipher.commit,
            "bare_sqlite3": plain.commit,
        }
        took = _in_turns(turns)
        for store in (journal, plain, cipher):
            store.close()
    figures: dict[str, float] = {}
    for side, times in took.items():
        figures[f"{side}_commit_ms"] = statistics.median(times)
        figures[f"{side}_commit_p99_ms"] = statistics.quantiles(times, n=100)[-1]
    median = figures["journal_commit_ms"]
    figures["journal_ratio"] = median / figures["bare_sqlcipher_commit_ms"]
    figures["journal_ratio_to_sqlite3"] = median / figures["bare_sqlite3_commit_ms"]
    return figures


def _in_turns(turns: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Milliseconds of each side: one commit of each a round, in every order, so load is shared."""
    took: dict[str, list[float]] = {side: [] for side in turns}
    orders = cycle(permutations(turns))
    for number in range(WARM + ROUNDS):
        for side in next(orders):
            began = time.perf_counter()
            turns[side]()
            if number >= WARM:
                took[side].append((time.perf_counter() - began) * 1000)
    return took


if __name__ == "__main__":
    for title, figure in measure().items():
        print(f"{title:28} {figure:10.3f}")
    print(f"{'aim of journal_ratio':28} {AIM:10.3f}")
