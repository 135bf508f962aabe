"""kill -9 of the centre under load, again and again: nothing acknowledged is lost, nothing is done twice.

Clients hand in applications as kiosks do: each with a key of its own, repeated with that key until
somebody answers. The centre is killed at moments that follow each other across a request.
"""

import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert, select

from benchmarks.crowd import names, numbers
from central.applications.records import Application
from central.audit.chain import broken_at
from central.audit.records import AuditEntry
from central.database import URL, Database
from central.idempotency import KeptAnswer
from central.people.records import Person
from deploy.pictures import jpeg

KILLS = [
    ("sqlite", 8),
    ("postgresql", 4),
    pytest.param("sqlite", 50, marks=pytest.mark.thorough),
]
CLIENTS = 6
BETWEEN = 30  # answers between two kills, at least
PORTRAIT = jpeg(b"a portrait")

pytestmark = pytest.mark.slow


class Killed:
    """The centre as a process on one port, killed and started again."""

    def __init__(self, zygote, folder):
        self.zygote, self.port = zygote, 0
        self.arguments = ["serve", "--data", str(folder), "--port"]

    def start(self):
        self.zygote.stdin.write(json.dumps([*self.arguments, str(self.port)]) + "\n")
        self.zygote.stdin.flush()
        self.pid = int(self.zygote.stdout.readline())
        self.url = json.loads(self.zygote.stdout.readline())["url"]
        self.port = int(self.url.rpartition(":")[2])

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        assert self.zygote.stdout.readline() == f"dead {signal.SIGKILL:d}\n"


@pytest.fixture
def zygote(database_url):
    """A process that has imported everything, and forks a centre an order."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.central.zygote"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd()), URL: database_url},
    ) as process:
        yield process
        process.stdin.close()
        assert process.wait(timeout=20) == 0


class Crowd:
    """Clients that hand in the applications of people, each until it is answered."""

    def __init__(self, order, people, url):
        self.todo = queue.SimpleQueue()
        for person in people:
            self.todo.put((str(uuid.uuid4()), *person))
        self.order, self.url = order, url
        self.answers, self.again, self.errors = {}, Counter(), []
        self.answered = threading.Semaphore(0)
        self.stop = threading.Event()

    def run(self, kiosk):
        with httpx.Client(base_url=self.url, timeout=20) as client:
            while not self.stop.is_set():
                key, number, name = self.todo.get()
                body = self.body(kiosk, number, name)
                while (answer := self.send(client, key, body)) is None:
                    self.again[key] += 1
                if answer.status_code != 201:
                    self.errors.append(answer.text)
                self.answers[key] = answer.json().get("voucher_no")
                self.answered.release()

    def body(self, kiosk, number, name):
        images = [{"kind": "portrait", "sha256": hashlib.sha256(PORTRAIT).hexdigest()}]
        holder = {"paper": "resident_id", "number": number, "name": name}
        return self.order(kiosk_id=kiosk, applicant=holder, signature="window", images=images)

    @staticmethod
    def send(client, key, body):
        """The answer; None where there was none, or the centre asks for patience."""
        try:
            answer = client.post("/v1/applications", json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None
        return None if answer.status_code in (409, 503) and answer.json()["retryable"] else answer


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("store", "kills"), KILLS, indirect=["store"])
def test_killed_under_load(centre, kills, database_url, order, zygote):
    folder, count = centre.folder, kills * BETWEEN * 3
    people = list(zip(numbers(count), names(count), strict=True))
    with centre.database.write() as session:
        rows = [{"id_number": n, "name": name, "insured": True} for n, name in people]
        session.execute(insert(Person), rows)
    killed = Killed(zygote, folder)
    killed.start()
    name = hashlib.sha256(PORTRAIT).hexdigest()
    kind = {"Content-Type": "image/jpeg"}
    assert httpx.put(f"{killed.url}/v1/images/{name}", content=PORTRAIT, headers=kind).is_success
    crowd = Crowd(order, people, killed.url)
    threads = [
        threading.Thread(target=crowd.run, args=(f"{i:04}",), daemon=True) for i in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for kill in range(kills):
        for _ in range(BETWEEN + kill):  # never the same moment of the same request
            assert crowd.answered.acquire(timeout=60)
        killed.kill()
        killed.start()
    crowd.stop.set()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    killed.kill()
    assert crowd.errors == []
    assert crowd.again, "no request ever met a kill: the test shows nothing"
    with Database(folder, url=database_url) as database, database.read() as session:
        held = {row.key: row for row in session.scalars(select(Application))}
        kept = set(session.scalars(select(KeptAnswer.key)))
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    assert {key: held[key].voucher_no for key in crowd.answers} == crowd.answers
    assert held.keys() == crowd.answers.keys() == kept
    assert len({row.number for row in held.values()}) == len(held)
    assert broken_at(entries) is None
