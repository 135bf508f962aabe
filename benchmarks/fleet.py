"""A fleet that waits for its configuration in one centre process, and is given a new one.

2,000 and 10,000 kiosks wait by long poll; then all are given a revision of 8 KB, by another process
as a command would. Told: until the last has *heard* of it, and until 1,000 have *proven* it
(timestamp, snapshot, targets, document: four requests each). Kiosks and centre share the machine.
Peer of the run: Mosquitto with a retained message of 8 KB, where it is installed.
"""

import asyncio
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.processes import cpu_s, pss_mb
from central.audit.records import Actor, Kind
from central.clock import china_now
from central.database import URL, Database
from central.fleet import contents, keys, records, service
from deploy.program import ROOT, Program

FLEETS = (2_000, 10_000)
AT_ONCE = 200
"""Connections on their way at one time, and kiosks that prove their document at one time."""
PROVING = 1_000
"""So many prove it: the others' connections would rest too long while they wait for their turn."""
REST_S = 5.0
PUSHES = 2
BEAT_S = 4.0
BEATING = 64
ANNA, BERT = Actor(Kind.USER, "anna"), Actor(Kind.USER, "bert")
CONTENT = json.dumps(
    {"texts": {f"words {n}": {"zh": "字" * 20, "en": "w" * 40} for n in range(54)}}
)

