"""Kiosk, centre, station and card as one small world, in which any request can go wrong.

The centre is the real one over HTTP; a crash opens its store anew. A station keeps its journal, a
card what was written to it; the rest of a station is lost when it is switched off.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from central.applications.records import find
from central.applications.states import move
from central.audit.records import Actor, Kind
from central.cards.ledger import Act
from central.centre import Settings, open_centre
from central.clock import CHINA
from central.issuance import making, personalisation
from regulation.rules import load_rules
from regulation.terms import load_calendar

ATR = "3B6D000000815443435086330102030405"
STATIONS = ("W301-1", "W301-2")
WANG, LI = Actor(Kind.USER, "wang"), Actor(Kind.USER, "li")

PEOPLE = {
    "11010519491231002X": "张三",  # has no card at first
    "50010319850612019X": "刘强",  # has one
}
OLD = "A00000001"
SEED = """
[[person]]
id_number = "11010519491231002X"
name = "张三"
insured = true
phone = "13800138000"
[[person]]
id_number = "50010319850612019X"
name = "刘强"
insured = true
phone = "13800138001"
[[person.card]]
number = "A00000001"
identifier = "500000D15600000500000001FFFFFFFF"
state = "ACTIVE"
bank = "重庆银行"
"""

FINE, REPEAT, NEVER_SENT, NO_COMMIT, CRASH, REPLY_LOST = FAULTS = (
    "fine",
    "repeated",
    "never sent",
    "centre dies at the commit",
    "centre dies after the commit",
    "reply lost",
)
RULES, CALENDAR = load_rules(Path("config/rules.toml")), load_calendar(Path("config/workdays.toml"))


class World:
    """An open centre in a folder of its own, served by `app`; `client` speaks to it."""

    def __init__(self, folder, app, client):
        self.folder, self.app, self.client = folder, app, client
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
        self.blanks = iter(range(0x100, 0xFFF))
        self.open()

    def open(self):
        settings = Settings(agent_daily_limit=9)
        centre = open_centre(self.folder, RULES, CALENDAR, settings, lambda: self.now, url="")
        self.centre = self.app.state.centre = centre

    def reopen(self):
        """What a crash leaves: the store, and nothing of the process."""
        self.close()
        self.open()

    def close(self):
        self.centre.database.close()

    def request(self, fault, method, path, key, headers, body):
        """The answer; None for who asked and heard none."""

        def ask():
            more = {"Idempotency-Key": key} if key else {}
            return self.client.request(method, path, json=body, headers=headers | more)

        if fault == NEVER_SENT:
            return None
        if fault == NO_COMMIT:
            with self._commits_fail():
                ask()
            return None
        answer = ask()
        assert answer.status_code < 500, answer.text
        if fault == REPEAT:
            again = ask()
            if answer.is_success and key:
                assert (again.status_code, again.content) == (answer.status_code, answer.content)
            answer = again
        if fault == CRASH:
            self.reopen()
        return answer if fault in {FINE, REPEAT} else None

    def turn(self, fault, function, *arguments):
        """A clerk's act at the console, in the writer's turn; whether it was seen to be done."""
        if fault == NEVER_SENT:
            return False
        if fault == NO_COMMIT:
            with self._commits_fail():
                self._turn(function, arguments)
            return False
        self._turn(function, arguments)
        if fault == CRASH:
            self.reopen()
        return fault in {FINE, REPEAT}

    def look(self, function, *arguments):
        with self.centre.database.read() as session:
            return function(session, *arguments)

    def act(self, actor=WANG):
        return Act(actor, self.now)

    def pass_minutes(self, minutes):
        self.now += timedelta(minutes=minutes)

    def move(self, session, voucher_no, *events):
        for each in events:
            move(session, find(session, voucher_no), each, WANG, self.now)

    def _turn(self, function, arguments):
        with self.centre.database.write() as session:
            return function(session, *arguments)

    def _commits_fail(self):
        return Failing(self)


class Failing:
    """While it lasts every commit fails as a process does that is killed in it; then it is anew."""

    def __init__(self, world):
        self.world, self.engine = world, world.centre.database.writer

    def __enter__(self):
        event.listen(self.engine, "commit", self._die)

    def __exit__(self, kind, error, _trace):
        event.remove(self.engine, "commit", self._die)
        self.world.reopen()
        return kind is None or issubclass(kind, OperationalError)

    @staticmethod
    def _die(_connection):
        raise OperationalError("killed", None, Exception("killed"))


@dataclass
class Entry:
    """A card write in a station's journal, and what it decided to say of it at the end."""

    write_id: str
    texts: dict
    identifier: str | None = None
    started: bool = False
    decision: str | None = None
    keys: dict = field(default_factory=lambda: {step: str(uuid.uuid4()) for step in STEPS})


STEPS = ("start", "confirm", "reverse")


class Station:
    """A card station: its journal outlives it, and the cards it wrote to outlive everything."""

    def __init__(self, world, name, chips):
        self.world, self.name, self.chips = world, name, chips
        self.entry: Entry | None = None

    def poll(self, fault):
        answer = self._ask(fault, "GET", "/v1/stations/self/card-write")
        if answer is not None and answer.status_code == 200:
            job = answer.json()
            self.entry = Entry(job["write_id"], job["personalisation"])

    def start(self, fault, identifier):
        entry = self.entry
        entry.identifier = entry.identifier or identifier
        answer = self._step(fault, "start", {"identifier": entry.identifier})
        if answer is None:
            return
        if answer.is_success:
            entry.started = True
        else:
            entry.decision = "reverse"

    def write(self, whole):
        """Nothing is written before the centre let it start."""
        texts = dict(self.entry.texts)
        self.chips[self.entry.identifier] = (
            texts if whole else {"card_number": texts["card_number"]}
        )

    def settle(self, fault, *, give_up):
        """By what the card says; the decision is in the journal before it is sent."""
        entry = self.entry
        chip = self.chips.get(entry.identifier)
        if entry.decision is None:
            whole = entry.started and chip == entry.texts
            entry.decision = "confirm" if whole and not give_up else "reverse"
        if entry.decision == "confirm":
            sha256 = personalisation.digest(chip, entry.identifier)
            body = {"identifier": entry.identifier, "atr": ATR, "data_sha256": sha256}
        else:
            body = {"reason": "operator", "identifier": entry.identifier}
        answer = self._step(fault, entry.decision, body)
        if answer is None:
            return
        assert answer.is_success or entry.decision == "confirm", answer.text
        self.entry = None

    def _step(self, fault, step, body):
        path = f"/v1/card-writes/{self.entry.write_id}/{step}"
        return self._ask(fault, "POST", path, self.entry.keys[step], body)

    def _ask(self, fault, method, path, key=None, body=None):
        headers = {"X-Device": f"station:{self.name}"}
        return self.world.request(fault, method, path, key, headers, body)


@dataclass
class Form:
    """A console's form for a card to make: sent once, twice, or late."""

    voucher_no: str
    station: str
    write_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def wanted(self):
        return making.Wanted(self.write_id, self.voucher_no, self.station)
