"""How a rollout goes on, whatever kiosks report and operators do: properties of the pure function."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.fleet.advance import Plan, Stand, Tally, advance
from central.fleet.records import RolloutState

RUNNING, PAUSED = RolloutState.RUNNING, RolloutState.PAUSED
STOPPED, DONE = RolloutState.STOPPED, RolloutState.DONE
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@st.composite
def plans(draw):
    error = draw(st.integers(0, 99))
    return Plan(
        groups=draw(st.integers(1, GROUPS)),
        success=draw(st.integers(1, 100 - error)),
        error=error,
        soak=timedelta(minutes=draw(st.integers(0, 90))),
    )


@st.composite
def tallies(draw):
    total = draw(st.integers(0, 40))
    committed = draw(st.integers(0, total))
    return Tally(total, committed, draw(st.integers(0, total - committed)))


GROUPS = 4
fleets = st.lists(tallies(), min_size=GROUPS, max_size=GROUPS)


@st.composite
def stands(draw, plan):
    state = draw(st.sampled_from(RolloutState))
    group = draw(st.integers(-1, plan.groups - 1))
    since = draw(st.none() | st.integers(0, 200).map(lambda m: NOW - timedelta(minutes=m)))
    return Stand(state, group, since if group >= 0 else None)


events = st.lists(
    st.tuples(fleets, st.integers(0, 60), st.booleans(), st.sampled_from(["", "pause", "go"])),
    max_size=25,
)


def walk(plan, told):
    """Every stand on the way, each with the tallies of the groups begun that it was judged by."""
    stand, now = Stand(RUNNING), NOW
    for fleet, minutes, may_begin, said in told:
        now += timedelta(minutes=minutes)
        if said == "pause" and stand.state is RUNNING:
            stand = replace(stand, state=PAUSED)
        if said == "go" and stand.state is PAUSED:
            stand = replace(stand, state=RUNNING)
        begun = fleet[: stand.group + 1]
        after = advance(plan, stand, begun, now, may_begin=may_begin)
        yield stand, begun, after, now, may_begin
        stand = after


@given(st.data())
def test_no_group_begins_past_the_error_limit(data):
    """Of none that began so far, the current one or not; whoever paused it."""
    plan = data.draw(plans())
    stand = replace(data.draw(stands(plan)), state=data.draw(st.sampled_from([RUNNING, PAUSED])))
    begun = data.draw(fleets)[: stand.group + 1]
    over = any(each.failed * 100 > plan.error * each.total for each in begun)
    after = advance(plan, stand, begun, NOW, may_begin=data.draw(st.booleans()))
    assert (after.state is STOPPED) == over
    assert not over or after.group == stand.group


@given(st.data())
def test_no_group_is_left_out_and_none_comes_twice(data):
    plan, group = data.draw(plans()), -1
    for _before, _begun, after, _now, _may in walk(plan, data.draw(events)):
        assert after.group in {group, group + 1}
        group = after.group
        if after.state is DONE:
            assert group == plan.groups - 1


@given(st.data())
def test_stop_means_stop_and_done_means_done(data):
    plan = data.draw(plans())
    stand = data.draw(stands(plan))
    begun = data.draw(fleets)[: stand.group + 1]
    after = advance(plan, stand, begun, NOW, may_begin=data.draw(st.booleans()))
    if stand.state in {STOPPED, DONE, RolloutState.WAITING}:
        assert after == stand


@given(st.data())
def test_the_next_group_begins_only_when_this_one_was_good_for_the_whole_soak(data):
    plan, good_since = data.draw(plans()), None
    for before, begun, after, now, may in walk(plan, data.draw(events)):
        tally = begun[-1] if begun else Tally(0, 0, 0)
        good = tally.total and tally.committed * 100 >= plan.success * tally.total
        good_since = (good_since or now) if good else None
        if after.group > before.group >= 0 or (after.state is DONE and before.state is not DONE):
            assert before.state is RUNNING
            assert good
            assert now - good_since >= plan.soak
            assert may or after.state is DONE
        if after.group != before.group:
            good_since = None


@given(st.data())
def test_a_group_nobody_of_whom_is_left_pauses_it(data):
    plan = data.draw(plans())
    stand = replace(data.draw(stands(plan)), state=RUNNING)
    begun = data.draw(fleets)[: stand.group + 1]
    if begun:
        begun[-1] = Tally(0, 0, 0)
        after = advance(plan, stand, begun, NOW, may_begin=data.draw(st.booleans()))
        assert after.group == stand.group
        assert after.state in {PAUSED, STOPPED}


@given(st.data())
def test_paused_begins_nothing(data):
    plan = data.draw(plans())
    stand = replace(data.draw(stands(plan)), state=PAUSED)
    after = advance(plan, stand, data.draw(fleets)[: stand.group + 1], NOW)
    assert after.group == stand.group
    assert after.state in {PAUSED, STOPPED}


@given(st.data())
def test_a_group_that_has_answered_is_decided(data):
    """With `success + error <= 100` nothing hangs for ever."""
    plan, total = data.draw(plans()), data.draw(st.integers(1, 40))
    failed = data.draw(st.integers(0, total))
    stand = Stand(RUNNING, 0, NOW - plan.soak)
    tally = Tally(total, total - failed, failed)
    assert advance(plan, stand, [tally], NOW) != stand


@pytest.mark.parametrize(
    "wrong",
    [
        {"groups": 0}, {"success": 0}, {"success": 101}, {"error": -1}, {"error": 100},
        {"success": 95, "error": 6}, {"soak": timedelta(minutes=-1)},
    ],
)  # fmt: skip
def test_a_plan_that_could_hang_or_never_stop_is_none(wrong):
    with pytest.raises(ValueError, match=r"group|success"):
        Plan(**{"groups": 2, "success": 90, "error": 10, "soak": timedelta(0)} | wrong)