Figures = dict[str, float]
Link = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Served:
    """A centre that serves: its address, its process, the port of its metrics."""

    url: str
    pid: int
    metrics: int

    def waiting(self) -> int:
        """How many kiosks wait now."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics}/metrics") as answer:
            text = answer.read().decode()
        line = next(each for each in text.splitlines() if each.startswith("centre_kiosks_waiting "))
        return int(float(line.split()[1]))


def measure() -> Figures:
    """Seconds until all know and have it, memory and processor of the centre, and of Mosquitto."""
    figures: Figures = {}
    for count in FLEETS:
        with tempfile.TemporaryDirectory() as name:
            figures |= _centre(Path(name), count)
        if broker := _mosquitto():
            with tempfile.TemporaryDirectory() as name:
                figures |= _peer(broker, Path(name), count)
    return figures


def _centre(folder: Path, count: int) -> Figures:
    with Database(folder, url="") as database:
        keys.make(folder, [folder / "stick"], china_now())
        with database.write() as session:
            for number in range(count):
                records.kiosk(session, f"{number:04}")
            made = contents.propose(session, CONTENT, "", ANNA, china_now()).id
            contents.approve(session, keys.load(folder).seal, made, BERT, china_now())
        metrics = free_port()
        serve = ["-m", "central", "serve", "--port", "0", "--data", str(folder)]
        serve += ["--metrics-port", str(metrics)]
        env = os.environ | {URL: "", "PYTHONPATH": str(ROOT)}
        program = Program("centre", [sys.executable, *serve], folder / "centre.log", env=env)
        try:
            url = json.loads(program.line("{", 60.0))["url"]
            centre = Served(url, program.pid, metrics)
            told = asyncio.run(_kiosks(centre, count, _giver(database, count, made)))
        finally:
            program.end()
    return {f"fleet_{count}_{key}": value for key, value in told.items()}


def _giver(database: Database, count: int, content: int) -> Callable[[], None]:
    def give() -> None:
        with database.write() as session:
            numbers = [f"{number:04}" for number in range(count)]
            service.give(session, numbers, content, BERT, china_now())

    return give


async def _kiosks(centre: Served, count: int, give: Callable[[], None]) -> Figures:
    where, pid = urlsplit(centre.url), centre.pid
    before = pss_mb(pid)
    links, connect_s = await connected(
        count, lambda: asyncio.open_connection(where.hostname, where.port)
    )
    told: Figures = {"connect_s": connect_s, "heard_by_all_s": 0.0}
    for push in range(PUSHES):
        pushed = await _push(links, centre, push, give)
        told["heard_by_all_s"] = max(told["heard_by_all_s"], pushed.pop("heard_s"))
        told |= pushed
    told["kb_a_kiosk"] = (told.pop("mb") - before) * 1024 / count
    used, start = cpu_s(pid), time.monotonic()
    proving = links[:PROVING]
    await _each(proving, _prove)
    told[f"proven_by_{len(proving)}_s"] = time.monotonic() - start
    told["prove_cpu_ms_a_kiosk"] = (cpu_s(pid) - used) / len(proving) * 1000
    told["reports_a_second"] = await _beats(links[:BEATING])
    for _, writer in links:
        writer.close()
    return told


async def _push(links: list[Link], centre: Served, push: int, give: Callable[[], None]) -> Figures:
    """All wait for the next revision, and are given it."""
    pid = centre.pid
    waits = [asyncio.create_task(_hear(link, n, push)) for n, link in enumerate(links)]
    while await asyncio.to_thread(centre.waiting) < len(links):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.5)
    idle = cpu_s(pid)
    await asyncio.sleep(REST_S)
    told = {"idle_cpu_percent": (cpu_s(pid) - idle) / REST_S * 100, "mb": pss_mb(pid)}
    used = cpu_s(pid)
    await asyncio.to_thread(give)
    start = time.monotonic()  # the change is durable: from now on it may be heard
    await asyncio.gather(*waits)
    return told | {"heard_s": time.monotonic() - start, "hear_cpu_s": cpu_s(pid) - used}


async def connected(count: int, connect: Callable[[], Awaitable[Link]]) -> tuple[list[Link], float]:
    """So many connections, and the seconds until the last stands."""
    gate, start = asyncio.Semaphore(AT_ONCE), time.monotonic()

    async def one() -> Link:
        async with gate:
            return await connect()

    links = await asyncio.gather(*(one() for _ in range(count)))
    return links, time.monotonic() - start


async def _each(links: list[Link], act: Callable[[Link, int], Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(link: Link, number: int) -> None:
        async with gate:
            await act(link, number)

    await asyncio.gather(*(one(link, number) for number, link in enumerate(links)))


async def _hear(link: Link, number: int, known: int) -> None:
    more = f'If-None-Match: "{known}"\r\nPrefer: wait=50\r\n'
    while True:
        status, body = await ask(link, number, "GET", "desired", more)
        if status == 200:
            if json.loads(body)["revision"] != known + 1:
                raise RuntimeError(body.decode())
            return


async def _prove(link: Link, number: int) -> None:
    for name in ("metadata/timestamp.json", "metadata/snapshot.json", "metadata/targets.json"):
        status, _ = await ask(link, number, "GET", name)
        if status != 200:
            raise RuntimeError(f"{name}: {status}")
    status, body = await ask(link, number, "GET", f"targets/kiosk/{number:04}.json")
    if status != 200 or json.loads(body)["revision"] != PUSHES:
        raise RuntimeError(f"document: {status}")


async def _beats(links: list[Link]) -> float:
    report = {"state": "committed", "revision": PUSHES, "serving": PUSHES, "version": "1.4.0"}
    report |= {"devices": {"printer": "ok", "camera": "ok"}, "consumables": {"paper_m": 31.5}}
    body, end, count = json.dumps(report), time.monotonic() + BEAT_S, 0

    async def beat(link: Link, number: int) -> None:
        nonlocal count
        while time.monotonic() < end:
            status, _ = await ask(link, number, "PUT", "reported", body=body)
            if status != 200:
                raise RuntimeError(f"report: {status}")
            count += 1

    start = time.monotonic()
    await asyncio.gather(*(beat(link, number) for number, link in enumerate(links)))
    return count / (time.monotonic() - start)


async def ask(  # noqa: PLR0913, PLR0917 - a request
    link: Link, number: int, method: str, path: str, more: str = "", body: str = ""
) -> tuple[int, bytes]:
    """Status and body of what a kiosk asks over its connection."""
    status, _, data = await answered(link, number, method, path, more, body)
    return status, data


async def answered(  # noqa: PLR0913, PLR0917 - a request
    link: Link, number: int, method: str, path: str, more: str = "", body: str = ""
) -> tuple[int, dict[bytes, bytes], bytes]:
    """The same with the answer's headers, in small letters."""
    reader, writer = link
    if body:
        more += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    head = f"{method} /v1/kiosks/self/{path} HTTP/1.1\r\nHost: c\r\nX-Device: kiosk:{number:04}\r\n"
    writer.write(f"{head}{more}\r\n{body}".encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    fields = dict(row.lower().split(b": ", 1) for row in answer.split(b"\r\n")[1:] if b": " in row)
    length = int(fields.get(b"content-length", b"0"))
    return int(answer.split(b" ", 2)[1]), fields, await reader.readexactly(length)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def _mosquitto() -> str | None:
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


def _peer(broker: str, folder: Path, count: int) -> Figures:
    """The same number of subscribers of one retained message of the same size, MQTT 3.1.1."""
    port = free_port()
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_connections -1\n")
    with subprocess.Popen([broker, "-c", str(config)], stderr=subprocess.DEVNULL) as process:
        try:
            told = asyncio.run(_subscribers(port, process.pid, count))
        finally:
            process.terminate()
    return {f"mosquitto_{count}_{key}": value for key, value in told.items()}


async def _subscribers(port: int, pid: int, count: int) -> Figures:
    for _ in range(200):
        try:
            publisher = await _mqtt(port, "publisher")
            break
        except OSError:
            await asyncio.sleep(0.05)
    else:
        raise RuntimeError("Mosquitto did not begin")
    before, numbers = pss_mb(pid), iter(range(count))
    links, connect_s = await connected(count, lambda: _subscribed(port, next(numbers)))
    await asyncio.sleep(REST_S)
    told: Figures = {"connect_s": connect_s}
    told["kb_a_kiosk"] = (pss_mb(pid) - before) * 1024 / count
    used, start = cpu_s(pid), time.monotonic()
    publisher[1].write(_packet(0x31, _text("fleet") + CONTENT.encode()))
    await asyncio.gather(*(_packet_of(reader) for reader, _ in links))
    told["had_by_all_s"] = time.monotonic() - start
    told["cpu_s"] = cpu_s(pid) - used
    for _, writer in (*links, publisher):
        writer.close()
    return told


async def _mqtt(port: int, name: str) -> Link:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_packet(0x10, _text("MQTT") + b"\x04\x02" + struct.pack("!H", 300) + _text(name)))
    await _packet_of(reader)
    return reader, writer


async def _subscribed(port: int, number: int) -> Link:
    link = await _mqtt(port, f"kiosk-{number:04}")
    link[1].write(_packet(0x82, struct.pack("!H", 1) + _text("fleet") + b"\x00"))
    await _packet_of(link[0])
    return link


def _packet(kind: int, body: bytes) -> bytes:
    size, length = len(body), bytearray()
    while True:
        size, digit = divmod(size, 128)
        length.append(digit | (0x80 if size else 0))
        if not size:
            return bytes([kind]) + bytes(length) + body


def _text(text: str) -> bytes:
    return struct.pack("!H", len(text.encode())) + text.encode()


async def _packet_of(reader: asyncio.StreamReader) -> bytes:
    await reader.readexactly(1)
    size, shift = 0, 0
    while True:
        digit = (await reader.readexactly(1))[0]
        size |= (digit & 0x7F) << shift
        shift += 7
        if not digit & 0x80:
            return await reader.readexactly(size)
