"""What holds at every moment of the window's world, whatever broke in it."""

from collections import Counter

from sqlalchemy import select

from central.applications import states
from central.applications.records import Application
from central.applications.states import CaseState
from central.audit.records import AuditEntry
from central.cards.records import Card
from central.cards.states import CardState
from central.fees.records import Fee
from central.fees.states import FeeState
from central.issuance.records import OPEN, CardWrite, WriteState
from tests.properties.window_world import OLD

PAID = {FeeState.SETTLED, FeeState.DEDUCTED}
ONCE = {"case.submit", "case.made", "case.issue", "case.enable", "fee.settle", "fee.deduct"}


class All:
    """Every row there is, at one moment."""

    def __init__(self, session):
        def rows(table):
            return list(session.scalars(select(table)))

        self.cases, self.cards, self.fees = rows(Application), rows(Card), rows(Fee)
        self.writes = rows(CardWrite)
        self.audit = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def never_two_active_cards_for_a_person(_window, all_):
    active = Counter(card.id_number for card in all_.cards if card.state is CardState.ACTIVE)
    assert not active or max(active.values()) == 1


def the_old_card_lives_until_the_new_one_is_there(_window, all_):
    replaced = {card.replaces for card in all_.cards}
    for card in all_.cards:
        assert card.state is not CardState.CANCELLED or card.number in replaced
    live = Counter(card.id_number for card in all_.cards if card.state is not CardState.CANCELLED)
    assert live["50010319850612019X"] == 1
    assert max(live.values()) == 1


def no_fee_is_kept_without_a_card_or_a_reversal(_window, all_):
    states_ = {case.voucher_no: CaseState(case.state) for case in all_.cases}
    for fee in all_.fees:
        if states_[fee.voucher_no] in states.WITHOUT_CARD:
            assert fee.state not in PAID | {FeeState.DUE}
        else:
            assert fee.state not in {FeeState.REFUND_DUE, FeeState.VOID}


def no_card_is_made_while_its_fee_is_due(_window, all_):
    due = {fee.voucher_no for fee in all_.fees if fee.state is FeeState.DUE}
    assert not due & {write.voucher_no for write in all_.writes}


def no_case_is_lost_and_none_is_taken_twice(window, all_):
    held = {case.voucher_no: case.key for case in all_.cases}
    for key, (_, voucher_no) in window.orders.items():
        assert not voucher_no or held.get(voucher_no) == key
    assert set(held.values()) <= set(window.orders)


def a_case_is_in_production_as_long_as_a_write_of_it_is_open(_window, all_):
    open_ = [write.voucher_no for write in all_.writes if write.state in OPEN]
    making_ = [case.voucher_no for case in all_.cases if case.state == CaseState.IN_PRODUCTION]
    assert sorted(open_) == sorted(making_)


def a_confirmed_write_is_one_card_that_holds_what_it_should(window, all_):
    confirmed = [write for write in all_.writes if write.state is WriteState.CONFIRMED]
    cards = {card.number: card for card in all_.cards if card.number != OLD}
    assert {write.card_number for write in confirmed} == set(cards)
    for number, card in cards.items():
        chip = window.chips[card.identifier]
        assert chip["card_number"] == number
        assert len(chip) > 1


def no_step_has_its_effect_twice(_window, all_):
    done = Counter((row.action, row.target) for row in all_.audit if row.action in ONCE)
    assert not done or max(done.values()) == 1


def what_was_blocked_never_begins(window, all_):
    for write in all_.writes:
        assert write.id not in window.blocked or write.state is WriteState.REVERSED


LAWS = (
    never_two_active_cards_for_a_person,
    the_old_card_lives_until_the_new_one_is_there,
    no_fee_is_kept_without_a_card_or_a_reversal,
    no_card_is_made_while_its_fee_is_due,
    no_case_is_lost_and_none_is_taken_twice,
    a_case_is_in_production_as_long_as_a_write_of_it_is_open,
    a_confirmed_write_is_one_card_that_holds_what_it_should,
    no_step_has_its_effect_twice,
    what_was_blocked_never_begins,
)
