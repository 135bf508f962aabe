"""Binding requests a second, durable, on SQLite and on PostgreSQL; p50 and p99.

Side by side in one run: the same server and body without any work (no-op), and the very rows the
centre wrote, written again by the driver alone, a transaction each. wrk, server and database share
the machine.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psycopg
from sqlalchemy import insert, make_url, text

from benchmarks.crowd import names, numbers
from central.database import FILE, URL, Database
from central.people.records import Person
from deploy.pictures import jpeg
from deploy.postgres import Postgres
from deploy.program import ROOT, Program

COUNT = 40_000
SECONDS = 8
CONNECTIONS, THREADS = 32, 1
PORTRAIT = jpeg(b"a portrait")
TABLES = {
    "application": "voucher_no",
    "application_image": "voucher_no",
    "kept_answer": "key",
    "audit_entry": "seq",
}
"""What an application is written to, and the order in which rows of one fall together."""
START_S = 60.0

Figures = dict[str, float]
Rows = dict[str, list[tuple[Any, ...]]]


def measure() -> Figures:
    """Figures by their titles; `*_of_bare` and `*_of_noop` are ratios of requests a second."""
    figures = dict(noop())
    with tempfile.TemporaryDirectory() as folder:
        figures |= store("sqlite", Path(folder), "", figures["noop_rps"])
    with tempfile.TemporaryDirectory() as folder, Postgres() as server:
        figures |= store("postgresql", Path(folder), server.url, figures["noop_rps"])
    return figures


def noop() -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        path = orders(Path(folder), COUNT)
        with _program(["-m", "benchmarks.centre_noop"], Path(folder), "") as url:
            found = _wrk(url, path, once=False)
    return {f"noop_{key}": value for key, value in found.items()}


def store(name: str, folder: Path, url: str, noop_rps: float) -> Figures:
    path = orders(folder, COUNT)
    _seed(folder, url)
    with serving(folder, url) as address:
        with_portrait(address)
        found = _wrk(address, path)
    bare = _bare(folder, url)
    figures = {f"{name}_{key}": value for key, value in found.items()}
    return figures | {
        f"{name}_bare_rps": bare,
        f"{name}_of_bare": found["rps"] / bare,
        f"{name}_of_noop": found["rps"] / noop_rps,
    }


def orders(folder: Path, count: int) -> Path:
    """A file of applications of a crowd, a line each: key and body."""
    path = folder / "orders"
    images = [{"kind": "portrait", "sha256": sha256(PORTRAIT).hexdigest()}]
    common = {
        "service": "new_individual",
        "applicant_kind": "self",
        "taken_at": "2026-11-23T09:59:00+08:00",
        "phone": "13800138000",
        "address": "重庆市渝中区示例路1号",
        "bank": "重庆银行",
        "signature": "window",
        "images": images,
    }
    with path.open("w", encoding="utf-8") as file:
        for i, (number, name) in enumerate(zip(numbers(count), names(count), strict=True)):
            holder = {"paper": "resident_id", "number": number, "name": name}
            body = common | {"kiosk_id": f"{i % 50:04}", "applicant": holder}
            file.write(f"{uuid.uuid4()} {json.dumps(body, ensure_ascii=False)}\n")
    return path


def _seed(folder: Path, url: str) -> None:
    with Database(folder, url=url) as database, database.write() as session:
        people = zip(numbers(COUNT), names(COUNT), strict=True)
        rows = [{"id_number": number, "name": name, "insured": True} for number, name in people]
        session.execute(insert(Person), rows)


def with_portrait(address: str) -> None:
    """Send the picture that every application names."""
    name = sha256(PORTRAIT).hexdigest()
    kind = {"Content-Type": "image/jpeg"}
    httpx.put(f"{address}/v1/images/{name}", content=PORTRAIT, headers=kind).raise_for_status()


@contextmanager
def serving(folder: Path, url: str) -> Iterator[str]:
    """A centre in a folder as a process, its tables at a URL; its address."""
    serve = ["-m", "central", "serve", "--port", "0", "--data", str(folder)]
    with _program(serve, folder, url) as address:
        yield address


@contextmanager
def _program(command: Sequence[str], folder: Path, url: str) -> Iterator[str]:
    env = os.environ | {URL: url, "PYTHONPATH": str(ROOT)}
    program = Program("centre", [sys.executable, *command], folder / "centre.log", env=env)
    try:
        yield json.loads(program.line("{", START_S))["url"]
    finally:
        program.end()


def _wrk(url: str, path: Path, *, once: bool = True) -> Figures:
    """Hand in applications, each once. Raises if one was not taken, or there were too few."""
    command = ["wrk", "-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{SECONDS}s"]
    command += ["--timeout", "20s"]
    command += ["-s", str(Path(__file__).with_suffix(".lua")), f"{url}/v1/applications"]
    done = subprocess.run(
        [*command, "--", str(path), str(THREADS)], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    if found["not_2xx"] or found["lost"] or (once and found["requests"] > COUNT):
        raise RuntimeError(f"not every application was taken, or some twice: {found}")
    return {
        "rps": found["requests"] / found["us"] * 1e6,
        "p50_ms": found["p50_us"] / 1000,
        "p99_ms": found["p99_us"] / 1000,
    }


def _bare(folder: Path, url: str) -> float:
    """Transactions a second of the driver alone, with the rows the centre wrote."""
    with Database(folder, url=url) as database, database.write() as session:
        rows: Rows = {
            table: [
                tuple(row)
                for row in session.execute(text(f"SELECT * FROM {table} ORDER BY {order}"))
            ]
            for table, order in TABLES.items()
        }
        for table in reversed(TABLES):
            session.execute(text(f"DELETE FROM {table}"))
    return _postgresql(url, rows) if url else _sqlite(folder / FILE, rows)


def _sqlite(path: Path, rows: Rows) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")

    def write(statements: list[tuple[str, tuple[Any, ...]]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")

    rate = _timed(rows, "?", write)
    connection.close()
    return rate


def _postgresql(url: str, rows: Rows) -> float:
    plain = make_url(url).render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:

        def write(statements: list[tuple[str, tuple[Any, ...]]]) -> None:
            with connection.transaction():
                for statement, values in statements:
                    connection.execute(statement, values)  # type: ignore[arg-type]

        return _timed(rows, "%s", write)


def _timed(
    rows: Rows, mark: str, write: Callable[[list[tuple[str, tuple[Any, ...]]]], None]
) -> float:
    """Write the rows of one application after another; how many a second."""
    each = len(rows["application"])
    batches: list[list[tuple[str, tuple[Any, ...]]]] = [[] for _ in range(each)]
    for table in TABLES:
        for i, row in enumerate(rows[table]):
            marks = ", ".join([mark] * len(row))
            values = tuple(
                json.dumps(value) if isinstance(value, dict | list) else value for value in row
            )
            batches[i * each // len(rows[table])].append(
                (f"INSERT INTO {table} VALUES ({marks})", values)
            )
    start = time.monotonic()
    for batch in batches:
        write(batch)
    return each / (time.monotonic() - start)
