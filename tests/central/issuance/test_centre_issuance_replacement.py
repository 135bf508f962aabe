"""A card made in place of another: the fee first, the old card alive until the new one is there."""

import pytest

from central.cards.records import cards_of
from central.cards.states import CardState
from central.custody import log as custody
from central.custody.records import CustodyState, held
from central.fees import ledger as fees
from central.fees.records import How
from central.issuance import handing, personalisation
from central.notices.records import Notice
from central.problems import ProblemError
from regulation.papers import Paper

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

OLD = "A00000001"
GIVEN = handing.Given(handing.Taker.HOLDER, Paper.RESIDENT_ID, None, handing.OldCard.TAKEN, "W301")


@pytest.fixture
def paid(replacing, turn, act):
    """An accepted replacement whose fee was paid."""

    def paid():
        voucher_no = replacing()
        turn(fees.settle, voucher_no, How.CASH, "500026000001", act())
        return voucher_no

    return paid


def test_no_card_while_its_fee_is_due(replacing, prepare, state_of):
    voucher_no = replacing()
    with pytest.raises(ProblemError, match="FEE_DUE"):
        prepare(voucher_no)
    assert (state_of("case", voucher_no), state_of("fee", voucher_no)) == ("ACCEPTED", "DUE")


def test_the_old_card_lives_until_the_new_one_is_confirmed(
    paid, prepare, station, blank, state_of, look
):
    voucher_no, (identifier, _) = paid(), blank()
    write_id = prepare(voucher_no)
    job = station.job().json()
    station.start(write_id, identifier)
    assert state_of("card", OLD) == "ACTIVE"
    sha256 = personalisation.digest(job["personalisation"], identifier)
    station.confirm(write_id, identifier, sha256)
    cards = {card.number: card for card in look(cards_of, "50010319850612019X")}
    fresh = cards.pop(job["personalisation"]["card_number"])
    assert [card.state for card in cards.values()] == [CardState.CANCELLED]
    assert (fresh.state, fresh.replaces) == (CardState.SEALED, OLD)


def test_a_card_that_was_not_made_leaves_the_old_one(paid, prepare, station, blank, state_of):
    voucher_no, (identifier, _) = paid(), blank()
    write_id = prepare(voucher_no)
    station.start(write_id, identifier)
    station.reverse(write_id, identifier)
    assert state_of("card", OLD) == "ACTIVE"
    assert (state_of("case", voucher_no), state_of("fee", voucher_no)) == ("FAILED", "SETTLED")


def test_activated_and_handed_over_and_the_old_card_destroyed_by_two(
    paid, made, turn, act, state_of, look, wang, li
):
    voucher_no = paid()
    made(voucher_no)
    card = turn(handing.activate, voucher_no, act())
    assert (card.state, state_of("case", voucher_no)) == (CardState.ACTIVE, "READY")
    row = turn(handing.hand_over, voucher_no, GIVEN, act())
    assert (row.taker, row.signature, row.by) == ("holder", None, "user:wang")
    assert state_of("case", voucher_no) == "ENABLED"
    assert [row.kind for row in look(lambda s: s.query(Notice).all())][-1] == "CARD_ENABLED"
    (old,) = look(held, "W301")
    with pytest.raises(ProblemError, match="SECOND_PERSON_NEEDED"):
        turn(custody.destroy, old.id, wang, act())
    with pytest.raises(ProblemError, match="CUSTODY_OVER"):
        turn(custody.release, old.id, CustodyState.RETURNED, act())
    assert turn(custody.destroy, old.id, li, act()).second_by == "user:li"
    with pytest.raises(ProblemError, match="CUSTODY_OVER"):
        turn(custody.destroy, old.id, li, act())
    assert look(held) == []


def test_a_card_handed_over_before_it_was_activated(paid, made, turn, act, state_of):
    voucher_no = paid()
    made(voucher_no)
    turn(handing.hand_over, voucher_no, GIVEN, act())
    assert state_of("case", voucher_no) == "ISSUED"
    turn(handing.activate, voucher_no, act())
    assert state_of("case", voucher_no) == "ENABLED"


def test_nothing_is_handed_over_that_is_not_made_or_twice(paid, made, turn, act):
    voucher_no = paid()
    for step in (handing.activate, lambda *more: handing.hand_over(*more[:2], GIVEN, more[2])):
        with pytest.raises(ProblemError, match="CARD_NOT_MADE"):
            turn(step, voucher_no, act())
    made(voucher_no)
    turn(handing.hand_over, voucher_no, GIVEN, act())
    with pytest.raises(ProblemError, match="CASE_STATE_FORBIDS"):
        turn(handing.hand_over, voucher_no, GIVEN, act())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"taker": handing.Taker.AGENT, "paper": Paper.PASSPORT}, "PAPER_NOT_ACCEPTED"),
        ({"old_card": handing.OldCard.NONE}, "NOT_ALLOWED"),
        ({"signature": "0" * 64}, "IMAGE_UNKNOWN"),
    ],
    ids=["an agent's passport", "nothing said of the old card", "a signature nobody sent"],
)
def test_what_is_not_right_at_the_hand_over(paid, made, turn, act, state_of, changes, problem):
    voucher_no = paid()
    made(voucher_no)
    given = {name: getattr(GIVEN, name) for name in GIVEN.__slots__} | changes
    with pytest.raises(ProblemError, match=problem):
        turn(handing.hand_over, voucher_no, handing.Given(**given), act())
    assert state_of("case", voucher_no) == "READY"
