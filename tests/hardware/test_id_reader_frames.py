"""The frames: found in any stream, in any pieces, and nothing else taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.id_reader import commands
from hardware.id_reader.commands import COMMANDS, MEANINGS
from hardware.id_reader.frames import (
    LONGEST,
    PREAMBLE,
    Decoder,
    Deframer,
    Reply,
    build,
    build_reply,
    decode,
)
from tests.hardware.test_id_reader_vectors import (
    FIND_FOUND,
    FIND_NONE,
    PERSON_A,
    STATUS_COMMAND,
    STATUS_REPLY,
)

READ_A = build_reply(commands.OK, PERSON_A.payload())
REPLIES = st.builds(Reply, st.integers(0, 255), st.binary(max_size=40))
NOISE = st.binary(max_size=30).filter(lambda noise: PREAMBLE not in noise)


def _fed(stream, cuts=()):
    decoder = Decoder()
    ends = [*sorted(cuts), len(stream)]
    starts = [0, *ends[:-1]]
    replies = [
        reply
        for start, end in zip(starts, ends, strict=True)
        for reply in decoder.feed(stream[start:end])
    ]
    return replies, decoder


@given(st.lists(st.tuples(NOISE, REPLIES), max_size=4), NOISE, st.data())
def test_replies_are_found_in_any_pieces_with_noise_between(sent, tail, data):
    stream = b"".join(noise + build_reply(reply.code, reply.data) for noise, reply in sent) + tail
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8))
    replies, decoder = _fed(stream, cuts)
    assert replies == [reply for _, reply in sent]
    assert not decoder.damaged


@given(st.lists(st.one_of(st.binary(max_size=20), st.just(PREAMBLE)), max_size=12), st.data())
def test_any_bytes_in_any_pieces_give_the_same_replies(parts, data):
    stream = b"".join(parts)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8))
    whole, pieces = Decoder(), Decoder()
    expected = whole.feed(stream) + whole.rescue()
    ends = [*sorted(cuts), len(stream)]
    got = [
        reply
        for start, end in zip([0, *ends[:-1]], ends, strict=True)
        for reply in pieces.feed(stream[start:end])
    ]
    assert got + pieces.rescue() == expected
    assert (pieces.noisy, pieces.damaged) == (whole.noisy, whole.damaged)


@given(st.integers(0, 8 * len(FIND_FOUND) - 1))
def test_no_reply_survives_a_flipped_bit(bit):
    bent = bytearray(FIND_FOUND)
    bent[bit // 8] ^= 1 << bit % 8
    decoder = Decoder()
    assert decoder.feed(bytes(bent)) + decoder.rescue() == []
    assert decoder.damaged is (bit >= 8 * len(PREAMBLE))


@given(st.integers(1, len(READ_A) - 1))
def test_a_cut_reply_is_damaged_and_hides_nothing_that_follows(kept):
    decoder = Decoder()
    replies = decoder.feed(READ_A[:kept] + STATUS_REPLY) + decoder.rescue()
    assert replies == [Reply(commands.OK)]
    assert decoder.damaged is (kept >= len(PREAMBLE))


def test_a_frame_inside_a_photo_is_no_reply():
    inside = build_reply(commands.OK, PERSON_A.payload()[:-20] + FIND_NONE + bytes(9))
    replies, _ = _fed(inside, range(0, len(inside), 64))
    assert [len(reply.data) for reply in replies] == [1284]


def test_an_echo_of_the_command_is_no_reply():
    replies, decoder = _fed(STATUS_COMMAND + STATUS_REPLY)
    assert replies == [Reply(commands.OK)]
    assert not decoder.damaged


@pytest.mark.parametrize("length", [0, 1, 2, LONGEST + 1, 0xFFFF])
def test_an_impossible_length_is_passed_over(length):
    replies, decoder = _fed(PREAMBLE + length.to_bytes(2, "big") + FIND_NONE)
    assert replies == [Reply(commands.NOT_FOUND)]
    assert decoder.damaged


@given(st.lists(st.one_of(st.binary(max_size=20), st.just(PREAMBLE)), max_size=12))
def test_any_stream_has_replies_or_none(parts):
    stream = b"".join(parts)
    assert decode(stream + READ_A + stream).count(Reply(commands.OK, PERSON_A.payload())) <= 1
    assert all(isinstance(reply, Reply) for reply in decode(stream))


def test_endless_noise_is_not_kept():
    deframer = Deframer()
    for _ in range(100):
        deframer.feed(b"\xaa" * 1000)
    assert len(deframer._pending) < len(PREAMBLE)


def test_pieces_are_wiped_where_they_were_put_together():
    """A small block of memory that is freed keeps what it held."""
    deframer = Deframer()
    deframer.feed(READ_A[:100])
    first = deframer._pending
    deframer.feed(READ_A[100:200])
    assert first == bytes(100)


@pytest.mark.parametrize("body", [b"", b"\x11", bytes(LONGEST)])
def test_a_body_that_fits_no_frame_is_refused(body):
    with pytest.raises(ValueError, match="has no frame"):
        build(body)


def test_a_reply_of_another_command_is_not_taken():
    answers = {
        "status": Reply(commands.OK),
        "sam_number": Reply(commands.OK, bytes(16)),
        "find": Reply(commands.FOUND, bytes(4)),
        "select": Reply(commands.OK, bytes(8)),
        "read": Reply(commands.OK, PERSON_A.payload()),
        "read_finger": Reply(commands.OK, PERSON_A.payload_with_finger()),
        "newest_address": Reply(commands.OK, bytes(70)),
    }
    readings = {"read", "read_finger"}  # a reader may answer one as the other
    alike = {"reset": {"status"}, "read": readings, "read_finger": readings}
    for command in COMMANDS:
        taken = {name for name, reply in answers.items() if command.accepts(reply)}
        assert taken == alike.get(command.name, {command.name})


def test_a_refusal_is_taken_by_the_commands_that_may_be_refused_so():
    def taken_by(code):
        return {command.name for command in COMMANDS if command.accepts(Reply(code))}

    assert taken_by(commands.NOT_SELECTED) == {"select"}
    assert taken_by(commands.NONE) == {"newest_address"}
    of_paper = {"select", "read", "read_finger", "newest_address"}
    assert taken_by(commands.NOT_READ) == of_paper
    assert taken_by(commands.NOT_FOUND) == {"find"}
    assert taken_by(commands.SELF_TEST) == {command.name for command in COMMANDS}
    assert taken_by(0xEE) == {command.name for command in COMMANDS}


def test_every_code_of_the_sheet_has_its_row():
    codes = "90 9F 80 81 10 11 21 23 24 31 32 33 40 41 47 60 66 91"
    assert set(MEANINGS) == set(bytes.fromhex(codes))


def test_a_reply_does_not_show_its_data():
    shown = repr(Reply(commands.OK, PERSON_A.payload()))
    assert shown == "Reply(code=144)"
