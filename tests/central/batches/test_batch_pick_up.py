"""Pick-up and enabling: the outlet, the clerk, 96 hours (规程 1.2.3, 3.2.3, 2.1)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from central.audit.records import AuditEntry
from central.batches import intake, maker, pick_up, production
from central.batches.looking import Where
from central.batches.records import Batch
from central.batches.schemas import Order
from central.batches.states import BatchState, MemberState
from central.cards.ledger import befall
from central.cards.records import Card, cards_of, find_card
from central.cards.states import CardEvent, CardState
from central.centre import Settings
from central.notices.records import Notice
from central.problems import Kind, ProblemError
from regulation.rules import Channel

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

OTHER_CLERK = ("11010519491231002X", "张三")


@pytest.fixture
def settings():
    return Settings(outlets={"0017": "W301"})


@pytest.fixture
def ready(a_list, people, send, window):
    """Three people's batch, ready for pick-up."""
    batch_no = send(a_list(people(3))).json()["batch_no"]
    window.make(batch_no)
    return batch_no


@pytest.fixture
def batch(centre):
    def batch(batch_no):
        with centre.database.read() as session:
            return session.get(Batch, batch_no)

    return batch


@pytest.fixture
def card(centre, window):
    """The card of a member, as the store has it."""

    def card(batch_no, line):
        with centre.database.read() as session:
            return find_card(session, window.members(batch_no)[line - 1].card_number)

    return card


@pytest.fixture
def happens(centre, window):
    """Lets an event befall a member's card, by somebody else's hand."""

    def happens(batch_no, line, event):
        number = window.members(batch_no)[line - 1].card_number
        with centre.database.write() as session:
            befall(session, find_card(session, number), event, window.act("6.2"))

    return happens


def test_cards_go_out_sealed_and_nobody_has_one_before(ready, window, card, centre, people):
    with centre.database.read() as session:
        assert cards_of(session, people(3)[0]["number"]) == []
    assert window.collect(ready) == 3
    assert {card(ready, line).state for line in (1, 2, 3)} == {CardState.SEALED}
    assert card(ready, 1).voucher_no == ready


def test_it_is_picked_up_once_and_only_when_ready(ready, window, a_list, people, send):
    window.collect(ready)
    unmade = send(a_list(people(4)[3:])).json()["batch_no"]
    for batch_no in (ready, unmade):
        with pytest.raises(ProblemError) as error:
            window.collect(batch_no)
        assert error.value.kind is Kind.BATCH_STATE_FORBIDS
        assert error.value.problem.clause == "1.2.3"


def test_another_outlet_hands_nothing_over(ready, window, batch):
    with pytest.raises(ProblemError) as error:
        window.collect(ready, outlet="W302")
    assert error.value.kind is Kind.BATCH_OTHER_OUTLET
    assert batch(ready).state is BatchState.READY


def test_another_clerk_needs_a_letter_whose_seal_was_seen(ready, window, picture, batch):
    for letter in ({}, {"letter": picture}, {"seal_seen": True}):
        with pytest.raises(ProblemError) as error:
            window.collect(ready, OTHER_CLERK, **letter)
        assert error.value.kind is Kind.LETTER_MISSING
    with pytest.raises(ProblemError) as error:
        window.collect(ready, OTHER_CLERK, letter="0" * 64, seal_seen=True)
    assert error.value.kind is Kind.IMAGE_UNKNOWN
    window.collect(ready, OTHER_CLERK, letter=picture, seal_seen=True)
    assert batch(ready).picked_up_by == OTHER_CLERK[0]
    assert batch(ready).pick_up_letter == picture


def test_ninety_six_hours_later_they_are_enabled_once(ready, window, batch, card, centre, clock):
    window.collect(ready)
    picked_up = clock.now
    clock.now = picked_up + timedelta(hours=96) - timedelta(seconds=1)
    assert pick_up.run_due(centre) == 0
    assert card(ready, 1).state is CardState.SEALED
    clock.now += timedelta(seconds=1)
    assert pick_up.run_due(centre) == 3
    assert {card(ready, line).state for line in (1, 2, 3)} == {CardState.ACTIVE}
    assert batch(ready).state is BatchState.ENABLED
    assert pick_up.run_due(centre) == 0
    with centre.database.read() as session:
        acts = session.scalars(select(AuditEntry.action)).all()
        told = [(notice.kind, notice.recipient) for notice in session.scalars(select(Notice))]
    assert acts.count("card.activate") == 3
    assert acts.count("batch.enable") == 1
    assert sorted(told) == [("BATCH_ENABLED", "13800138000")] * 3 + [("BATCH_READY", "13800138000")]


