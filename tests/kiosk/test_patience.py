"""Time is never the citizen's enemy: every state of every service, with a clock in the hand.

WCAG 2.2.1: whoever is warned and says that they are there has the time again, ten times at least;
and whoever walks away, wherever it is, is forgotten, and what lies there is guarded.
"""

from dataclasses import replace

import pytest

from kiosk.crawl.answers import WORK, beginnings
from kiosk.visit import (
    CALLED,
    KEPT,
    LEFT,
    MORE_TIME,
    OF_NOBODY,
    REMINDED,
    TAKE_BACK,
    Resume,
    Said,
    Taken,
    standing,
)
from screens.views import view
from tests.crawled import RULES, SCENE, crawled
from tests.properties.desks import WAITS, Table

SLOW = 3
"""How much slower than the time-outs somebody is."""
EXTENSIONS = 12
AS_SOON_AS_WARNED_S = 0.5


@pytest.fixture(scope="module")
def states():
    """A visit at every step of every service in which a person is served."""
    found = crawled().visits
    plain = (visit for visit in found.values() if not visit.overlay and not _of_nobody(visit))
    return list({(visit.service.name, standing(visit).name): visit for visit in plain}.values())


def _of_nobody(visit):
    return visit.service in OF_NOBODY


def at(visit):
    """A desk at which a visit stands, its work begun."""
    table = Table()
    table.desk.start(visit)
    return table


def waits_for_a_person(table):
    return table.desk.left_s() is not None


def test_every_service_has_states_in_which_somebody_is_waited_for(states):
    served = {visit.service.name for visit in states if waits_for_a_person(at(visit))}
    assert served >= {name for name in SCENE.services if SCENE.services[name] not in OF_NOBODY}


def test_whoever_needs_three_times_as_long_is_never_thrown_out(states):
    """They say that they are there each time they are asked, and then do what they came for."""
    for visit in states:
        table = at(visit)
        if not waits_for_a_person(table):
            continue
        needed = SLOW * WAITS.seconds[standing(visit).patience]
        extensions = 0
        while table.now < needed or extensions < EXTENSIONS:
            table.silence(table.desk.left_s())
            assert table.desk.visit.overlay == MORE_TIME, standing(visit).name
            table.silence(table.desk.left_s() - AS_SOON_AS_WARNED_S)
            table.desk.say(Resume())
            extensions += 1
            assert (standing(table.desk.visit), table.desk.visit.facts) == (
                standing(visit),
                visit.facts,
            )


def test_a_hand_on_the_glass_is_a_sign_of_life_everywhere(states):
    for visit in states:
        table = at(visit)
        if not waits_for_a_person(table):
            continue
        for _touch in range(30):
            table.silence(table.desk.left_s() - AS_SOON_AS_WARNED_S)
            table.desk.touched()
        assert table.desk.visit.overlay is None, standing(visit).name


def test_whoever_walks_away_is_forgotten_wherever_it_is(states):
    """Silence alone, with work that never answers, leads from every state to the giving back."""
    for visit in states:
        table = at(visit)
        for _look in range(4):
            if _of_nobody(table.desk.visit):
                break
            left = table.desk.left_s()
            if left is None:  # it works by itself, and its work has a deadline of its own
                table.answer(-1, TimeoutError())
                left = table.desk.left_s()
            table.silence(left)
        assert table.desk.visit.service is TAKE_BACK, standing(visit).name
        assert table.desk.visit.facts == {}
        assert table.over == 1
        shown = view(replace(SCENE, visit=table.desk.visit))
        assert (shown.title, shown.rows, shown.picture) == ("请稍等", (), b"")


def test_what_lies_there_is_guarded_whatever_it_is_and_wherever_they_left():
    for thing, step in enumerate(TAKE_BACK.steps):
        table = Table()
        facts = {each.name: Taken() for each in TAKE_BACK.steps[:thing]}
        table.desk.start(replace(begun(), facts=facts))
        assert table.running() == [step.work]
        for rung in (REMINDED, LEFT, CALLED, KEPT, KEPT):
            table.silence(table.desk.left_s())
            assert table.desk.visit.overlay == rung
        table.answer(-1, WORK[step.work][0])
        last = step is TAKE_BACK.steps[-1]
        assert (table.desk.visit is None) == last
        if not last:
            assert table.desk.visit.overlay is None


def begun():
    table = Table()
    table.desk.say(next(iter(beginnings(RULES))))
    for _silence in range(2):
        table.silence(table.desk.left_s())
    return table.desk.visit


def test_taken_is_the_only_way_out():
    visit = begun()
    assert visit.service is TAKE_BACK
    table = at(visit)
    for _hour in range(24):
        table.silence(3600)
    assert table.desk.visit.overlay == KEPT
    for _thing in TAKE_BACK.steps:
        table.desk.say(Said(Taken()))
    assert table.desk.visit is None
