"""The frames of the CRT-591: the golden bytes, read by their length, and found in any stream."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardware.card_transport import commands
from hardware.card_transport.commands import COMMANDS, REFUSALS
from hardware.card_transport.frames import (
    LONGEST,
    MOST_DATA,
    STX,
    Control,
    Deframer,
    Frame,
    Reply,
    build,
    build_reply,
    decode_reply,
)
from hardware.card_transport.position import Event
from hardware.card_transport.profile import Profile
from hardware.device import Supply
from hardware.fault import Cure

ATR = "3B6D00000081544343508633010203" + "0405"
SELECT = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
FCI = "6F19840F7378312E73682EC9E7BBE1B1A3D5CFA5069F0C03860103" + "9000"

# docs/devices/card_transport.md, "Golden bytes": command row, its data, the frame sent.
SENT = [
    (commands.INITIALISE_LEAVE, "", "F2 00 00 03 43 30 33 03 B2"),
    (commands.STATUS, "", "F2 00 00 03 43 31 30 03 B0"),
    (commands.TO_CONTACT, "", "F2 00 00 03 43 32 31 03 B2"),
    (commands.FEED, "", "F2 00 00 03 43 32 32 03 B1"),
    (commands.COLD_RESET, "33", "F2 00 00 04 43 51 30 33 03 E4"),
    (
        commands.APDU,
        SELECT,
        "F2 00 00 17 43 51 39 00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF 03 3F",
    ),
    (commands.APDU, "00B2072C00", "F2 00 00 08 43 51 39 00 B2 07 2C 00 03 4B"),
    (commands.POWER_OFF, "", "F2 00 00 03 43 51 31 03 D1"),
    (commands.TO_GATE, "", "F2 00 00 03 43 32 30 03 B3"),
    (commands.CAPTURE, "", "F2 00 00 03 43 32 33 03 B0"),
    (commands.ALLOW, "", "F2 00 00 03 43 33 30 03 B2"),
    (commands.FORBID, "", "F2 00 00 03 43 33 31 03 B3"),
]
# The words and the data of a reply, and the frame it comes in.
HEARD = [
    (commands.INITIALISE_LEAVE, False, "010", b"CRT-591-MR01".hex(),
     "F2 00 00 12 50 30 33 30 31 30 43 52 54 2D 35 39 31 2D 4D 52 30 31 03 E7"),
    (commands.STATUS, False, "010", "", "F2 00 00 06 50 31 30 30 31 30 03 97"),
    (commands.TO_CONTACT, False, "210", "", "F2 00 00 06 50 32 31 32 31 30 03 97"),
    (commands.COLD_RESET, False, "210", "30" + ATR,
     "F2 00 00 18 50 51 30 32 31 30 30 3B 6D 00 00 00 81 54 43 43 50 86 33 01 02 03 04 05 03 BC"),
    (commands.APDU, False, "210", FCI,
     "F2 00 00 23 50 51 39 32 31 30" + FCI + "03 5E"),
    (commands.APDU, False, "210", "0709413132333435363738" + "9000",
     "F2 00 00 13 50 51 39 32 31 30 07 09 41 31 32 33 34 35 36 37 38 90 00 03 3E"),
    (commands.POWER_OFF, False, "210", "", "F2 00 00 06 50 51 31 32 31 30 03 F4"),
    (commands.TO_GATE, False, "110", "", "F2 00 00 06 50 32 30 31 31 30 03 95"),
    (commands.CAPTURE, False, "010", "", "F2 00 00 06 50 32 33 30 31 30 03 97"),
    (commands.TO_CONTACT, True, "A0", "", "F2 00 00 05 4E 32 31 41 30 03 C8"),
    (commands.TO_CONTACT, True, "10", "", "F2 00 00 05 4E 32 31 31 30 03 B8"),
]  # fmt: skip
E_FOR_N = "F2 00 00 05 45 32 31 41 30 03 C3"
EJECT = ("F2 00 00 03 43 32 39 03 BA", "F2 00 00 06 50 32 39 30 31 30 03 9D")

TEXTS = st.binary(min_size=3, max_size=60)
FRAMES = st.builds(Frame, st.integers(0, 15), TEXTS)
NOISE = st.binary(max_size=20).filter(lambda noise: not {STX, *Control} & set(noise))


def found(stream, cuts=()):
    deframer = Deframer()
    ends = [*sorted(cuts), len(stream)]
    items = [
        item
        for start, end in zip([0, *ends[:-1]], ends, strict=True)
        for item in deframer.feed(stream[start:end])
    ]
    return items + deframer.rescue(), deframer


@pytest.mark.parametrize(("command", "data", "frame"), SENT, ids=lambda value: None)
def test_golden_commands(command, data, frame):
    assert build(0, b"C" + command.code + bytes.fromhex(data)) == bytes.fromhex(frame)


@pytest.mark.parametrize(("command", "refused", "words", "data", "frame"), HEARD)
def test_golden_replies(command, refused, words, data, frame):
    reply = Reply(command.code, refused, words, bytes.fromhex(data))
    items, deframer = found(bytes.fromhex("06" + frame))
    assert items[0] is Control.ACK
    assert [decode_reply(item.text) for item in items[1:]] == [reply]
    assert not deframer.damaged
    assert build_reply(0, reply) == bytes.fromhex(frame)


def test_golden_eject_which_no_command_here_uses():
    command, reply = map(bytes.fromhex, EJECT)
    assert build(0, b"C29") == command
    assert build_reply(0, Reply(b"29", refused=False, words="010")) == reply


def test_a_no_begins_with_n_or_with_e_as_the_profile_says():
    (frame,) = found(bytes.fromhex(E_FOR_N))[0]
    no = Reply(b"21", refused=True, words="A0")
    assert decode_reply(frame.text) == decode_reply(frame.text, b"E") == no
    assert decode_reply(frame.text, b"N") is None
    assert build_reply(0, no, b"E") == bytes.fromhex(E_FOR_N)


@given(st.lists(st.tuples(NOISE, FRAMES | st.sampled_from(Control)), max_size=5), st.data())
def test_frames_are_found_in_any_pieces_with_noise_between(sent, data):
    stream = b"".join(noise + as_bytes(item) for noise, item in sent)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8))
    items, deframer = found(stream, cuts)
    assert items == [item for _, item in sent]
    assert not deframer.damaged


@given(st.lists(st.binary(max_size=20) | FRAMES | st.just(b"\xf2\x00"), max_size=10), st.data())
def test_any_bytes_in_any_pieces_give_the_same(parts, data):
    stream = b"".join(as_bytes(part) for part in parts)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=8))
    whole, pieces = found(stream), found(stream, cuts)
    assert pieces[0] == whole[0]
    assert pieces[1].damaged is whole[1].damaged
    for item in whole[0]:
        if isinstance(item, Frame):
            decode_reply(item.text)


@given(st.integers(0, 8 * 9 - 1))
def test_no_frame_survives_a_flipped_bit(bit):
    bent = bytearray(build(0, b"C10"))
    bent[bit // 8] ^= 1 << bit % 8
    assert not any(isinstance(item, Frame) for item in found(bytes(bent))[0])


@given(TEXTS, st.data())
def test_a_cut_frame_hides_nothing_behind_it_and_its_bytes_are_no_control(text, data):
    whole = build(1, text)
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    behind = Frame(2, b"C10")
    items, deframer = found(cut + as_bytes(behind))
    # Eight bits of XOR: one cut frame in 256 is whole again with bytes of the next.
    assume(not any(isinstance(item, Frame) and item != behind for item in items))
    assert items == [behind]
    assert deframer.damaged


def test_three_within_the_data_does_not_end_a_frame():
    text = b"P51010" + bytes(range(256)) + b"\x03\x03\xf2\x06"
    assert found(build(0, text), range(0, 260, 7))[0] == [Frame(0, text)]


@pytest.mark.parametrize("length", [0, 1, 2, LONGEST + 1, 0xFFFF])
def test_an_impossible_length_is_passed_over(length):
    items, deframer = found(b"\xf2\x00" + length.to_bytes(2, "big") + build(0, b"C10"))
    assert items == [Frame(0, b"C10")]
    assert deframer.damaged


def test_endless_noise_is_not_kept():
    deframer = Deframer()
    for _ in range(100):
        deframer.feed(b"\xf2\x00\x03\xf0" + bytes(1200))
    assert len(deframer._pending) <= LONGEST + 6


@pytest.mark.parametrize(
    ("address", "text"), [(16, b"C10"), (-1, b"C10"), (0, b"C1"), (0, bytes(LONGEST + 1))]
)
def test_what_has_no_frame_is_refused(address, text):
    with pytest.raises(ValueError, match="no frame"):
        build(address, text)


@pytest.mark.parametrize(
    "text",
    [b"", b"P", b"P10", b"P1001", b"P100\x001", b"N21A", b"C10", b"X10010", b"P10\xff\xff\xff",
     b"P51010" + bytes(MOST_DATA + 1)],
)  # fmt: skip
def test_what_is_no_reply_is_none(text):
    assert decode_reply(text) is None


@given(st.binary(max_size=40))
def test_any_text_is_a_reply_or_none(text):
    reply = decode_reply(text)
    if reply is not None:
        assert build_reply(0, reply)[4:-2] in (text, b"N" + text[1:])


def test_neither_frame_nor_reply_shows_what_is_in_it():
    frame = Frame(0, b"P51210\x20\x00secret")
    assert "secret" not in repr(frame) + repr(decode_reply(frame.text))


def test_every_command_and_every_code_has_one_row():
    assert len({command.code for command in COMMANDS}) == len(COMMANDS)
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    listed = "00 01 02 03 04 05 10 12 13 14 40 41 43 45 50 51 60 61 62 65 66 67 68 69 A0 A1 B0"
    assert set(REFUSALS) == {*listed.split(), "63", "64"}
    assert all(row.detail.replace("_", "").isalpha() and row.text for row in REFUSALS.values())


def test_who_can_mend_what_the_device_refuses():
    cures = {code: REFUSALS[code].cure for code in ("10", "51", "A0", "A1", "45", "B0")}
    assert cures == {
        "10": Cure.ATTENDANT, "51": Cure.ATTENDANT, "A0": Cure.REFILL, "A1": Cure.REFILL,
        "45": Cure.RETRY, "B0": Cure.RETRY,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        (commands.STATUS, "010", (Event.ABSENT,)),
        (commands.STATUS, "110", (Event.GATE,)),
        (commands.STATUS, "210", (Event.INSIDE,)),
        (commands.STATUS, "710", (Event.LOST,)),
        (commands.TO_CONTACT, "210", (Event.CONTACT,)),
        (commands.TO_CONTACT, "110", (Event.GATE,)),
        (commands.CAPTURE, "010", (Event.CAPTURED,)),
        (commands.CAPTURE, "210", (Event.INSIDE,)),
        (commands.INITIALISE_LEAVE, "210", (Event.INITIALISED, Event.INSIDE)),
        (commands.INITIALISE_LEAVE, "910", (Event.LOST,)),
    ],
)
def test_what_a_reply_says_of_the_card(command, words, expected):
    assert commands.events(command, Reply(command.code, refused=False, words=words)) == expected


@pytest.mark.parametrize(
    ("st1", "st2", "full_is", "stacker", "retain_bin"),
    [
        ("0", "0", "1", Supply.EMPTY, Supply.OK),
        ("1", "1", "1", Supply.LOW, Supply.FULL),
        ("2", "0", "0", Supply.OK, Supply.FULL),
        ("2", "1", "0", Supply.OK, Supply.OK),
        ("7", "7", "1", Supply.UNKNOWN, Supply.UNKNOWN),
    ],
)
def test_levels_by_the_sense_of_the_profile(st1, st2, full_is, stacker, retain_bin):
    reply = Reply(b"10", refused=False, words="0" + st1 + st2)
    levels = {"stacker": stacker, "retain_bin": retain_bin}
    assert commands.supplies(reply, Profile(bin_full=full_is)) == levels


@pytest.mark.parametrize("baudrate", [9600, 38400, 57600])
def test_a_deadline_is_the_motion_and_the_wire(baudrate):
    profile = Profile(ack_s=0.5, path_s=1.25, feed_s=2.5, chip_s=0.75, initialise_s=4)
    byte_s = 10 / baudrate
    for command, motion_s, most in (
        (commands.ALLOW, 0, 12),
        (commands.TO_GATE, 1.25, 12),
        (commands.FEED, 2.5, 12),
        (commands.APDU, 0.75, 12 + 258),
        (commands.INITIALISE_LEAVE, 4, 12 + 20),
    ):
        expected = profile.ack_s + motion_s + most * byte_s
        assert command.deadline_s(profile, baudrate) == pytest.approx(expected)


def as_bytes(item):
    if isinstance(item, Frame):
        return build(item.address, item.text)
    return bytes([item]) if isinstance(item, Control) else item
