"""What is left behind is written down, given back or handed on, and never destroyed."""

import pytest

from central.audit.records import AuditEntry
from central.custody import log as custody
from central.custody.records import CustodyState, Thing, held
from central.problems import ProblemError

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def left(turn, act):
    """A resident ID card that was left on kiosk 0017's reader."""
    return turn(custody.take, Thing.LEFT_PAPER, "kiosk:0017", act(), what="resident_id").id


@pytest.mark.parametrize("state", [CustodyState.RETURNED, CustodyState.HANDED_ON], ids=str)
def test_a_left_paper_goes_back_or_on(left, turn, act, look, li, state):
    assert [item.what for item in look(held, "kiosk:0017")] == ["resident_id"]
    item = turn(custody.release, left, state, act(li))
    assert (item.state, item.by, item.ended_by) == (state, "user:wang", "user:li")
    assert look(held) == []
    rows = look(lambda session: session.query(AuditEntry).all())
    assert [row.action for row in rows] == ["custody.take", f"custody.{state.lower()}"]
    with pytest.raises(ProblemError, match="CUSTODY_OVER"):
        turn(custody.release, left, state, act())


def test_a_left_paper_is_never_destroyed(left, turn, act, li):
    with pytest.raises(ProblemError, match="CUSTODY_OVER"):
        turn(custody.destroy, left, li, act())
    with pytest.raises(ProblemError, match="CUSTODY_OVER"):
        turn(custody.release, left, CustodyState.DESTROYED, act())


def test_an_unknown_thing(turn, act):
    with pytest.raises(ProblemError, match="CUSTODY_UNKNOWN"):
        turn(custody.release, "nothing", CustodyState.RETURNED, act())


def test_only_of_one_place(left, turn, act, look):
    turn(custody.take, Thing.LEFT_PAPER, "kiosk:0018", act(), what="ss_card")
    assert {item.place for item in look(held)} == {"kiosk:0017", "kiosk:0018"}
    assert [item.what for item in look(held, "kiosk:0018")] == ["ss_card"]
