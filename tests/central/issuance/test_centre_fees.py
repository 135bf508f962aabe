"""What a card costs: paid, deducted or waived before it is made, and owed back without one."""

import pytest

from central.applications.records import find
from central.applications.states import CaseEvent, move
from central.audit.records import AuditEntry
from central.fees import ledger as fees
from central.fees.ledger import Waiver
from central.fees.records import How, fee_of
from central.fees.schedule import load_schedule
from central.fees.states import FeeState
from central.problems import ProblemError

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

RECEIPT = "500026000001"


@pytest.fixture
def withdraw(turn, clock, wang):
    def withdraw(voucher_no):
        turn(
            lambda session: move(
                session, find(session, voucher_no), CaseEvent.WITHDRAW, wang, clock()
            )
        )

    return withdraw


@pytest.fixture
def fee(look):
    return lambda voucher_no: look(fee_of, voucher_no)


def test_a_first_card_is_free(accepted, fee, turn, act):
    voucher_no = accepted()
    assert fee(voucher_no) is None
    with pytest.raises(ProblemError, match="FEE_NONE"):
        turn(fees.settle, voucher_no, How.CASH, RECEIPT, act())


def test_a_replacement_costs_what_the_schedule_says(replacing, fee):
    found = fee(replacing())
    assert (found.fen, found.state) == (2500, FeeState.DUE)


@pytest.mark.parametrize(
    ("how", "state"),
    [(How.CASH, "SETTLED"), (How.BANK_CARD, "SETTLED"), (How.ACCOUNT, "DEDUCTED")],
    ids=str,
)
def test_paid_or_deducted(replacing, fee, turn, act, how, state, prepare):
    voucher_no = replacing()
    turn(fees.settle, voucher_no, how, RECEIPT, act())
    found = fee(voucher_no)
    assert (found.state, found.how, found.receipt_no, found.by) == (
        state,
        how,
        RECEIPT,
        "user:wang",
    )
    prepare(voucher_no)


def test_a_receipt_is_one_payments(replacing, accepted, turn, act, withdraw, fee):
    first = replacing()
    turn(fees.settle, first, How.CASH, RECEIPT, act())
    withdraw(first)
    with pytest.raises(ProblemError, match="RECEIPT_USED"):
        turn(fees.refund, first, RECEIPT, act())
    second = replacing()
    with pytest.raises(ProblemError, match="RECEIPT_USED"):
        turn(fees.settle, second, How.CASH, RECEIPT, act())
    assert fee(second).state is FeeState.DUE


def test_it_is_not_paid_twice(replacing, turn, act):
    voucher_no = replacing()
    turn(fees.settle, voucher_no, How.CASH, RECEIPT, act())
    with pytest.raises(ProblemError, match="FEE_STATE_FORBIDS") as told:
        turn(fees.settle, voucher_no, How.CASH, "500026000002", act())
    assert told.value.problem.reason_zh == "这笔费用已缴费，不能再办这一步"


def test_a_ground_of_the_table_is_one_clerks(replacing, turn, act, fee, prepare):
    voucher_no = replacing()
    turn(fees.waive, voucher_no, Waiver("minimum_living", load_schedule()), act())
    assert (fee(voucher_no).state, fee(voucher_no).ground) == (FeeState.WAIVED, "minimum_living")
    prepare(voucher_no)


def test_any_other_ground_takes_two(replacing, turn, act, fee, wang, li, look):
    voucher_no, schedule = replacing(), load_schedule()
    for second in (None, wang):
        with pytest.raises(ProblemError, match="SECOND_PERSON_NEEDED"):
            turn(fees.waive, voucher_no, Waiver("火灾", schedule, second), act())
    turn(fees.waive, voucher_no, Waiver("火灾", schedule, li), act())
    assert (fee(voucher_no).ground, fee(voucher_no).approved_by) == ("火灾", "user:li")
    rows = look(lambda session: session.query(AuditEntry).filter_by(action="fee.waive").all())
    assert [row.details for row in rows] == ['{"approved_by":"user:li","ground":"other"}']


@pytest.mark.parametrize(
    ("paid", "state"), [(True, FeeState.REFUND_DUE), (False, FeeState.VOID)], ids=["paid", "due"]
)
def test_a_case_that_ends_without_a_card_owes_back(
    replacing, turn, act, fee, withdraw, paid, state
):
    voucher_no = replacing()
    if paid:
        turn(fees.settle, voucher_no, How.CASH, RECEIPT, act())
    withdraw(voucher_no)
    assert fee(voucher_no).state is state
    if paid:
        turn(fees.refund, voucher_no, "R500026000001", act())
        assert (fee(voucher_no).state, fee(voucher_no).refund_no) == ("REFUNDED", "R500026000001")
