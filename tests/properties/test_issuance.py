"""Whatever breaks between kiosk, window, station and card: nothing is lost, nothing is done twice."""

import hashlib
import shutil
import threading
import uuid
from collections import Counter
from contextlib import suppress
from queue import SimpleQueue

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from central.app import build_app
from central.applications.records import Application, find
from central.applications.states import CaseEvent, CaseState
from central.audit.chain import broken_at
from central.cards.records import valid_card
from central.fees import ledger as fees
from central.fees.ledger import Waiver
from central.fees.records import Fee, How
from central.fees.states import FeeState
from central.issuance import handing, making, undoing
from central.issuance.records import OPEN, CardWrite, WriteState
from central.people.seed import seed
from central.problems import ProblemError
from central.server import Server, listen
from deploy.pictures import jpeg, png
from regulation.papers import Paper
from tests.properties.window_laws import LAWS, All
from tests.properties.window_mutants import MUTANTS
from tests.properties.window_world import (
    FAULTS,
    FINE,
    LI,
    PEOPLE,
    SEED,
    STATIONS,
    Form,
    Station,
    World,
)

PICTURES = {"portrait": jpeg(b"a portrait"), "signature": png(b"a signature")}
GOING = (
    CaseState.SUBMITTED,
    CaseState.ACCEPTED,
    CaseState.FAILED,
    CaseState.READY,
    CaseState.ISSUED,
)
FAULT = st.sampled_from((FINE,) * 4 + FAULTS)
SOME = st.integers(0, 99)


