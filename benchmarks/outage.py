"""A fleet whose centre was away: all come back by the kiosk's own rhythm, and nothing is lost.

10,000 kiosks wait; the centre is killed; while it is away a group of 1,000 is given a revision of
8 KB; it comes back. Every kiosk asks and reports, the thousand prove their document. From then on
is told: requests a second, the slowest, what was sent away, refused or came too late, until when
all are done, and how many reports and documents the centre has not. Kiosks and centre share the
machine, so the kiosks' own processor time is in every figure.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from benchmarks.fleet import ANNA, BERT, CONTENT, Figures, Link, ask, connected, free_port
from benchmarks.processes import cpu_s
from central.clock import china_now
from central.database import URL, Database
from central.fleet import contents, keys, records, service
from deploy.program import ROOT, Program
from kiosk.push import Rhythm

FLEET, GIVEN = 10_000, 1_000
AWAY_S = 20.0
LATE_S = 8.0
"""The kiosk's own patience with a request (`[central] timeout_s`)."""
WAIT_S = 50.0
MOST_S = 250.0
"""Whoever has nothing by then is lost."""
KNOWN = 'If-None-Match: "0"\r\n'
FILES = ("metadata/timestamp.json", "metadata/snapshot.json", "metadata/targets.json")
REPORT = {"version": "1.4.0", "devices": {"printer": "ok"}, "consumables": {"paper_m": 31.5}}
HAS_IT = REPORT | {"state": "committed", "revision": 1, "serving": 1}

T = TypeVar("T")


class SentAwayError(Exception):
    """The centre has too many at once: rest, and ask again."""


@dataclass(slots=True)
class Seen:
    """What the fleet saw since the centre is back, in seconds since then."""

    back: float = 0.0
    answered: Counter[int] = field(default_factory=Counter[int])
    took: list[float] = field(default_factory=list[float])
    failed: Counter[str] = field(default_factory=Counter[str])
    done: list[float] = field(default_factory=list[float])

    def note(self, began: float) -> None:
        """A request was answered."""
        now = time.monotonic()
        if self.back:
            self.answered[int(now - self.back)] += 1
            self.took.append(now - began)


def measure(count: int = FLEET, given: int = GIVEN) -> Figures:
    """Seconds, requests a second and milliseconds after an outage; nobody may be lost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Database(folder, url="") as database:
            keys.make(folder, [folder / "stick"], china_now())
            with database.write() as session:
                for number in range(count):
                    records.kiosk(session, f"{number:04}")
                made = contents.propose(session, CONTENT, "", ANNA, china_now()).id
                contents.approve(session, keys.load(folder).seal, made, BERT, china_now())
            told = asyncio.run(_outage(folder, count, partial(_give, database, given, made)))
            with database.read() as session:
                committed = select(func.count()).where(
                    records.Document.outcome == records.Outcome.COMMITTED
                )
                told["documents_lost"] = given - (session.scalar(committed) or 0)
                reported = select(func.count()).select_from(records.Report)
                told["reports_lost"] = count - (session.scalar(reported) or 0)
    return {f"outage_{count}_{key}": value for key, value in told.items()}


def _give(database: Database, count: int, content: int) -> None:
    with database.write() as session:
        numbers = [f"{number:04}" for number in range(count)]
        service.give(session, numbers, content, BERT, china_now())


def _serve(folder: Path, port: int) -> Program:
    serve = ["-m", "central", "serve", "--port", str(port), "--data", str(folder)]
    env = os.environ | {URL: "", "PYTHONPATH": str(ROOT)}
    program = Program("centre", [sys.executable, *serve], folder / "centre.log", env=env)
    program.line("{", 60.0)
    return program


async def _outage(folder: Path, count: int, give: partial[None]) -> Figures:
    port, seen = free_port(), Seen()
    program = await asyncio.to_thread(_serve, folder, port)
    try:
        connect = partial(asyncio.open_connection, "127.0.0.1", port)
        links, _ = await connected(count, connect)
        kiosks = [
            asyncio.create_task(_kiosk(port, number, link, seen))
            for number, link in enumerate(links)
        ]
        await asyncio.sleep(AWAY_S / 4)
        os.kill(program.pid, signal.SIGKILL)
        away = time.monotonic()
        await asyncio.to_thread(give)
        await asyncio.sleep(max(0.0, AWAY_S - (time.monotonic() - away)))
        program = await asyncio.to_thread(_serve, folder, port)
        seen.failed.clear()
        seen.back, used = time.monotonic(), cpu_s(program.pid)
        await asyncio.wait(kiosks, timeout=MOST_S)
        for each in kiosks:
            each.cancel()
        return _told(seen, count, cpu_s(program.pid) - used)
    finally:
        program.end()


def _told(seen: Seen, count: int, used_s: float) -> Figures:
    done, took, rates = sorted(seen.done), sorted(seen.took), sorted(seen.answered.values())
    if not done:
        raise RuntimeError("nobody came back")
    return {
        "half_are_done_s": done[len(done) // 2],
        "all_are_done_s": done[-1],
        "not_done": count - len(done),
        "requests": sum(rates),
        "requests_a_second": sum(rates) / done[-1],
        "busiest_second": rates[-1],
        "median_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[int(len(took) * 0.99)] * 1000,
        "worst_ms": took[-1] * 1000,
        "sent_away": seen.failed["sent_away"],
        "refused": seen.failed["refused"],
        "late": seen.failed["late"],
        "centre_cpu_s": used_s,
    }


async def _kiosk(port: int, number: int, link: Link | None, seen: Seen) -> None:
    """As kiosk/push.py: wait, and after a failure rest; then ask, take what is new, and report."""
    rhythm, failures, done = Rhythm(), 0, False
    while not done:
        try:
            if seen.back or link is None:
                link = link or await _within(LATE_S, asyncio.open_connection("127.0.0.1", port))
                await _back(link, number, seen, rhythm)
                done = True  # from now on it waits again
            else:
                await ask(link, number, "GET", "desired", f"{KNOWN}Prefer: wait={WAIT_S:g}\r\n")
                await asyncio.sleep(rhythm.spread(1.0))
        except SentAwayError:
            seen.failed["sent_away"] += 1
        except (OSError, EOFError) as error:
            seen.failed["late" if isinstance(error, TimeoutError) else "refused"] += 1
            if link is not None:
                link[1].close()
                link = None
        else:
            continue
        failures += 1
        await asyncio.sleep(rhythm.back_off(failures))


async def _back(link: Link, number: int, seen: Seen, rhythm: Rhythm) -> None:
    """What a kiosk says and asks when there is a centre again."""
    began = time.monotonic()
    status, _ = await _within(LATE_S, ask(link, number, "GET", "desired", KNOWN))
    seen.note(began)
    if status == 200:
        await asyncio.sleep(rhythm.spread(rhythm.spread_s))
        for path in (*FILES, f"targets/kiosk/{number:04}.json"):
            await _told_of(link, number, seen, "GET", path)
    report = json.dumps(HAS_IT if status == 200 else REPORT)
    await _told_of(link, number, seen, "PUT", "reported", report)
    seen.done.append(time.monotonic() - seen.back)


async def _told_of(  # noqa: PLR0913, PLR0917 - a request
    link: Link, number: int, seen: Seen, method: str, path: str, body: str = ""
) -> None:
    began = time.monotonic()
    status, _ = await _within(LATE_S, ask(link, number, method, path, body=body))
    if status != 200:
        raise SentAwayError(f"{path}: {status}")
    seen.note(began)


async def _within(seconds: float, what: Awaitable[T]) -> T:
    async with asyncio.timeout(seconds):
        return await what
