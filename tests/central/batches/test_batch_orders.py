"""Whatever order events come in: nobody lost, nobody twice, nothing enabled too early."""

import itertools
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from central.batches import intake, maker, pick_up, production, service
from central.batches.looking import Where
from central.batches.records import Batch, BatchMember, count_members
from central.batches.schemas import Order
from central.batches.states import LIVE, OVER, BatchState, MemberState
from central.cards.ledger import befall
from central.cards.records import Card, cards_of, find_card
from central.cards.states import CardEvent, CardState
from central.centre import Settings
from central.problems import ProblemError
from regulation.rules import Channel

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

PEOPLE = 5
COUNTS = {"sqlite": (25, 30), "postgresql": (6, 25)}
"""Examples and steps: a turn of the writer costs more there."""

who_ = st.integers(0, PEOPLE - 1)


class Unit(RuleBasedStateMachine):
    """A unit's five people, its lists, two clerks, a maker, and time."""

    batches = Bundle("batches")
    centre = window = a_list = rows = None  # set by `machine`
    groups = itertools.count()

    def __init__(self):
        super().__init__()
        first = next(self.groups) * PEOPLE
        self.mine = self.rows(first + PEOPLE)[first:]
        self.sizes = {}
        self.by_act = set()

    def tried(self, work, *arguments):
        """A refusal changes nothing, and is an answer."""
        before = self.look()
        try:
            return work(*arguments)
        except ProblemError:
            assert self.look() == before
            return None

    def look(self):
        with self.centre.database.read() as session:
            members = session.execute(
                select(BatchMember.batch_no, BatchMember.line, BatchMember.state)
                .where(BatchMember.batch_no.in_(self.sizes))
                .order_by(BatchMember.batch_no, BatchMember.line)
            ).all()
            batches = session.execute(
                select(Batch.batch_no, Batch.state, Batch.version)
                .where(Batch.batch_no.in_(self.sizes))
                .order_by(Batch.batch_no)
            ).all()
            return members, batches

    @rule(target=batches, who=st.sets(who_, min_size=1), again=st.booleans())
    def submit(self, who, again):
        told = Order.model_validate(self.a_list([self.mine[i] for i in sorted(who)]))
        where = Where(self.window.act().actor, Channel.KIOSK, "0017", "W301")
        key = str(uuid.uuid4())
        answer = self.tried(intake.submit, self.centre, key, told, where)
        if answer is None:
            return None
        if again:
            assert intake.submit(self.centre, key, told, where).body == answer.body
        self.sizes[answer.body["batch_no"]] = len(who)
        return answer.body["batch_no"]

    @rule(
        batch_no=batches,
        do=st.sampled_from(
            [production.accept, production.withdraw, production.produce, production.finish]
        ),
    )
    def step(self, batch_no, do):
        if batch_no:
            self.tried(self.window.at, batch_no, do)

    @rule(batch_no=batches)
    def reject(self, batch_no):
        if batch_no:
            self.tried(self.window.at, batch_no, production.reject, "照片不清楚")

    @rule(batch_no=batches)
    def generate(self, batch_no):
        if batch_no:
            self.tried(self.window.at, batch_no, maker.generate, "500000")

    @rule(batch_no=batches, failed=st.sets(st.integers(1, PEOPLE)))
    def results(self, batch_no, failed):
        if batch_no:
            self.tried(self.window.at, batch_no, maker.production_list, "500000")
            told = self.window.results(batch_no, failed)
            self.tried(self.window.at, batch_no, maker.take_results, told)

    @rule(batch_no=batches)
    def collect(self, batch_no):
        if batch_no:
            self.tried(self.window.collect, batch_no)

    @rule(who=who_)
    def leave(self, who):
        def leave():
            with self.centre.database.write() as session:
                service.leave(session, self.mine[who]["number"], self.window.act("1.3"))

        self.tried(leave)

    @rule(
        who=who_,
        event=st.sampled_from(
            [CardEvent.REPORT_LOSS, CardEvent.RELEASE_LOSS, CardEvent.CANCEL, CardEvent.ACTIVATE]
        ),
    )
    def card(self, who, event):
        def happen():
            with self.centre.database.write() as session:
                for card in cards_of(session, self.mine[who]["number"]):
                    if event is CardEvent.ACTIVATE:
                        pick_up.enable_one(session, card, self.window.act("2.2(1)"))
                        self.by_act.add(card.number)
                    else:
                        befall(session, card, event, self.window.act("6.2"))

        self.tried(happen)

    @rule(batch_no=batches)
    def enable(self, batch_no):
        if batch_no and self.tried(self.window.at, batch_no, pick_up.enable_all):
            self.by_act.update(each.card_number for each in self.window.members(batch_no))

    @rule(hours=st.integers(-2, 60))
    def time_goes(self, hours):
        self.centre.clock.now += timedelta(hours=hours)

    @rule()
    def clock_calls(self):
        pick_up.run_due(self.centre)

    @invariant()
    def nobody_is_lost(self):
        with self.centre.database.read() as session:
            for batch_no, size in self.sizes.items():
                assert sum(count_members(session, batch_no).values()) == size

    @invariant()
    def nobody_is_in_two(self):
        with self.centre.database.read() as session:
            live = session.scalars(
                select(BatchMember.id_number).where(
                    BatchMember.batch_no.in_(self.sizes), BatchMember.state.in_(LIVE)
                )
            )
            assert max(Counter(live).values(), default=1) == 1

    @invariant()
    def a_batch_that_is_over_has_nobody(self):
        with self.centre.database.read() as session:
            for batch_no in self.sizes:
                batch = session.get(Batch, batch_no)
                counts = count_members(session, batch_no)
                assert (batch.state in OVER) == (not LIVE.intersection(counts))
                handed = {MemberState.HANDED_OVER, MemberState.ENABLED, MemberState.KEPT_BACK}
                out = {BatchState.PICKED_UP, BatchState.ENABLED}
                assert not handed.intersection(counts) or batch.state in out

    @invariant()
    def nothing_is_enabled_too_early(self):
        with self.centre.database.read() as session:
            cards = session.execute(
                select(Card, Batch)
                .join(Batch, Batch.batch_no == Card.voucher_no)
                .where(Batch.batch_no.in_(self.sizes), Card.state == CardState.ACTIVE)
            )
            for card, batch in cards:
                assert card.number in self.by_act or card.since >= batch.enable_at


