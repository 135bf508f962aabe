"""The way in for attendants: both upper corners, held; nothing a citizen does by accident."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.corners import CORNER, DEEP, HOLD_S, WITHIN_S, Corners

LEFT, RIGHT, MIDDLE, TILE = (0.05, 0.03), (0.95, 0.03), (0.5, 0.03), (0.2, 0.5)


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


class Hand:
    def __init__(self):
        self.clock = Clock()
        self.corners = Corners(self.clock)
        self.touches = iter(range(1000))

    def holds(self, place, seconds=HOLD_S):
        touch = next(self.touches)
        self.corners.down(touch, *place)
        self.clock.now += seconds
        return self.corners.up(touch)

    def waits(self, seconds):
        self.clock.now += seconds


@pytest.fixture
def hand():
    return Hand()


def test_left_then_right_held_is_the_way_in(hand):
    assert (hand.holds(LEFT), hand.holds(RIGHT)) == (False, True)


def test_it_can_be_done_again(hand):
    assert [hand.holds(place) for place in (LEFT, RIGHT, RIGHT, LEFT, RIGHT)] == [
        *(False, True, False, False, True)
    ]


@pytest.mark.parametrize(
    "places", [each for each in product((LEFT, RIGHT, MIDDLE, TILE), repeat=2) if each != (LEFT, RIGHT)]
)  # fmt: skip
def test_no_other_two_places_are(hand, places):
    assert [hand.holds(place) for place in places] == [False, False]


def test_taps_are_not(hand):
    assert [hand.holds(place, 0.3) for place in (LEFT, RIGHT)] == [False, False]


def test_one_of_them_only_tapped_is_not(hand):
    assert [hand.holds(LEFT, 0.3), hand.holds(RIGHT)] == [False, False]
    assert [hand.holds(LEFT), hand.holds(RIGHT, 0.3)] == [False, False]


def test_too_late_is_not(hand):
    hand.holds(LEFT)
    hand.waits(WITHIN_S)
    assert not hand.holds(RIGHT)


def test_a_touch_in_between_ends_it(hand):
    hand.holds(LEFT)
    hand.holds(TILE, 0.1)
    assert not hand.holds(RIGHT)


def test_both_at_once_are_not(hand):
    """A child that hangs on the kiosk with both hands."""
    hand.corners.down("one", *LEFT)
    hand.corners.down("two", *RIGHT)
    hand.waits(5)
    assert not hand.corners.up("two")
    assert not hand.corners.up("one")


PLACES = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(st.lists(st.tuples(PLACES, st.floats(0, 30), st.floats(0, 30)), max_size=12))
def test_whatever_opens_it_was_both_corners_held_in_order(touches):
    hand, done = Hand(), []
    for place, held, rest in touches:
        opened = hand.holds(place, held)
        done.append((place, held))
        if opened:
            (first, one), (second, two) = done[-2:]
            assert first[0] < CORNER
            assert second[0] > 1 - CORNER
            assert max(first[1], second[1]) <= DEEP
            assert min(one, two) >= HOLD_S
        hand.waits(rest)
