"""Where the card is: a complete table, in which the device's word decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.card_transport.position import (
    EMPTY,
    INSIDE,
    TABLE,
    Event,
    Position,
    after,
    media,
)
from hardware.device import Media

POSITIONS, EVENTS = st.sampled_from(Position), st.sampled_from(Event)
SEEN = {Event.ABSENT: EMPTY, Event.GATE: {Position.AT_GATE}, Event.INSIDE: INSIDE}


def walk(position, events):
    for event in events:
        position = after(position, event)
    return position


def test_every_position_has_an_answer_to_every_event():
    assert set(TABLE) == {(position, event) for position in Position for event in Event}
    assert {media(position) for position in Position} == set(Media) - {
        Media.ENTERING,
        Media.LATCHED,
    }


@given(st.lists(EVENTS), st.sampled_from(list(SEEN)))
def test_after_any_story_the_devices_word_decides(events, seen):
    before = walk(Position.UNKNOWN, events)
    now = after(before, seen)
    stuck = before is Position.JAMMED and seen is not Event.ABSENT
    assert now is Position.JAMMED if stuck else now in SEEN[seen]


@given(st.lists(EVENTS))
def test_contact_and_retained_are_only_what_was_said_last(events):
    now = walk(Position.UNKNOWN, events)
    if now is Position.IN_CONTACT:
        told = [e for e in events if e not in (Event.INSIDE, Event.EXPECT)]
        assert told[-1] is Event.CONTACT
    if now is Position.RETAINED:
        keeps = (Event.ABSENT, Event.INITIALISED)
        assert [e for e in events if e not in keeps][-1] is Event.CAPTURED


@given(st.lists(EVENTS), POSITIONS)
def test_what_is_not_known_is_never_guessed(events, position):
    lost = after(walk(position, events), Event.LOST)
    assert lost in (Position.UNKNOWN, Position.JAMMED)


@given(POSITIONS, st.lists(st.sampled_from([Event.GATE, Event.INSIDE, Event.LOST])))
def test_a_jam_lasts_until_somebody_saw_to_it(position, events):
    jammed = walk(after(position, Event.JAM), events)
    assert jammed is Position.JAMMED
    assert after(jammed, Event.ABSENT) is Position.NOTHING
    assert walk(jammed, [Event.INITIALISED, Event.INSIDE]) is Position.HELD


@pytest.mark.parametrize("events", [[], [Event.ABSENT], [Event.INITIALISED, Event.ABSENT]])
def test_a_card_in_the_bin_is_remembered_until_the_next_is_asked_for(events):
    kept = walk(Position.HELD, [Event.CAPTURED, *events])
    assert media(kept) is Media.RETAINED
    assert after(kept, Event.EXPECT) is Position.NOTHING


def test_an_empty_way_cannot_be_captured():
    assert walk(Position.UNKNOWN, [Event.ABSENT, Event.CAPTURED]) is Position.NOTHING
