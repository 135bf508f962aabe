"""The table of fees as a file, and the table of a fee's states."""

import pytest

from central.fees.schedule import load_schedule
from central.fees.states import WAYS, FeeEvent, FeeState, next_state
from central.problems import ProblemError
from regulation.rules import Service
from regulation.tables import RulesError


def test_every_way_there_is_and_no_other():
    for state in FeeState:
        for event in FeeEvent:
            if (state, event) in WAYS:
                assert next_state(state, event) is WAYS[state, event]
            else:
                with pytest.raises(ProblemError, match="FEE_STATE_FORBIDS"):
                    next_state(state, event)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[fen]\nnew_card = 1\n[grounds]", "new_card"),
        ("[fen]\nreplace_individual = 0\n[grounds]", "replace_individual"),
        ("[fen]\nreplace_individual = true\n[grounds]", "replace_individual"),
        ("[fen]\n[grounds]\naid = 3", "aid"),
        ("[fen]\n", "grounds"),
        ("[fen]\n[grounds]\n[other]", "other"),
    ],
    ids=["service", "nothing", "true", "name", "missing", "unknown"],
)
def test_a_schedule_that_is_wrong_is_refused(text, told):
    with pytest.raises(RulesError, match=told):
        load_schedule(text)


def test_the_reference_schedule():
    schedule = load_schedule()
    assert schedule.fen == {Service.REPLACE_INDIVIDUAL: 2500, Service.REPLACE_BATCH: 2500}
    assert set(schedule.grounds) == {
        "regular_aid",
        "bereaved_pension",
        "disability_pension",
        "minimum_living",
    }
