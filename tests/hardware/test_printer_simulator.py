"""The simulator is a printer of its own: what comes out of it does not depend on the driver."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printer.interpreter import Interpreter
from hardware.printer.mechanism import Mechanism
from hardware.printer.paper import Strip
from hardware.printer.simulator import PrinterSimulator
from hardware.wire.faults import parse
from hardware.wire.wire import Passage, Wire

COMMANDS = st.sampled_from(
    [bytes.fromhex(each) for each in (
        "1B40", "1B61", "1B64", "1B45", "1B21", "1B4D", "1B33", "1B32", "1B74", "1B52", "1B4A", "1C26",
        "1C2E", "1D6104", "1D21", "1D56", "1D5642", "1D7201", "1D763000", "1D286B", "1D286B03003151", "1D286B08003150",
        "100401", "100502", "0A", "C9E7", "8139EE39",
    )]
)  # fmt: skip


def a_mechanism() -> Mechanism:
    def unplug() -> None:
        raise AssertionError("nobody pulled it")

    return Mechanism(384, Wire(unplug, unplug))


@given(st.lists(st.one_of(COMMANDS, st.binary(max_size=12)), max_size=30).map(b"".join))
def test_no_bytes_break_the_interpreter(data: bytes) -> None:
    mechanism = a_mechanism()
    interpreter = Interpreter(Strip(384), mechanism)
    heard: list[bytes] = []
    mechanism.receive(b"", lambda _passage, _sent, reply: heard.append(reply))
    left = memoryview(data)
    while left:
        left = left[interpreter.feed(left) :]
    assert set(heard) <= {b"\x00"}


@given(st.lists(st.binary(max_size=4), max_size=20), st.integers(0, 3))
def test_a_request_is_answered_however_it_is_split(chunks: list[bytes], at: int) -> None:
    whole = b"".join(chunk.replace(b"\x10", b"\x11") for chunk in chunks)
    together, apart = a_mechanism(), a_mechanism()
    heard: list[bytes] = []

    def hear(_passage: Passage, _sent: bytes, reply: bytes) -> None:
        heard.append(reply)

    together.receive(whole + b"\x10\x04\x01" + whole, hear)
    for chunk in (whole, b"\x10\x04\x01"[:at], b"\x10\x04\x01"[at:], whole):
        apart.receive(chunk, hear)
    assert heard == [b"\x12", b"\x12"]
    assert together.waiting == apart.waiting == 2 * len(whole)


@pytest.fixture
def wire() -> Iterator[tuple[PrinterSimulator, socket.socket]]:
    with PrinterSimulator() as simulator:
        port = int(simulator.address.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            yield simulator, line


def ask(line: socket.socket) -> str:
    answers = b""
    for n in (1, 2, 3, 4):
        line.sendall(bytes((0x10, 0x04, n)))
        answers += line.recv(1)
    return answers.hex(" ").upper()


def test_golden_status_on_the_wire(wire: tuple[PrinterSimulator, socket.socket]) -> None:
    simulator, line = wire
    assert ask(line) == "12 12 12 12"
    simulator.paper("low")
    assert ask(line) == "12 12 12 1E"
    simulator.paper("out")
    assert ask(line) == "1A 32 12 72"
    simulator.paper("full")
    simulator.cover("open")
    assert ask(line) == "1A 16 12 12"
    simulator.cover("closed")
    simulator.cutter_error(True)
    assert ask(line) == "1A 52 1A 12"


def test_a_job_sent_blindly_to_an_empty_printer_comes_out_after_the_refill(
    wire: tuple[PrinterSimulator, socket.socket],
) -> None:
    """The backlog that a wrong driver would print; the simulator must not be kinder than hardware."""
    simulator, line = wire
    simulator.paper("out")
    line.sendall("社保卡\n".encode("gb18030") + bytes.fromhex("1D564200"))
    assert ask(line) == "1A 32 12 72"
    assert simulator.slips == []
    assert simulator.waiting == 11
    simulator.paper("full")
    line.sendall(b"\x1d\x72\x01")
    assert line.recv(1) == b"\x00"
    assert len(simulator.slips) == 1


def test_cancelled_is_forgotten(wire: tuple[PrinterSimulator, socket.socket]) -> None:
    simulator, line = wire
    simulator.paper("out")
    line.sendall("社保卡\n".encode("gb18030") + bytes.fromhex("1D564200 100502"))
    assert ask(line) == "1A 32 12 72"
    assert simulator.waiting == 0
    simulator.paper("full")
    assert simulator.slips == []


def test_text_is_set_in_cells(wire: tuple[PrinterSimulator, socket.socket]) -> None:
    simulator, line = wire
    line.sendall(bytes.fromhex("1B40 1C26 1D2111") + "社A".encode("gb18030"))
    line.sendall(bytes.fromhex("0A 1D5600 1D7201"))
    assert line.recv(1) == b"\x00"
    (slip,) = simulator.slips
    left, _, right, bottom = slip.point(lambda grey: 255 - grey).getbbox()
    assert 0 <= left < 12
    assert 48 < right <= 48 + 24
    assert 36 < bottom <= 48


def test_the_roll_gets_shorter_and_ends(wire: tuple[PrinterSimulator, socket.socket]) -> None:
    simulator, line = wire
    simulator.paper("low")
    line.sendall(bytes.fromhex("1B64FF") * 3)
    line.sendall(bytes.fromhex("1D7201"))
    assert line.recv(1) == b"\x03"
    assert 0 < simulator.metres_left < 3
    line.sendall(bytes.fromhex("1B64FF") * 3 + b"\n")
    assert ask(line) == "1A 32 12 7E"
    assert simulator.metres_left == 0


def test_an_order_that_fails_is_told_to_who_gave_it() -> None:
    with PrinterSimulator() as simulator, pytest.raises(IndexError):
        simulator.png()


def test_a_report_comes_at_once_when_asked_for_and_at_each_change(
    wire: tuple[PrinterSimulator, socket.socket],
) -> None:
    simulator, line = wire
    line.sendall(bytes.fromhex("1D61FF"))
    assert line.recv(4).hex(" ") == "10 00 00 00"
    simulator.paper("low")
    assert line.recv(4).hex(" ") == "10 00 03 00"
    simulator.paper("out")
    assert line.recv(4).hex(" ") == "18 00 0c 00"
    simulator.paper("full")
    assert line.recv(4).hex(" ") == "10 00 00 00"
    simulator.cover("open")
    assert line.recv(4).hex(" ") == "38 00 00 00"
    simulator.cover("closed")
    assert line.recv(4).hex(" ") == "10 00 00 00"
    simulator.cutter_error(True)
    assert line.recv(4).hex(" ") == "18 08 00 00"
    simulator.cutter_error(False)
    assert line.recv(4).hex(" ") == "10 00 00 00"
    line.sendall(bytes.fromhex("1D6100 1D7201"))
    assert line.recv(4) == b"\x00"
    simulator.jam(True)
    assert ask(line) == "1A 52 16 12"


def test_a_printer_that_does_not_forget_keeps_its_buffer(
    wire: tuple[PrinterSimulator, socket.socket],
) -> None:
    simulator, line = wire
    simulator.knows(forget=False)
    simulator.paper("out")
    line.sendall(b"x\n" + bytes.fromhex("100502"))
    assert ask(line) == "1A 32 12 72"
    assert simulator.waiting == 2


def test_a_command_that_is_not_heard_is_not_done(
    wire: tuple[PrinterSimulator, socket.socket],
) -> None:
    simulator, line = wire
    simulator.go_wrong(parse("silence only cut times 1"))
    line.sendall(b"x\n" + bytes.fromhex("1D5600 1D7201"))
    assert line.recv(1) == b"\x00"
    assert simulator.slips == []
    line.sendall(bytes.fromhex("1D5600 1D7201"))
    assert line.recv(1) == b"\x00"
    assert len(simulator.slips) == 1


def test_without_power_it_forgets_what_it_had_and_not_what_hangs_out(
    wire: tuple[PrinterSimulator, socket.socket],
) -> None:
    simulator, line = wire
    line.sendall(b"x\n" + bytes.fromhex("1D7201"))
    assert line.recv(1) == b"\x00"
    simulator.paper("out")
    assert len(simulator.torn) == 1
    line.sendall(b"y\n")
    assert ask(line) == "1A 32 12 72"
    assert simulator.waiting == 2
    simulator.power_cycle()
    assert line.recv(1) == b""
    assert simulator.waiting == 0
