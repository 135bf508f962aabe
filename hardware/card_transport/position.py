"""Where the card is: a table of states and of what the device said, and nothing else.

The device's word decides. Memory adds only what its word cannot tell: that the contacts are down,
that the card went to the bin, that it is stuck until somebody saw to it.
"""

from enum import StrEnum

from hardware.device import Media


class Position(StrEnum):
    """Where a card is, as far as the device has said."""

    NOTHING = "nothing"
    AT_GATE = "at_gate"
    """In the slot, a hand can take it."""
    HELD = "held"
    """Inside, no hand can take it."""
    IN_CONTACT = "in_contact"
    """Inside, with the contacts on its chip."""
    RETAINED = "retained"
    """In the bin, and none in the way since."""
    JAMMED = "jammed"
    UNKNOWN = "unknown"
    """Not asked yet, or the device could not be reached since."""


class Event(StrEnum):
    """What was heard of the device."""

    ABSENT = "absent"
    GATE = "gate"
    INSIDE = "inside"
    CONTACT = "contact"
    CAPTURED = "captured"
    JAM = "jam"
    INITIALISED = "initialised"
    LOST = "lost"
    EXPECT = "expect"
    """A new card is asked for: the one in the bin is another story."""


_HEARD = {
    Event.ABSENT: Position.NOTHING,
    Event.GATE: Position.AT_GATE,
    Event.INSIDE: Position.HELD,
    Event.CONTACT: Position.IN_CONTACT,
    Event.CAPTURED: Position.RETAINED,
    Event.JAM: Position.JAMMED,
    Event.INITIALISED: Position.UNKNOWN,
    Event.LOST: Position.UNKNOWN,
}
_MEMORY = {
    (Position.IN_CONTACT, Event.INSIDE): Position.IN_CONTACT,
    (Position.RETAINED, Event.ABSENT): Position.RETAINED,
    (Position.RETAINED, Event.INITIALISED): Position.RETAINED,
    (Position.RETAINED, Event.CAPTURED): Position.RETAINED,
    (Position.NOTHING, Event.CAPTURED): Position.NOTHING,
    (Position.JAMMED, Event.GATE): Position.JAMMED,
    (Position.JAMMED, Event.INSIDE): Position.JAMMED,
    (Position.JAMMED, Event.LOST): Position.JAMMED,
    (Position.RETAINED, Event.EXPECT): Position.NOTHING,
}
TABLE = {
    (position, event): _MEMORY.get((position, event), _HEARD.get(event, position))
    for position in Position
    for event in Event
}
"""Every state and every event; there is no pair without an answer."""

INSIDE = frozenset({Position.HELD, Position.IN_CONTACT})
EMPTY = frozenset({Position.NOTHING, Position.RETAINED})
"""Nothing is in the way: a move would take a card from the stacker."""

_MEDIA = {
    Position.NOTHING: Media.NOT_PRESENT,
    Position.AT_GATE: Media.PRESENT,
    Position.HELD: Media.PRESENT,
    Position.IN_CONTACT: Media.PRESENT,
    Position.RETAINED: Media.RETAINED,
    Position.JAMMED: Media.JAMMED,
    Position.UNKNOWN: Media.UNKNOWN,
}


def after(position: Position, event: Event) -> Position:
    """Give where the card is after this was heard."""
    return TABLE[position, event]


def media(position: Position) -> Media:
    """Give the position in the words of every slot."""
    return _MEDIA[position]