def test_a_clock_that_goes_back_enables_nothing_early(ready, window, card, centre, clock):
    window.collect(ready)
    clock.now -= timedelta(hours=30)
    assert pick_up.run_due(centre) == 0
    clock.now += timedelta(hours=30 + 96) - timedelta(seconds=1)
    assert pick_up.run_due(centre) == 0
    assert card(ready, 2).state is CardState.SEALED


def test_what_befell_a_card_meanwhile_stays(ready, window, batch, card, happens, centre, clock):
    window.collect(ready)
    happens(ready, 1, CardEvent.REPORT_LOSS)
    happens(ready, 2, CardEvent.ACTIVATE)
    happens(ready, 3, CardEvent.CANCEL)
    clock.now += timedelta(hours=97)
    assert pick_up.run_due(centre) == 3
    states = [card(ready, line).state for line in (1, 2, 3)]
    assert states == [CardState.LOSS, CardState.ACTIVE, CardState.CANCELLED]
    told = [(each.state, each.problem) for each in window.members(ready)]
    assert told == [
        (MemberState.KEPT_BACK, "LOSS"),
        (MemberState.ENABLED, None),
        (MemberState.KEPT_BACK, "CANCELLED"),
    ]
    assert batch(ready).state is BatchState.ENABLED


def test_the_clerk_may_have_them_enabled_at_once(ready, window, batch, card):
    window.collect(ready)
    assert window.at(ready, pick_up.enable_all) == 3
    assert card(ready, 3).state is CardState.ACTIVE
    assert batch(ready).state is BatchState.ENABLED


def test_not_before_the_pick_up(ready, window):
    with pytest.raises(ProblemError) as error:
        window.at(ready, pick_up.enable_all)
    assert error.value.kind is Kind.BATCH_STATE_FORBIDS


def test_a_holder_may_have_their_own_enabled(ready, window, card, centre, clock, batch):
    window.collect(ready)
    with centre.database.write() as session:
        pick_up.enable_one(session, find_card(session, card(ready, 2).number), window.act("2.2(1)"))
    assert [card(ready, line).state for line in (1, 2)] == [CardState.SEALED, CardState.ACTIVE]
    clock.now += timedelta(hours=96)
    assert pick_up.run_due(centre) == 2
    assert batch(ready).state is BatchState.ENABLED


def test_many_are_enabled_in_turns(a_list, people, send, window, centre, clock, monkeypatch):
    monkeypatch.setattr(pick_up, "A_TURN", 2)
    batch_no = send(a_list(people(5))).json()["batch_no"]
    window.make(batch_no)
    window.collect(batch_no)
    clock.now += timedelta(hours=96)
    assert pick_up.run_due(centre) == 5
    assert {each.state for each in window.members(batch_no)} == {MemberState.ENABLED}


class TestReplacement:
    """A replacement's old card is in use until the new one is enabled."""

    @pytest.fixture
    def replaced(self, a_list, people, centre, window):
        """A batch of one person with a card, taken at the window and ready."""
        row = {**people(1)[0], "name": "刘强", "number": "50010319850612019X", "reason": "damaged"}
        told = Order.model_validate(a_list([row], service="replace_batch"))
        where = Where(window.act().actor, Channel.WINDOW, "W301", "W301")
        answer = intake.submit(centre, "k" * 36, told, where)
        assert answer.body["fee_fen"] == 2500
        return answer.body["batch_no"]

    def test_the_fee_comes_before_the_card(self, replaced, window):
        with pytest.raises(ProblemError) as error:
            window.produce(replaced)
        assert error.value.kind is Kind.FEE_DUE
        window.at(replaced, production.settle, "R-1")
        with pytest.raises(ProblemError) as error:
            window.at(replaced, production.settle, "R-2")
        assert error.value.kind is Kind.FEE_STATE_FORBIDS

    def test_the_old_card_lives_until_the_new_one_is_enabled(
        self, replaced, window, card, centre, clock
    ):
        window.at(replaced, production.accept)
        window.at(replaced, production.settle, "R-1")
        window.at(replaced, maker.generate, centre.settings.region)
        window.at(replaced, production.produce)
        window.at(replaced, maker.take_results, window.results(replaced))
        window.at(replaced, production.finish)
        window.collect(replaced)

        def old():
            with centre.database.read() as session:
                return session.get(Card, "A00000001").state

        assert (old(), card(replaced, 1).state) == (CardState.ACTIVE, CardState.SEALED)
        clock.now += timedelta(hours=96)
        assert pick_up.run_due(centre) == 1
        assert (old(), card(replaced, 1).state) == (CardState.CANCELLED, CardState.ACTIVE)
        assert card(replaced, 1).replaces == "A00000001"
