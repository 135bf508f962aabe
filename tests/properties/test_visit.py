"""What holds for every sequence of events (design 2: from the first day)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.crawl.walk import events
from kiosk.services.answers import AddressSays
from kiosk.services.catalogue import elsewhere
from kiosk.services.new_card import new_card
from kiosk.services.reprint import REPRINT
from kiosk.visit import (
    OF_NOBODY,
    PAUSED,
    TAKE_BACK,
    Broke,
    Change,
    Idle,
    Leave,
    Opened,
    Refusal,
    Resume,
    Said,
    Shut,
    Taken,
    Visit,
    advance,
    standing,
)
from regulation.rules import Service
from screens.views import view
from tests.properties.strategies import (
    BEGINNINGS,
    EVENTS,
    JUNK,
    RULES,
    SCENE,
    VALUES,
    likely,
    moves,
)

SERVICES = (new_card(RULES), REPRINT, TAKE_BACK, PAUSED, elsewhere(RULES, Service.UNLOCK))
STEPS = tuple(
    (service, step) for service in SERVICES for step in (*service.steps, *service.refused)
)
STEPS_OF_NEW_CARD = SERVICES[0].steps
LATER = tuple(
    step.name for step in STEPS_OF_NEW_CARD[[s.name for s in STEPS_OF_NEW_CARD].index("bank") :]
)


def silence(visit):
    """Nobody does anything: `Idle` again and again, until only a paper is waited for."""
    for _ in range(3):
        if visit is None or visit.service in OF_NOBODY:
            return visit
        visit = advance(visit, Idle())
    raise AssertionError("silence does not end it")


@settings(max_examples=70, deadline=None)
@given(moves())
def test_silence_ends_at_home_whatever_came_before(walk):
    visit: Visit | None = silence(walk[-1][2])
    visit = advance(visit, Said(Shut()))
    for _ in range(4):
        visit = advance(visit, Idle())
        assert visit is None or (visit.service is TAKE_BACK and _nobody(visit))
    for _device in TAKE_BACK.steps:
        visit = advance(visit, Said(Taken()))
    assert visit is None


def _nobody(visit):
    """Of whoever was there before nothing is known but what they took back."""
    return all(isinstance(fact, Taken) for fact in visit.facts.values())


@settings(max_examples=70, deadline=None)
@given(moves())
def test_nothing_is_known_once_a_visit_is_over(walk):
    for _before, _event, after in walk:
        assert after is None or after.service not in OF_NOBODY or _nobody(after)


@settings(max_examples=70, deadline=None)
@given(moves())
def test_facts_only_grow_once_the_centre_may_have_it(walk):
    for before, _event, after in walk:
        step = standing(before) if before else None
        same = before and after and after.service is before.service
        if step and step.binding and same and before.service not in OF_NOBODY:
            assert after.facts.items() >= before.facts.items()


@settings(max_examples=70, deadline=None)
@given(moves())
def test_a_binding_step_is_left_by_its_answer_by_silence_or_by_a_broken_page(walk):
    for before, event, after in walk:
        step = standing(before) if before else None
        over = after is None or (before and after.service is not before.service)
        if step and step.holds and over:
            assert isinstance(event, Said | Idle | Broke | Opened)


@settings(max_examples=120, deadline=None)
@given(moves(), st.one_of(st.sampled_from(VALUES), JUNK))
def test_an_answer_of_a_wrong_type_changes_nothing(walk, answer):
    visit = walk[-1][2]
    step = standing(visit) if visit else None
    if step and type(answer) not in (*step.answers, Refusal, Change):
        assert advance(visit, Said(answer)) is visit


@pytest.mark.parametrize(("service", "step"), STEPS, ids=lambda each: each.name)
def test_every_step_takes_only_what_it_names(service, step):
    """No step takes `object`, and each has a type that another step does not."""
    assert object not in step.answers
    assert any(type(value) not in step.answers for value in VALUES)


@settings(max_examples=70, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.lists(EVENTS, max_size=60))
def test_no_sequence_raises_and_every_view_builds(begin, heard):
    visit = advance(None, begin)
    for event in heard:
        visit = advance(visit, event)
        assert view(replace(SCENE, visit=visit)).title


@settings(max_examples=70, deadline=None)
@given(moves())
def test_the_view_of_every_reached_state_builds(walk):
    for _before, _event, after in walk:
        shown = view(replace(SCENE, visit=after))
        assert shown.title
        assert shown.screen


@settings(max_examples=50, deadline=None)
@given(moves())
def test_where_it_stands_is_the_first_step_without_a_fact(walk):
    for _before, _event, after in walk:
        if after:
            step = standing(after)
            assert step is not None
            assert step.name not in after.facts


@settings(max_examples=50, deadline=None)
@given(moves())
def test_resume_without_an_overlay_and_unknown_changes_do_nothing(walk):
    visit = walk[-1][2]
    if visit and visit.overlay is None:
        assert advance(visit, Resume()) is visit


def test_two_taps_on_an_address_choose_no_bank():
    """A choice is a kind of text too: the bank's step must not take it for a bank's name."""
    facts = {step.name: None for step in STEPS_OF_NEW_CARD if step.name not in LATER}
    visit = Visit(SERVICES[0], facts)
    step = standing(visit)
    assert step is not None
    assert step.name == "bank"
    assert advance(visit, Said(AddressSays.RIGHT)) is visit


def reaches_home(visit, most=40):
    """Whether some sequence of buttons and answers, and no silence, ends the visit."""
    seen, queue = set(), [visit]
    for _ in range(most * 40):
        if not queue:
            return False
        here = queue.pop()
        mark = _mark(here)
        if mark in seen:
            continue
        seen.add(mark)
        for event in _without_silence(here):
            after = advance(here, event)
            if after is None:
                return True
            queue.append(after)
    return False


def _mark(visit):
    step = standing(visit)
    return visit.service.name, step.name if step else "", visit.overlay, len(visit.facts)


def _without_silence(visit):
    return [event for event in events(SCENE, visit) if not isinstance(event, Idle)]


@settings(max_examples=60, deadline=None)
@given(moves())
def test_every_reached_state_can_get_home(walk):
    visit = walk[-1][2]
    assert visit is None or reaches_home(visit)


@settings(max_examples=60, deadline=None)
@given(moves())
def test_leave_is_heard_until_the_centre_may_have_it(walk):
    visit = walk[-1][2]
    step = standing(visit) if visit else None
    if step and step.holds:
        assert advance(visit, Leave()) is visit
    elif visit:
        after = advance(visit, Leave())
        assert after is None or after == Visit(TAKE_BACK)


def test_a_random_walk_reaches_the_end_of_a_new_card():
    """The walks above would prove little if they never got far: the first likely answer gets home."""
    visit, names = advance(None, BEGINNINGS[0]), []
    while visit is not None:
        step = standing(visit)
        assert step is not None
        names.append(step.name)
        visit = advance(visit, likely(visit)[0])
    assert names[0] == "who"
    assert names[-4:] == ["done", "take_paper", "take_card", "take_stick"]
