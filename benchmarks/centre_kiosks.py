"""2,000 kiosks connected to one process over TLS, each with its own certificate.

Every kiosk keeps its connection and asks after its centre's health once in `EVERY_S`; peers of the
run: the same with a tenth of the kiosks. Client and server share the machine.
"""

import asyncio
import json
import os
import ssl
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from central.audit.records import SYSTEM, Actor, Kind
from central.clock import china_now
from central.database import URL, Database
from central.trust import devices
from central.trust.authority import Authority, open_authority
from deploy.certificates import own
from deploy.program import ROOT, Program

KIOSKS = 2000
EVERY_S = 10.0
ROUNDS = 3
AT_ONCE = 50
"""Handshakes on their way at one time."""

START_S = 60.0

Figures = dict[str, float]


def measure() -> Figures:
    """p50 and p99 of an answer in milliseconds, handshakes a second, and the server's memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = own(folder)
        contexts = _enrolled(folder, server.certificate)
        serve = ["-m", "central", "serve", "--port", "0", "--data", str(folder), "--trust", "tls"]
        serve += ["--tls-cert", str(server.certificate), "--tls-key", str(server.key)]
        env = os.environ | {URL: "", "PYTHONPATH": str(ROOT)}
        program = Program("centre", [sys.executable, *serve], folder / "centre.log", env=env)
        try:
            url = json.loads(program.line("{", START_S))["url"]
            few = asyncio.run(_kiosks(url, contexts[: KIOSKS // 10]))
            before = _pss(program.pid)
            many = asyncio.run(_kiosks(url, contexts, program.pid))
        finally:
            program.end()
    figures = {f"kiosks_{KIOSKS // 10}_{key}": value for key, value in few.items()}
    figures |= {f"kiosks_{KIOSKS}_{key}": value for key, value in many.items()}
    figures["kiosks_pss_before_mb"] = before
    figures["kiosks_p99_ratio"] = many["p99_ms"] / few["p99_ms"]
    return figures


def _enrolled(folder: Path, trusted: Path) -> list[ssl.SSLContext]:
    """A TLS context for each kiosk, enrolled with a code of its own."""
    authority = open_authority(folder, None, None)
    contexts: list[ssl.SSLContext] = []
    with Database(folder, url="") as database:
        for i in range(KIOSKS):
            files = _enrol(folder, database, authority, f"{i:04}")
            context = ssl.create_default_context(cafile=str(trusted))
            context.load_cert_chain(files)
            files.unlink()
            contexts.append(context)
    return contexts


def _enrol(folder: Path, database: Database, authority: Authority, number: str) -> Path:
    """The kiosk's certificate and key in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    csr = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([]))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )
    now, kiosk = china_now(), Actor(Kind.KIOSK, number)
    with database.write() as session:
        code = devices.invite(session, kiosk, SYSTEM, now, confirm=False)
    given = devices.enrol(database, authority, code, csr, now + timedelta(seconds=1))
    assert not isinstance(given, devices.Waiting)
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / f"{number}.pem"
    path.write_bytes(given.pem.encode() + key.private_bytes(Encoding.PEM, pkcs8, plain))
    return path


async def _kiosks(url: str, contexts: list[ssl.SSLContext], pid: int | None = None) -> Figures:
    """Connect them all, let each ask `ROUNDS` times, spread over the time; then let them go."""
    where = urlsplit(url)
    gate = asyncio.Semaphore(AT_ONCE)

    async def connect(context: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with gate:
            return await asyncio.open_connection(where.hostname, where.port, ssl=context)

    start = time.monotonic()
    links = await asyncio.gather(*(connect(context) for context in contexts))
    handshakes = len(links) / (time.monotonic() - start)
    took: list[float] = []

    async def kiosk(i: int) -> None:
        reader, writer = links[i]
        await asyncio.sleep(EVERY_S * i / len(links))  # kiosks do not ask in step
        for _ in range(ROUNDS):
            began = time.perf_counter()
            writer.write(b"GET /v1/health HTTP/1.1\r\nHost: centre\r\n\r\n")
            await _answer(reader)
            spent = time.perf_counter() - began
            took.append(spent * 1000)
            await asyncio.sleep(max(0.0, EVERY_S - spent))

    await asyncio.gather(*map(kiosk, range(len(links))))
    pss = {"pss_mb": _pss(pid)} if pid else {}
    async with AsyncExitStack() as stack:
        for _, writer in links:
            stack.callback(writer.close)
    cuts = statistics.quantiles(took, n=100)
    return {"p50_ms": cuts[49], "p99_ms": cuts[98], "handshakes_s": handshakes, **pss}


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode(errors="replace"))
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    await reader.readexactly(int(fields[b"content-length"]))


def _pss(pid: int) -> float:
    """Proportional set size of a process in MB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024
