"""Modbus frames: the standard's examples byte for byte, and nothing else taken for an answer."""

import minimalmodbus
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.auxiliaries import frames
from hardware.auxiliaries.frames import crc, decode_reply, pack, seal, split_requests, unpack

# MODBUS over Serial Line 1.02, appendix B (unit 2, function 7), and the requests and answers of
# MODBUS Application Protocol 1.1b3, chapter 6 (PDUs), with unit and CRC as printed by
# simplymodbus.ca (FC01, FC02, FC05, FC15, exceptions).
SEALED = [
    "02 07 41 12",
    "11 01 00 13 00 25 0E 84",
    "11 01 05 CD 6B B2 0E 1B 45 E6",
    "11 02 00 C4 00 16 BA A9",
    "11 02 03 AC DB 35 20 18",
    "11 05 00 AC FF 00 4E 8B",
    "11 0F 00 13 00 0A 02 CD 01 BF 0B",
    "11 0F 00 13 00 0A 26 99",
    "0A 01 04 A1 00 01 AC 63",
    "0A 81 02 B0 53",
]
PAIRS = [
    ("11 01 00 13 00 25 0E 84", "11 01 05 CD 6B B2 0E 1B 45 E6"),
    ("11 02 00 C4 00 16 BA A9", "11 02 03 AC DB 35 20 18"),
    ("11 05 00 AC FF 00 4E 8B", "11 05 00 AC FF 00 4E 8B"),
    ("11 0F 00 13 00 0A 02 CD 01 BF 0B", "11 0F 00 13 00 0A 26 99"),
    ("0A 01 04 A1 00 01 AC 63", "0A 81 02 B0 53"),
]
REQUEST, REPLY = (bytes.fromhex(text) for text in PAIRS[1])
REQUESTS = st.sampled_from([bytes.fromhex(request) for request, _ in PAIRS])


@pytest.mark.parametrize("frame", SEALED)
def test_the_crc_of_the_examples(frame):
    data = bytes.fromhex(frame)
    assert seal(data[:-2]) == data
    assert frames.sealed(data)


@given(st.binary(min_size=1, max_size=40))
def test_the_crc_is_the_librarys(data):
    assert crc(data) == minimalmodbus._calculate_crc(data)


@pytest.mark.parametrize(("request_", "reply"), PAIRS)
def test_an_example_answers_its_request_with_noise_around_it(request_, reply):
    request, reply = bytes.fromhex(request_), bytes.fromhex(reply)
    assert decode_reply(request, reply) == reply
    assert decode_reply(request, b"\x00\x11\xff" + reply + b"\x11\x02") == reply
    assert decode_reply(request, reply[:-1]) is None


def test_the_bits_of_an_example():
    # FC 01 of the standard: coils 27-20 are CD = 1100 1101, the lowest bit first
    assert unpack(b"\xcd", 8) == (True, False, True, True, False, False, True, True)
    assert pack(unpack(b"\xcd\x01", 10)) == b"\xcd\x01"


@pytest.mark.parametrize(
    "other",
    [
        seal(bytes.fromhex("12 02 03 AC DB 35")),  # of another unit
        seal(bytes.fromhex("11 01 03 AC DB 35")),  # to another function
        seal(bytes.fromhex("11 02 02 AC DB")),  # of another size
        seal(bytes.fromhex("11 02 04 AC DB 35")),  # its count and its size differ
        seal(bytes.fromhex("11 81 02")),  # another function refused
        REPLY[:-1] + b"\x19",  # its CRC wrong
        REQUEST,  # an echo
        b"",
    ],
)
def test_an_answer_to_something_else_is_passed_over(other):
    assert decode_reply(REQUEST, other) is None
    assert decode_reply(REQUEST, other + REPLY) == REPLY


@pytest.mark.parametrize(
    "other", ["11 0F 00 14 00 0A", "11 0F 00 13 00 0B", "11 05 00 13 00 0A", "11 0F 00 13 00 0A 02"]
)
def test_a_write_is_acknowledged_by_its_own_numbers_alone(other):
    request = bytes.fromhex(PAIRS[3][0])
    assert decode_reply(request, seal(bytes.fromhex(other))) is None
    assert decode_reply(request, request) is None  # an echo


@given(st.integers(0, 8 * len(REPLY) - 1))
def test_no_answer_survives_a_flipped_bit(bit):
    bent = bytearray(REPLY)
    bent[bit // 8] ^= 1 << bit % 8
    assert decode_reply(REQUEST, bytes(bent)) is None


@given(REQUESTS, st.binary(max_size=300))
def test_any_bytes_give_an_answer_of_this_unit_or_none(request_, received):
    frame = decode_reply(request_, received)
    assert frame is None or (frame in received and frames.sealed(frame) and frame[0] == request_[0])


@given(st.lists(st.one_of(REQUESTS, st.binary(max_size=12)), max_size=6), st.data())
def test_requests_are_found_in_any_pieces(parts, data):
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    pending, found = bytearray(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        pending += stream[start:end]
        found += split_requests(pending)
    assert all(frames.sealed(frame) for frame in found)
    assert len(pending) < frames.LONGEST


@pytest.mark.parametrize("noise", [b"", b"\x00", b"\xff\x13\x37"])
def test_a_request_is_found_behind_noise(noise):
    pending = bytearray(noise + REQUEST + REQUEST[:3])
    assert split_requests(pending) == [REQUEST]
    assert pending == REQUEST[:3]
    pending += REQUEST[3:]
    assert split_requests(pending) == [REQUEST]


@given(st.lists(st.booleans(), max_size=64).map(tuple))
def test_bits_come_back_as_they_went(bits):
    assert unpack(pack(bits), len(bits)) == bits
