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
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from benchmarks.fleet import ANNA, BERT, CONTENT, Figures, Link, answered, ask, connected, free_port
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
    """The centre has too many at once: rest so many seconds, and ask again."""

    def __init__(self, after_s: float) -> None:
        super().__init__()
        self.after_s = after_s


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
            asyncio.create_task(_kiosk(Kiosk(port, number, seen), link))
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


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One of the fleet. As in kiosk/push.py one thread asks and another reports, each by itself."""

    port: int
    number: int
    seen: Seen
    rhythm: Rhythm = field(default_factory=Rhythm)

    async def insists(self, once: Callable[[Link], Awaitable[T]]) -> T:
        """What comes of it in the end; after a failure it rests and asks over a new connection."""
        failures = 0
        while True:
            link, told_s = None, 0.0
            try:
                async with asyncio.timeout(LATE_S):
                    link = await asyncio.open_connection("127.0.0.1", self.port)
                return await once(link)
            except SentAwayError as error:
                told_s = error.after_s
                self.seen.failed["sent_away"] += 1
            except (OSError, EOFError) as error:
                late = isinstance(error, TimeoutError)
                self.seen.failed["late" if late else "refused"] += 1
            finally:
                if link is not None:
                    link[1].close()
            failures += 1
            await asyncio.sleep(self.rhythm.back_off(failures, told_s))

    async def says(self, link: Link, method: str, path: str, more: str = "", body: str = "") -> int:
        """The status of one request."""
        began = time.monotonic()
        async with asyncio.timeout(LATE_S):
            status, said, _ = await answered(link, self.number, method, path, more, body)
        if status not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            raise SentAwayError(float(said.get(b"retry-after", b"0")))
        self.seen.note(began)
        return status

    async def waits(self, link: Link) -> None:
        """Ask for news until the centre is away."""
        with suppress(OSError, EOFError):
            while True:
                more = f"{KNOWN}Prefer: wait={WAIT_S:g}\r\n"
                await ask(link, self.number, "GET", "desired", more)
                await asyncio.sleep(self.rhythm.spread(1.0))
        link[1].close()

    async def asks(self, link: Link) -> bool:
        """Ask whether there is news, and take it; whether there was."""
        if await self.says(link, "GET", "desired", KNOWN) == HTTPStatus.NOT_MODIFIED:
            return False
        await asyncio.sleep(self.rhythm.spread(self.rhythm.spread_s))
        for path in (*FILES, f"targets/kiosk/{self.number:04}.json"):
            await self.says(link, "GET", path)
        return True

    async def reports(self, told: str) -> None:
        """Say how it is, when the centre takes it."""
        await self.insists(lambda link: self.says(link, "PUT", "reported", body=told))

    async def reports_when_due(self) -> None:
        """Reports are due within a minute, each at its own moment (central/fleet/service.py)."""
        await asyncio.sleep(self.rhythm.spread(service.REST_S))
        await self.reports(json.dumps(REPORT))


async def _kiosk(kiosk: Kiosk, link: Link) -> None:
    """Wait, and when the centre was away ask, take what is new, and report."""
    await kiosk.waits(link)
    await asyncio.sleep(kiosk.rhythm.back_off(1))
    news, _ = await asyncio.gather(kiosk.insists(kiosk.asks), kiosk.reports_when_due())
    if news:
        await kiosk.reports(json.dumps(HAS_IT))
    kiosk.seen.done.append(time.monotonic() - kiosk.seen.back)