class Window(RuleBasedStateMachine):
    """Any of these, in any order, with anything going wrong in any of them."""

    served: tuple
    template: object
    folders: object
    reached: Counter

    def __init__(self):
        super().__init__()
        folder = shutil.copytree(self.template, next(self.folders))
        self.world = World(folder, *self.served)
        self.chips: dict = {}
        self.stations = [Station(self.world, name, self.chips) for name in STATIONS]
        self.orders: dict = {}  # the kiosk's journal: key to (body, answer)
        self.forms: list = []
        self.blocked: set = set()
        self.receipts = iter(range(10**6))

    def teardown(self):
        self.settle_everything()
        self.world.close()

    # ---- as it should go: the next step of a citizen, a clerk, a station, with any fault in it

    @rule(steps=st.integers(1, 10), n=SOME)
    def all_goes_well_for_a_while(self, steps, n):
        """So that the walk comes far: nearest to its end first."""
        for _ in range(steps):
            prepared = {write.station for write in self.rows(CardWrite) if write.state in OPEN}
            if busy := [s for s in self.stations if s.entry or s.name in prepared]:
                self.station_goes_on(FINE, pick(busy, n))
            elif cases := self.cases(*GOING):
                self.clerk_goes_on(FINE, pick(cases, n), How.ACCOUNT, STATIONS[n % 2])
            else:
                self.applies(sorted(PEOPLE)[n % 2], FINE)

    @rule(who=st.sampled_from(sorted(PEOPLE)), fault=FAULT)
    def a_citizen_applies(self, who, fault):
        self.applies(who, fault)

    def applies(self, who, fault):
        has = self.world.look(valid_card, who)
        body = order(who, PEOPLE[who], "replace_individual" if has else "new_individual")
        key = str(uuid.uuid4())
        self.orders[key] = (body, None)
        self.submit(fault, key)

    @precondition(lambda self: self.unsent())
    @rule(fault=FAULT, n=SOME)
    def the_kiosk_sends_again(self, fault, n):
        self.submit(fault, pick(self.unsent(), n))

    @precondition(lambda self: self.cases(*GOING))
    @rule(fault=FAULT, n=SOME, how=st.sampled_from(How), station=st.sampled_from(STATIONS))
    def a_clerk_goes_on(self, fault, n, how, station):
        self.clerk_goes_on(fault, pick(self.cases(*GOING), n), how, station)

    def clerk_goes_on(self, fault, case, how, station):
        act = self.world.act()
        match self.state(case):
            case CaseState.SUBMITTED:
                self.clerk(fault, self.world.move, case, CaseEvent.TAKE_UP, CaseEvent.ACCEPT)
            case CaseState.ACCEPTED if case in self.owing():
                self.pay(fault, case, how)
            case CaseState.ACCEPTED | CaseState.FAILED:
                self.forms.append(Form(case, station))
                self.send(fault, self.forms[-1])
            case CaseState.READY if self.world.look(handing.card_of, case).state == "ACTIVE":
                self.hand_over(fault, case)
            case _:
                self.clerk(fault, handing.activate, case, act)

    @rule(fault=FAULT, n=SOME)
    def a_station_goes_on(self, fault, n):
        self.station_goes_on(fault, pick(self.stations, n))

    def station_goes_on(self, fault, station):
        entry = station.entry
        if entry is None:
            station.poll(fault)
        elif not entry.started and entry.decision is None:
            station.start(fault, f"500000D15600000500000{next(self.world.blanks):03X}FFFFFFFF")
        elif entry.started and entry.identifier not in self.chips and entry.decision is None:
            station.write(whole=True)
        else:
            station.settle(fault, give_up=False)

    # ---- as it should not

    @precondition(lambda self: self.cases(CaseState.SUBMITTED))
    @rule(fault=FAULT, n=SOME)
    def a_case_is_sent_back(self, fault, n):
        case = pick(self.cases(CaseState.SUBMITTED), n)
        self.clerk(fault, self.world.move, case, CaseEvent.TAKE_UP, CaseEvent.SEND_BACK)

    @precondition(lambda self: self.cases(CaseState.ACCEPTED, CaseState.FAILED))
    @rule(fault=FAULT, n=SOME, paid=st.booleans())
    def a_case_is_withdrawn(self, fault, n, paid):
        case = pick(self.cases(CaseState.ACCEPTED, CaseState.FAILED), n)
        if paid and case in self.owing():
            self.pay(FINE, case, How.CASH)
        self.clerk(fault, self.world.move, case, CaseEvent.WITHDRAW)

    @precondition(lambda self: self.owing())
    @rule(fault=FAULT, n=SOME, ground=st.sampled_from(["minimum_living", "fire"]))
    def a_fee_is_waived(self, fault, n, ground):
        schedule = self.world.centre.settings.fees
        waiver = Waiver(ground, schedule, LI if ground == "fire" else None)
        self.clerk(fault, fees.waive, pick(self.owing(), n), waiver, self.world.act())

    @precondition(lambda self: self.cases(CaseState.READY))
    @rule(fault=FAULT, n=SOME)
    def a_card_is_handed_over_before_it_is_activated(self, fault, n):
        self.hand_over(fault, pick(self.cases(CaseState.READY), n))

    @precondition(lambda self: self.forms)
    @rule(fault=FAULT, n=SOME)
    def a_form_is_sent_once_more_or_late(self, fault, n):
        self.send(fault, pick(self.forms, n))

    @precondition(lambda self: self.cases())
    @rule(fault=FAULT, n=SOME, station=st.sampled_from(STATIONS))
    def a_reversal_overtakes_its_form(self, fault, n, station):
        form = Form(pick(self.cases(), n), station)
        self.forms.append(form)
        path, body = f"/v1/card-writes/{form.write_id}/reverse", {"reason": "operator"}
        headers = {"X-Device": f"station:{station}"}
        answer = self.world.request(fault, "POST", path, str(uuid.uuid4()), headers, body)
        if answer is not None:
            self.blocked.add(form.write_id)
            self.send(FINE, form)

    @precondition(lambda self: self.writes(*OPEN))
    @rule(fault=FAULT, n=SOME)
    def two_clerks_end_a_write_by_hand(self, fault, n):
        write = pick(self.writes(*OPEN), n)
        self.clerk(fault, undoing.end_by_hand, write, self.world.act(), LI)

    @precondition(lambda self: self.starting() and self.chips)
    @rule(fault=FAULT, n=SOME)
    def a_station_starts_with_a_blank_that_lay_around(self, fault, n):
        station = pick(self.starting(), n)
        station.start(fault, pick(sorted(self.chips), n))
        if station.entry.started:
            station.write(whole=True)

    @precondition(lambda self: self.working())
    @rule(fault=FAULT, n=SOME, whole=st.booleans())
    def a_station_is_switched_off_while_it_writes(self, fault, n, whole):
        """On again, it goes by what the card says; or its people give the card up."""
        station = pick(self.working(), n)
        if station.entry.started and station.entry.decision is None:
            station.write(whole=whole)
        station.settle(fault, give_up=whole)

    @rule(minutes=st.integers(1, 30))
    def time_passes(self, minutes):
        self.world.pass_minutes(minutes)
        undoing.run_due(self.world.centre)

    @rule()
    def the_centre_crashes(self):
        self.world.reopen()

    @invariant()
    def what_always_holds(self):
        all_ = self.world.look(All)
        for law in LAWS:
            law(self, all_)

    def settle_everything(self):
        """In the end every station is heard, and nothing stays open."""
        for station in self.stations:
            if station.entry is not None:
                station.settle(FINE, give_up=False)
        self.world.pass_minutes(60)
        undoing.run_due(self.world.centre)
        assert not self.writes(*OPEN)
        self.what_always_holds()
        all_ = self.world.look(All)
        assert broken_at(all_.audit) is None
        self.reached.update(CaseState(case.state) for case in all_.cases)
        self.reached.update(write.state for write in all_.writes)
        self.reached.update(fee.state for fee in all_.fees)

    def submit(self, fault, key):
        body, _ = self.orders[key]
        headers = {"X-Device": "kiosk:0017"}
        answer = self.world.request(fault, "POST", "/v1/applications", key, headers, body)
        if answer is not None:
            self.orders[key] = (body, answer.json()["voucher_no"] if answer.is_success else "")

    def pay(self, fault, case, how):
        receipt = f"5000{next(self.receipts):08}"
        self.clerk(fault, fees.settle, case, how, receipt, self.world.act())

    def send(self, fault, form):
        self.clerk(fault, making.prepare, self.world.centre, form.wanted(), self.world.act())

    def hand_over(self, fault, case):
        card = self.world.look(handing.card_of, case)
        old = handing.OldCard.TAKEN if card.replaces else handing.OldCard.NONE
        given = handing.Given(handing.Taker.HOLDER, Paper.RESIDENT_ID, None, old, "W301")
        self.clerk(fault, handing.hand_over, case, given, self.world.act())

    def clerk(self, fault, function, *arguments):
        """A clerk may always be told no; then nothing has changed."""
        with suppress(ProblemError):
            self.world.turn(fault, function, *arguments)

    def rows(self, table):
        return self.world.look(lambda session: list(session.scalars(select(table))))

    def cases(self, *which):
        found = self.rows(Application)
        return sorted(c.voucher_no for c in found if not which or CaseState(c.state) in which)

    def writes(self, *which):
        return sorted(write.id for write in self.rows(CardWrite) if write.state in which)

    def state(self, voucher_no):
        return CaseState(self.world.look(find, voucher_no).state)

    def unsent(self):
        return sorted(key for key, (_, answer) in self.orders.items() if answer is None)

    def starting(self):
        return [s for s in self.working() if not s.entry.started and s.entry.decision is None]

    def working(self):
        return [station for station in self.stations if station.entry is not None]

    def owing(self):
        due = {fee.voucher_no for fee in self.rows(Fee) if fee.state is FeeState.DUE}
        return sorted(due & set(self.cases(CaseState.SUBMITTED, CaseState.ACCEPTED)))


