"""Bytes sent and status bytes read. Golden bytes: docs/devices/printer.md."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hardware.printer import answers, frames, slip
from hardware.printer.document import Document, Feed, Pair, Qr, Rule, Text

GOLDEN_STATUS = [
    ("12 12 12 12", "", "full"),
    ("12 12 12 1E", "", "low"),
    ("1A 32 12 72", "paper_out", "out"),
    ("1A 32 12 7E", "paper_out", "out"),
    ("1A 16 12 12", "cover_open", "full"),
    ("1A 52 1A 12", "cutter_error", "full"),
    ("1A 52 16 12", "media_jammed", "full"),
    ("1A 52 32 12", "hardware_error", "full"),
    ("1A 12 12 12", "offline", "full"),
    ("1A 52 52 12", "offline", "full"),
    ("12 12 12 16", "", "unknown"),
]


@pytest.mark.parametrize(("answers", "trouble", "paper"), GOLDEN_STATUS)
def test_golden_status(answers: str, trouble: str, paper: str) -> None:
    status = frames.decode(*bytes.fromhex(answers))
    assert (status.trouble, status.paper) == (trouble, paper)


@pytest.mark.parametrize("byte", [0x00, 0x10, 0x13, 0x92, 0xFF])
def test_bytes_that_are_no_status(byte: int) -> None:
    assert not frames.is_status(byte)
    with pytest.raises(ValueError):
        frames.decode(0x12, byte, 0x12, 0x12)


def test_a_status_byte_is_never_an_echo() -> None:
    assert not any(frames.is_status(byte) and frames.is_echo(byte) for byte in range(256))


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_any_four_bytes_are_a_status_or_refused(answers: tuple[int, int, int, int]) -> None:
    if all(byte & 0x93 == 0x12 for byte in answers):
        status = frames.decode(*answers)
        assert (status.trouble == "") <= (answers[0] & 0x08 == 0)
        assert (status.paper == "out") == bool(answers[3] & 0x60 or answers[1] & 0x20)
    else:
        with pytest.raises(ValueError):
            frames.decode(*answers)


def test_well_means_well_in_every_byte() -> None:
    """Of all valid answers none with an error bit is well."""
    valid = [byte for byte in range(256) if frames.is_status(byte)]
    for n1, n2, n3 in product(valid, repeat=3):
        if not frames.decode(n1, n2, n3, 0x12).trouble:
            assert not n1 & 0x28
            assert not n2 & 0x64
            assert not n3 & 0x6C


GOLDEN_REPORTS = [
    ("10 00 00 00", "", "full"),
    ("10 00 00 0F", "", "full"),
    ("14 00 03 00", "", "low"),
    ("18 00 0C 00", "paper_out", "out"),
    ("18 00 0F 00", "paper_out", "out"),
    ("38 00 00 00", "cover_open", "full"),
    ("18 08 00 00", "cutter_error", "full"),
    ("18 04 00 00", "media_jammed", "full"),
    ("18 20 00 00", "hardware_error", "full"),
    ("18 40 00 00", "offline", "full"),
    ("50 02 00 00", "offline", "full"),
    ("10 00 01 00", "", "unknown"),
]


@pytest.mark.parametrize(("report", "trouble", "paper"), GOLDEN_REPORTS)
def test_golden_report(report: str, trouble: str, paper: str) -> None:
    data = bytes.fromhex(report)
    assert answers.sort(data) == [answers.Heard("report", data)]
    status = frames.decode_report(data)
    assert (status.trouble, status.paper) == (trouble, paper)


@given(st.binary(max_size=6))
def test_any_bytes_are_a_report_or_refused(data: bytes) -> None:
    whole = len(data) == 4 and data[0] & 0x93 == 0x10
    if whole and all(byte & 0x90 == 0 for byte in data[1:]):
        status = frames.decode_report(data)
        assert (status.trouble == "") <= (data[0] & 0x08 == 0)
        assert (status.paper == "out") == bool(data[2] & 0x0C)
    else:
        with pytest.raises(ValueError):
            frames.decode_report(data)


def test_a_report_is_neither_a_status_nor_an_echo() -> None:
    said = answers.sort(bytes.fromhex("12 10 00 03 00 00 1A"))
    assert [(heard.kind, heard.data.hex()) for heard in said] == [
        ("status", "12"),
        ("report", "10000300"),
        ("echo", "00"),
        ("status", "1a"),
    ]


def test_an_answer_in_the_middle_of_a_report_is_an_answer() -> None:
    assert answers.sort(bytes.fromhex("10 00 12 03 00")) == [
        answers.Heard("status", b"\x12"),
        answers.Heard("report", bytes.fromhex("10000300")),
    ]


def test_a_report_that_lost_a_byte_swallows_an_echo_and_never_makes_one() -> None:
    assert [heard.kind for heard in answers.sort(bytes.fromhex("10 00 00 03"))] == ["report"]
    assert [heard.kind for heard in answers.sort(bytes.fromhex("10 00 00"))] == []
    kinds = [heard.kind for heard in answers.sort(bytes.fromhex("10 00 10 00 03 00"))]
    assert kinds == ["report"]


PRINTED = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=4),
        st.sampled_from([bytes.fromhex(row[0]) for row in GOLDEN_REPORTS]),
    )
).map(b"".join)


@given(PRINTED, PRINTED)
def test_any_bytes_are_sorted_and_only_whole_reports_are(data: bytes, more: bytes) -> None:
    said = answers.sort(data + more)
    for heard in said:
        if heard.kind == "report":
            frames.decode_report(heard.data)
        else:
            assert len(heard.data) == 1
    statuses = b"".join(heard.data for heard in said if heard.kind == "status")
    assert statuses == bytes(byte for byte in data + more if frames.is_status(byte))
    assert said[: len(answers.sort(data))] == answers.sort(data)


def test_golden_requests() -> None:
    assert frames.request(4).hex(" ") == "10 04 04"
    assert frames.CANCEL.hex(" ") == "10 05 02"
    assert slip.HEAD.hex(" ") == "1b 40 1d 61 00 1c 26 1b 33 22"
    assert slip.TAIL.data.hex(" ") == "1b 64 02 1d 56 42 00"


@pytest.mark.parametrize(
    ("text", "golden"), [("社保卡", "c9e7b1a3bfa8"), ("㐀𠀀", "8139ee3995328236"), ("·", "a1a4")]
)
def test_golden_text(text: str, golden: str) -> None:
    assert frames.characters(text).hex() == golden


def test_golden_line() -> None:
    (part,) = slip.parts([Text("社保卡", size=2, bold=True, align="center")], 576, "text")
    assert part.data.hex(" ") == (
        "1b 61 01 1d 21 11 1b 45 01 c9 e7 b1 a3 bf a8 0a 1b 61 00 1d 21 00 1b 45 00"
    )


def test_golden_qr() -> None:
    assert frames.qr("v1|T1", 6) == bytes.fromhex(
        "1D286B040031413200 1D286B0300314306 1D286B0300314531"
        "1D286B080031503076317C5431 1D286B0300315130"
    )


@pytest.mark.parametrize(("dots", "head"), [(384, "1d76300030000001"), (576, "1d76300048000001")])
def test_golden_band(dots: int, head: str) -> None:
    black = Image.new("L", (dots, 300), 0)
    first, second = frames.bands(black)
    assert first[:8].hex() == head
    assert first[8:] == b"\xff" * (dots // 8 * 256)
    assert second[6:8] == (300 - 256).to_bytes(2, "little")


@given(st.binary(min_size=48 * 8, max_size=48 * 8), st.data())
def test_no_picture_holds_a_real_time_command(noise: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(noise) - 2))
    raw = (
        noise[:at]
        + data.draw(st.sampled_from([b"\x10\x04", b"\x10\x05", b"\x10\x14"]))
        + noise[at:]
    )
    rows = np.frombuffer(raw[: len(noise)], np.uint8).reshape(8, 48)
    picture = Image.fromarray(np.where(np.unpackbits(rows, axis=1), 0, 255).astype(np.uint8))
    (band,) = frames.bands(picture)
    assert not any(command in band for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
    changed = np.frombuffer(band[8:], np.uint8) ^ rows.ravel()
    assert np.bitwise_count(changed).max() <= 1


BLOCKS = st.one_of(
    st.builds(Text, st.text(max_size=60), st.sampled_from([1, 2])),
    st.builds(Pair, st.text(max_size=30), st.text(max_size=60)),
    st.builds(Feed, st.integers(0, 5)),
    st.builds(Qr, st.text("v1|-XYZ09", min_size=1, max_size=40)),
    st.just(Rule()),
)


@given(
    st.lists(BLOCKS, max_size=4), st.sampled_from([384, 576]), st.sampled_from(["text", "mixed"])
)
def test_no_words_of_a_citizen_command_the_printer(
    document: Document, dots: int, mode: slip.Mode
) -> None:
    for part in slip.parts(document, dots, mode):
        assert not any(command in part.data for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


@given(st.text(max_size=80))
def test_text_mode_sends_no_control_character_from_the_text(text: str) -> None:
    for part in slip.parts([Text(text)], 384, "text"):
        sent = part.data[len(bytes.fromhex("1b61001d21001b4500")) :].split(b"\x0a")[0]
        assert all(byte >= 0x20 for byte in sent)
