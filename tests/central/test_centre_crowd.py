"""Places for so many at once: who is sent away is told a later moment than whoever was before."""

import pytest

from central.crowd import LONGEST_S, Crowd
from central.problems import ProblemError


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def told(crowd):
    """The seconds somebody is sent away for."""
    with pytest.raises(ProblemError) as caught, crowd.place():
        pytest.fail("there was a place")
    return int(caught.value.headers["Retry-After"])


def taken(crowd, clock, seconds, times):
    """So often somebody has a place for so long."""
    for _ in range(times):
        with crowd.place():
            clock.now += seconds


def test_nobody_is_sent_away_while_there_is_a_place(clock):
    crowd = Crowd(2, clock)
    with crowd.place(), crowd.place():
        assert told(crowd) == 1
    with crowd.place():
        assert crowd.inside == 1


def test_a_place_is_given_back_by_whoever_fails(clock):
    crowd = Crowd(1, clock)
    with pytest.raises(ZeroDivisionError), crowd.place():
        1 / 0  # noqa: B018 - it is what fails
    assert crowd.inside == 0


def test_they_come_one_after_the_other_as_fast_as_places_are_given(clock):
    crowd = Crowd(2, clock)
    taken(crowd, clock, 1.0, 200)  # a place is taken for a second: two of them serve two in one
    with crowd.place(), crowd.place():
        assert [told(crowd) for _ in range(6)] == [1, 1, 2, 2, 3, 3]
        clock.now += 2.0
        assert told(crowd) == 2  # the line has moved on
        clock.now += 3600
        assert told(crowd) == 1


def test_nobody_is_told_to_come_after_a_long_time(clock):
    crowd = Crowd(1, clock)
    taken(crowd, clock, 60.0, 200)
    with crowd.place():
        assert [told(crowd) for _ in range(100)][-1] == LONGEST_S