def pick(items, n):
    return items[n % len(items)]


def order(number, name, service):
    replaced = service == "replace_individual"
    return {
        "service": service,
        "applicant_kind": "self",
        "kiosk_id": "0017",
        "taken_at": "2026-11-23T09:59:00+08:00",
        "applicant": {"paper": "resident_id", "number": number, "name": name, "valid_to": "长期"},
        "agent": None,
        "phone": "13800138000",
        "bank": "重庆银行",
        "signature": "screen",
        "images": [
            {"kind": kind, "sha256": hashlib.sha256(data).hexdigest()}
            for kind, data in PICTURES.items()
        ],
    } | ({"reason": "damaged", "portrait": "change"} if replaced else {})


@pytest.fixture(scope="module")
def served():
    """One server for all worlds, each of which puts its centre into the app."""
    app, ready = build_app(None), SimpleQueue()
    with listen("127.0.0.1", 0) as listener:
        server = Server(app, listener, ready.put)
        thread = threading.Thread(target=server.run)
        thread.start()
        with httpx.Client(base_url=ready.get(timeout=20), timeout=20) as client:
            yield app, client
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def template(served, tmp_path_factory):
    """A centre with two people and the pictures, to be copied."""
    folder = tmp_path_factory.mktemp("template") / "data"
    people = folder.with_name("people.toml")
    people.write_text(SEED, encoding="utf-8")
    world = World(folder, *served)
    seed(world.centre.database, people, world.now.date())
    for data, kind in zip(PICTURES.values(), ("jpeg", "png"), strict=True):
        path = f"/v1/images/{hashlib.sha256(data).hexdigest()}"
        headers = {"Content-Type": f"image/{kind}", "X-Device": "kiosk:0017"}
        assert world.client.put(path, content=data, headers=headers).status_code == 201
    world.close()
    return folder


@pytest.fixture
def machine(served, template, tmp_path):
    """The machine, over fresh copies of the template."""
    folders = (tmp_path / str(n) for n in range(10**6))
    return type(
        "Machine",
        (Window,),
        {"served": served, "template": template, "folders": folders, "reached": Counter()},
    )


def run(machine, examples, steps):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )


@pytest.mark.slow
def test_whatever_breaks(machine):
    run(machine, examples=30, steps=30)
    far = {CaseState.ENABLED, CaseState.WITHDRAWN, WriteState.CONFIRMED, WriteState.REVERSED}
    assert far | {FeeState.REFUND_DUE, FeeState.DEDUCTED} <= set(machine.reached)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "mutant",
    MUTANTS,
    ids=lambda mutant: mutant.__name__,
)
def test_a_fault_in_the_centre_is_found(machine, mutant, monkeypatch):
    mutant(monkeypatch)
    with pytest.raises(Exception):  # noqa: B017 - whichever law it breaks
        run(machine, examples=60, steps=30)
