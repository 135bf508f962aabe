"""What a look-up costs as the centre grows: eligibility and a case, asked over HTTP one by one.

At each size every tenth person holds a card and every tenth has a case. The ratios are p99 against
the smallest size of the same run. Sizes and stores: `python -m benchmarks.centre_growth --help`.
"""

import argparse
import http.client
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from sqlalchemy import Table, insert, make_url, select

from benchmarks.centre import orders, serving, with_portrait
from benchmarks.crowd import names, numbers
from central.applications.records import Application
from central.cards.records import Card
from central.cards.states import CardState
from central.database import FILE, Database
from central.people.records import Person
from deploy.postgres import Postgres
from regulation.vouchers import voucher_number

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ASKED = 2000
SHARE = 10
"""Every tenth person has a card, every tenth a case."""
_CASE = 5

_FIRST_DAY = date(2020, 1, 1)
_A_DAY = 9000

Figures = dict[str, float]
Row = tuple[Any, ...]


def measure(sizes: tuple[int, ...] = SIZES, stores: tuple[str, ...] = ("sqlite",)) -> Figures:
    """p50 and p99 in milliseconds by store, question and size; `*_ratio` of p99 to the first."""
    figures: Figures = {}
    for store in stores:
        with tempfile.TemporaryDirectory() as folder:
            if store == "sqlite":
                figures |= _grow(store, Path(folder), "", sizes)
            else:
                with Postgres() as server:
                    figures |= _grow(store, Path(folder), server.url, sizes)
    return figures


def _grow(store: str, folder: Path, url: str, sizes: tuple[int, ...]) -> Figures:
    figures: Figures = {}
    case, card = templates(folder, url)
    done = 1
    for size in sizes:
        _fill(folder, url, done, size, (case, card))
        done = size
        with serving(folder, url) as address:
            asked = _Asked(address, size)
            for name, question in (("eligibility", asked.eligibility), ("case", asked.case)):
                p50, p99 = _times(question)
                figures[f"{store}_{name}_{size:.0e}_p50_ms"] = p50
                figures[f"{store}_{name}_{size:.0e}_p99_ms"] = p99
                first = figures[f"{store}_{name}_{sizes[0]:.0e}_p99_ms"]
                figures[f"{store}_{name}_{size:.0e}_ratio"] = p99 / first
    return figures


def templates(folder: Path, url: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of a case the centre took itself, and of a card: the rest are made after them."""
    number, name = next(numbers(1)), next(names(1))
    with Database(folder, url=url) as database, database.write() as session:
        session.execute(insert(Person), [{"id_number": number, "name": name, "insured": True}])
    with serving(folder, url) as address:
        with_portrait(address)
        key, body = orders(folder, 1).read_text(encoding="utf-8").split(" ", 1)
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        answer = httpx.post(f"{address}/v1/applications", content=body, headers=headers)
        answer.raise_for_status()
    with Database(folder, url=url) as database, database.write() as session:
        session.add(
            Card(number="A00000000", identifier="00" * 16, id_number=number, state=CardState.ACTIVE)
        )
        session.flush()
        case, card = (
            dict(session.execute(select(table)).mappings().one())
            for table in (Application.__table__, Card.__table__)
        )
    return case, card


def _fill(
    folder: Path, url: str, start: int, size: int, templates: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    people = ((n, name, True) for n, name in _people(start, size))
    insert_rows(folder, url, "person", ("id_number", "name", "insured"), people)
    for (table, make), template in zip(
        ((Application.__table__, _case), (Card.__table__, _card)), templates, strict=True
    ):
        assert isinstance(table, Table)
        rows = (
            tuple((template | make(i, number)).values())
            for i, (number, _) in enumerate(_people(start, size), start)
            if i % SHARE == (_CASE if make is _case else 0)
        )
        values = (tuple(map(plain, row)) for row in rows)
        insert_rows(folder, url, table.name, tuple(template), values)


def _people(start: int, size: int) -> Iterator[tuple[str, str]]:
    for i, person in enumerate(zip(numbers(size), names(size), strict=True)):
        if i >= start:
            yield person


def _voucher(i: int) -> tuple[str, str, int, str]:
    """Kiosk, day, count of the day and voucher number of a person's case."""
    kiosk, place = f"{i % 1000:04}", i // 1000
    day = _FIRST_DAY + timedelta(days=place // _A_DAY)
    seq = place % _A_DAY + 1
    return kiosk, day.isoformat(), seq, voucher_number(kiosk, day, seq)


def _case(i: int, number: str) -> dict[str, Any]:
    kiosk, day, seq, voucher_no = _voucher(i)
    own = {"kiosk_id": kiosk, "day": day, "seq": seq, "voucher_no": voucher_no}
    return own | {"key": str(uuid.UUID(int=i)), "number": number, "state": "SUBMITTED"}


def _card(i: int, number: str) -> dict[str, Any]:
    return {"number": f"B{i:08}", "identifier": f"{i:032X}", "id_number": number}


def plain(value: Any) -> Any:
    """A value as the driver takes it."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.name if isinstance(value, CardState) else value


def insert_rows(
    folder: Path, url: str, table: str, columns: tuple[str, ...], rows: Iterator[Row]
) -> None:
    """Put rows into a table by the driver alone: `executemany`, or COPY."""
    names_ = ", ".join(f'"{column}"' for column in columns)
    if not url:
        with sqlite3.connect(folder / FILE) as connection:
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({names_}) VALUES ({marks})", rows)
        connection.close()
        return
    plain = make_url(url).render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        with connection.cursor().copy(f"COPY {table} ({names_}) FROM STDIN") as copy:  # type: ignore[arg-type]
            for row in rows:
                copy.write_row(row)
        connection.execute(f"ANALYZE {table}")  # type: ignore[arg-type]


class _Asked:
    """Questions about people picked by chance, over one connection."""

    def __init__(self, address: str, size: int) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        self._random = random.Random(size)
        wanted = set(self._random.sample(range(1, size - SHARE), 2 * ASKED))
        people = enumerate(_people(0, size))
        self._people = [(i, number, name) for i, (number, name) in people if i in wanted]
        self._random.shuffle(self._people)

    def eligibility(self) -> None:
        _, number, name = self._people.pop()
        body = {
            "service": "new_individual",
            "applicant_kind": "self",
            "applicant": {"paper": "resident_id", "number": number, "name": name},
        }
        self._ask("POST", "/v1/eligibility", json.dumps(body))

    def case(self) -> None:
        i = self._people.pop()[0]
        i += _CASE - i % SHARE
        self._ask("GET", f"/v1/vouchers/{_voucher(i)[3]}", None)

    def _ask(self, method: str, path: str, body: str | None) -> None:
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status} {said!r}")


def _times(question: Any) -> tuple[float, float]:
    """p50 and p99 in milliseconds, after a hundred that warm up."""
    took: list[float] = []
    for _ in range(ASKED - 100):
        start = time.perf_counter()
        question()
        took.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(took[100:], n=100)
    return cuts[49], cuts[98]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=SIZES)
    parser.add_argument("--stores", nargs="+", default=["sqlite"])
    chosen = parser.parse_args()
    found = measure(tuple(int(size) for size in chosen.sizes), tuple(chosen.stores))
    for title, figure in found.items():
        print(f"{title:40} {figure:10.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