@pytest.fixture(name="settings")
def _settings():
    return Settings(outlets={"0017": "W301"})


def test_any_order_of_events_keeps_the_count(centre, window, a_list, people, store):
    examples, steps = COUNTS[store]

    def machine():
        return type(
            "Here",
            (Unit,),
            {
                "centre": centre,
                "window": window,
                "a_list": staticmethod(a_list),
                "rows": staticmethod(people),
            },
        )()

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def at_once(count, work):
    """What each of many got who did the same at once: a value, or the kind of a problem."""

    def one(i):
        try:
            return work(i)
        except ProblemError as error:
            return error.kind.name

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_two_kiosks_with_the_same_people_make_one_batch(a_list, people, send, centre):
    told = [a_list(people(4), kiosk_id=f"00{i:02}") for i in range(6)]
    answers = at_once(6, lambda i: send(told[i]).status_code)
    assert sorted(answers) == [201, 409, 409, 409, 409, 409]
    with centre.database.read() as session:
        assert session.scalar(select(func.count()).where(BatchMember.state.in_(LIVE))) == 4 + 2


def test_many_clerks_pick_up_once(a_list, people, send, window):
    batch_no = send(a_list(people(4))).json()["batch_no"]
    window.make(batch_no)
    answers = at_once(6, lambda _: window.collect(batch_no))
    assert sorted(map(str, answers)) == ["4"] + ["BATCH_STATE_FORBIDS"] * 5


def test_who_leaves_while_production_begins_is_in_one_place(a_list, people, send, window, centre):
    batch_no = send(a_list(people(2))).json()["batch_no"]
    window.at(batch_no, production.accept)
    window.at(batch_no, maker.generate, "500000")
    number = people(2)[0]["number"]

    def leave():
        with centre.database.write() as session:
            service.leave(session, number, window.act("1.3"))

    at_once(2, lambda i: leave() if i else window.at(batch_no, production.produce))
    states = [each.state for each in window.members(batch_no)]
    left = states[0] is MemberState.LEFT
    assert [each.line for each in window.results(batch_no)] == ([2] if left else [1, 2])


def test_clocks_that_call_together_enable_each_card_once(
    a_list, people, send, window, centre, clock
):
    batch_no = send(a_list(people(6))).json()["batch_no"]
    window.make(batch_no)
    window.collect(batch_no)
    clock.now += timedelta(hours=96)
    assert sum(at_once(4, lambda _: pick_up.run_due(centre))) == 6
    with centre.database.read() as session:
        for each in window.members(batch_no):
            assert find_card(session, each.card_number).state is CardState.ACTIVE
