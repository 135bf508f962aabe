"""A real centre on a real port, which can be told to die, to be silent or to kill who asks."""

import os
import queue
import signal
import threading
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from central.app import build_app
from central.batches.records import Batch, BatchMember
from central.centre import Settings, open_centre, voucher_secret
from central.clock import CHINA
from central.database import Database
from central.people.records import Person
from central.people.seed import seed
from central.server import Server, listen
from regulation.rules import load_rules
from regulation.terms import load_calendar

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=CHINA)
UNIT, CLERK = "91990001MA0000001R", ("resident_id", "50010319850612019X", "刘强")


class Wire:
    """What goes wrong with the next requests: `at` is asked with method, path and their count."""

    def __init__(self):
        self.seen = []
        self.at = lambda _method, _path, _turn: ""

    def word(self, method, path):
        self.seen.append((method, path))
        turn = sum(each[0] == method and each[1] == path for each in self.seen)
        return self.at(method, path, turn)

    def count(self, method, start):
        return sum(each[0] == method and each[1].startswith(start) for each in self.seen)


class Between:
    """ASGI between server and centre: `refuse` and `lose` an answer, `kill:PID` before or after."""

    def __init__(self, app, wire):
        self.app, self.wire, self.state = app, wire, app.state

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        word, _, pid = self.wire.word(scope["method"], scope["path"]).partition(":")
        if word == "kill-before":
            os.kill(int(pid), signal.SIGKILL)
        if word in {"refuse", "kill-before"}:
            return await _answer(send, 503)

        async def swallow(_message):
            """It was done, but nobody hears of it."""

        await self.app(scope, receive, swallow if word in {"lose", "kill-after"} else send)
        if word == "kill-after":
            os.kill(int(pid), signal.SIGKILL)
        if word in {"lose", "kill-after"}:
            await _answer(send, 504)
        return None


async def _answer(send, status):
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Office:
    """The centre, its address, and what it holds."""

    def __init__(self, centre, url, wire):
        self.centre, self.url, self.wire = centre, url, wire

    def knows(self, rows):
        """These people are insured from now on."""
        with self.centre.database.write() as session:
            for row in rows:
                person = Person(
                    id_number=row[3], name=row[1], insured=True, phone=None, address=None
                )
                session.merge(person)

    def batches(self):
        """Batch number and how many people, in the order they came; those of this kiosk."""
        with self.centre.database.read() as session:
            ours = select(Batch.batch_no).where(Batch.taken_by == "0017").order_by(Batch.seq)
            members = session.scalars(select(BatchMember.batch_no)).all()
            return {number: members.count(number) for number in session.scalars(ours)}

    def people(self):
        """Everybody in a batch of this kiosk, as often as they are."""
        mine = select(BatchMember.id_number).where(BatchMember.batch_no.in_(self.batches()))
        with self.centre.database.read() as session:
            return sorted(session.scalars(mine))


@contextmanager
def office_in(folder, people=Path("config/people.toml")):
    with Database(folder) as database:
        seed(database, people, NOW.date())
    voucher_secret(folder)
    rules = load_rules(Path("config/rules.toml"))
    calendar = load_calendar(Path("config/workdays.toml"))
    settings, wire, ready = Settings(outlets={"0017": "W301"}), Wire(), queue.SimpleQueue()
    with open_centre(folder, rules, calendar, settings, lambda: NOW) as centre:
        app = Between(build_app(centre), wire)
        with listen("127.0.0.1", 0) as listener:
            server = Server(app, listener, ready.put)
            thread = threading.Thread(target=server.run)
            thread.start()
            try:
                yield Office(centre, ready.get(timeout=20), wire)
            finally:
                server.should_exit = True
                thread.join()
