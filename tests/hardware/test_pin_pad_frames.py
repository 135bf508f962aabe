"""The frames of the pad: golden bytes, any pieces, keys between them, and what is never sent."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.pin_pad import commands
from hardware.pin_pad.commands import COMMANDS, MEANINGS, OK, REFUSALS, Reply, block_of
from hardware.pin_pad.entry import Entry, Want
from hardware.pin_pad.frames import LONGEST, Deframer, Frame, build, items_of

GOLDEN = {
    commands.STATUS.frame(): "02 30 30 31 49 03 37 42",
    commands.RESET.frame(): "02 30 30 34 35 30 33 30 03 33 31",
    commands.KEYPAD_ON.frame(): "02 30 30 34 35 30 33 35 03 33 34",
    commands.CLEAR_TEXT.frame(): "02 30 30 34 35 30 33 33 03 33 32",
    commands.KEYPAD_OFF.frame(): "02 30 30 34 35 30 33 32 03 33 33",
    commands.MINIMUM.frame(b"06"): "02 30 30 34 35 34 30 36 03 33 30",
    commands.PIN_ENTRY.frame(): "02 30 30 36 36 30 30 30 31 31 03 33 33",
    build(b"\x33"): "02 30 30 31 33 03 30 31",
}
"""Source: docs/devices/pin_pad.md, golden bytes."""
KEYS = st.sampled_from(sorted({*b"0123456789*", 0x0D, 0x1B, 0x08}))
FRAMES = st.builds(Frame, st.binary(min_size=1, max_size=40))


@pytest.mark.parametrize(("frame", "golden"), GOLDEN.items(), ids=GOLDEN.values())
def test_golden_bytes(frame, golden):
    assert frame == bytes.fromhex(golden)
    assert items_of(frame) == [Frame(frame[4:-3])]


def test_no_row_can_erase_keys():
    """The bodies that erase are not rows, nor can any row with the data it is given become one."""
    lengths = [commands.length_data(digits) for digits in range(10)]
    request = commands.block_request(0x31, "310000000000")
    for row in COMMANDS:
        for data in (b"", *lengths, request):
            body = row.frame(data)[4:-3]
            assert not body.startswith((b"5031", b"n", b"1", b"2", b"b", b"c"))


@given(st.lists(st.one_of(KEYS, FRAMES), max_size=8), st.data())
def test_frames_and_keys_are_found_in_any_pieces(sent, data):
    stream = b"".join(
        build(item.body) if isinstance(item, Frame) else bytes([item]) for item in sent
    )
    deframer = Deframer()
    cuts = [0, *sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6))), len(stream)]
    found = [
        item for start, end in itertools.pairwise(cuts) for item in deframer.feed(stream[start:end])
    ]
    assert found == sent
    assert not deframer.unfinished


@given(st.lists(st.one_of(st.binary(max_size=9), st.just(b"\x02"), st.just(b"\x02000"))), st.data())
def test_any_bytes_in_any_pieces_give_the_same_items(parts, data):
    stream = b"".join(parts)
    deframer = Deframer()
    cut = data.draw(st.integers(0, len(stream)))
    pieces = deframer.feed(stream[:cut]) + deframer.feed(stream[cut:]) + deframer.rescue()
    assert pieces == items_of(stream)
    assert not deframer.unfinished


@given(FRAMES, st.data())
def test_no_frame_survives_a_flipped_bit(frame, data):
    whole = build(frame.body)
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    bent = bytearray(whole)
    bent[bit // 8] ^= 1 << bit % 8
    same = bent[:-2] == whole[:-2] and bent[-2:].upper() == whole[-2:]  # an LRC in lower case
    assert (items_of(bytes(bent)) == [frame]) is same


def test_an_lrc_is_read_in_either_case_and_written_in_upper():
    assert build(b"I") == b"\x02001I\x037B"
    assert items_of(b"\x02001I\x037b") == [Frame(b"I")]


@pytest.mark.parametrize("size", [1, 999, 1000, LONGEST])
def test_long_bodies_have_the_long_form(size):
    frame = build(bytes(size))
    assert frame[1:4] == (b"%03d" % size if size < 1000 else b"000")
    assert items_of(frame) == [Frame(bytes(size))]


@pytest.mark.parametrize("body", [b"", bytes(LONGEST + 1)])
def test_a_body_that_fits_no_frame_is_refused(body):
    with pytest.raises(ValueError, match="has no frame"):
        build(body)


def test_endless_beginnings_are_not_kept():
    deframer = Deframer()
    for _ in range(200):
        deframer.feed(b"\x020004096" * 50)
    assert len(deframer._pending) <= LONGEST + 20


def test_an_echo_or_the_reply_of_another_command_is_not_taken():
    replies = {
        "status": Reply(0x90, bytes(22)),
        "pin_block": Reply(0x90, bytes(36)),
        "switch": Reply(0x90),
    }
    for row in COMMANDS:
        taken = {name for name, reply in replies.items() if row.accepts(reply)}
        own = {row.name if row.name in replies else "switch"}
        assert taken == (set(replies) if row is commands.STATUS else own)
        echo = row.frame(b"200" + bytes(12) if row is commands.PIN_BLOCK else b"")[4:-3]
        assert not row.accepts(Reply(echo[0], echo[1:]))


@given(st.integers(0, 255))
def test_a_code_is_good_or_a_refusal_or_no_answer(code):
    assert not (code in OK and code in REFUSALS)
    assert (code in OK or code in REFUSALS) is commands.STATUS.accepts(Reply(code))
    assert commands.meaning_of(code).detail


@pytest.mark.parametrize("size", [0, 1, 21, 22, 36, 146])
def test_a_status_may_have_any_length(size):
    assert commands.STATUS.accepts(Reply(0x90, bytes(size)))


def test_a_refusal_that_has_a_meaning_may_carry_data():
    for row in COMMANDS:
        assert all(row.accepts(Reply(code, b"0" * 22)) for code in MEANINGS)
        assert not row.accepts(Reply(0xC7, b"0" * 22))


def test_the_codes_that_have_words():
    assert set(MEANINGS) <= set(REFUSALS)
    assert MEANINGS[0xEF].detail == "no_pin"


@given(st.binary(max_size=40))
def test_any_data_is_a_block_or_none(data):
    block = block_of(data)
    assert block is None or (len(data) == 36 and block.hex() == data[4:].decode().lower())


@pytest.mark.parametrize(
    ("minimum", "maximum", "want", "account"),
    [
        (3, 6, Want.DIGITS, ""),
        (6, 13, Want.DIGITS, ""),
        (7, 6, Want.DIGITS, ""),
        (6, 6, Want.BLOCK, ""),
        (6, 6, Want.BLOCK, "12345678901x"),
    ],
)
def test_an_entry_that_is_not_possible(minimum, maximum, want, account):
    with pytest.raises(ValueError, match="digits"):
        Entry(want, minimum, maximum, account)


def test_nothing_of_a_block_is_shown():
    assert repr(Reply(0x90, b"secret")) == "Reply(code=144)"
    assert repr(Frame(b"secret")) == "Frame(intact=True)"
    assert "123456789012" not in repr(Entry(Want.BLOCK, account="123456789012"))
