"""The language of wire faults, and what the wire makes of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.wire.faults import KINDS, Kind, WireFault, parse
from hardware.wire.wire import Wire

VALUES = {
    Kind.DELAY: st.floats(0, 3600),
    Kind.HALVES: st.floats(0, 3600),
    Kind.DRIP: st.floats(0, 3600),
    Kind.DROP_LAST: st.integers(0, 10**6),
    Kind.FLIP_BIT: st.integers(0, 10**6),
    Kind.GARBAGE: st.binary(min_size=1, max_size=8),
    Kind.NOISE: st.binary(min_size=1, max_size=8),
}


@st.composite
def faults(draw):
    kind = draw(st.sampled_from(list(Kind)))
    return WireFault(
        kind,
        draw(VALUES.get(kind, st.none())),
        draw(st.sampled_from(["", "read", "status"])),
        draw(st.integers(0, 9)),
        draw(st.none() | st.integers(0, 9)),
    )


class Heard:
    """A line that remembers."""

    def __init__(self):
        self.pieces = []

    def send(self, data):
        self.pieces.append(data)


def bent(fault, *replies, sent=b"?"):
    wire = Wire(lambda: None, lambda: None)
    wire.go_wrong(parse(fault))
    line = Heard()
    for reply in replies:
        wire.heard("read").deliver(line, sent, reply)
    return line.pieces


@given(faults())
def test_a_fault_is_written_and_read_the_same(fault):
    assert parse(str(fault)) == fault


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_words_and_a_usual_value_that_can_be_read(kind):
    row = KINDS[kind]
    assert row.meaning
    fault = parse(kind)
    assert (fault.value is None) is (row.read is None)


@pytest.mark.parametrize(
    "text",
    ["", "fire", "delay x", "delay -1", "drop_last -1", "garbage xyz", "silence 3", "silence only",
     "silence after x", "silence times -2", "silence times 1 times 2"],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused_with_a_word(text):
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)


@pytest.mark.parametrize(
    ("fault", "pieces"),
    [
        ("none", [b"abcd"]),
        ("silence", []),
        ("did_it", []),
        ("half_open", []),
        ("drop_last 3", [b"a"]),
        ("drop_last 9", [b""]),
        ("flip_bit 0", [b"\xe1bcd"]),
        ("flip_bit 99", [b"abcd"]),
        ("garbage 3132", [b"12abcd"]),
        ("noise 3132", [b"abcd12"]),
        ("echo", [b"?abcd"]),
        ("twice", [b"abcdabcd"]),
        ("halves 0", [b"ab", b"cd"]),
        ("drip 0", [b"a", b"b", b"c", b"d"]),
        ("delay 0", [b"abcd"]),
        ("silence only status", [b"abcd"]),
    ],
)
def test_what_comes_out_of_the_wire(fault, pieces):
    assert bent(fault, b"abcd") == pieces


def test_the_answer_before_comes_instead():
    assert bent("other", b"one", b"two", b"three") == [b"one", b"one", b"two"]


def test_after_and_times_count_the_commands_they_are_about():
    assert bent("did_it after 1 times 2", b"1", b"2", b"3", b"4") == [b"1", b"4"]


def test_a_plug_is_pulled_when_it_is_told_and_the_device_must_not_obey():
    pulled = []
    wire = Wire(lambda: pulled.append("unplug"), lambda: pulled.append("power"))
    wire.go_wrong(parse("unplug after 1"))
    assert not wire.heard("read").cut
    assert not pulled
    passage = wire.heard("read")
    assert passage.cut
    line = Heard()
    passage.deliver(line, b"?", b"!")
    assert (pulled, line.pieces) == (["unplug"], [])
    wire.go_wrong(parse("power_cycle"))
    assert pulled == ["unplug", "power"]
