"""The driver over a real pty: papers, every fault of the wire, and the next paper after it."""

import dataclasses
import queue
import stat
import threading
from pathlib import Path

import pytest

from hardware.device import Media, State, Status
from hardware.fault import Cure, DeviceFault
from hardware.id_reader.commands import Reason
from hardware.id_reader.conversation import Conversation
from hardware.id_reader.driver import IdReader, NoPaper, Reading, Unreadable
from hardware.id_reader.frames import PREAMBLE
from hardware.id_reader.ports import Ports
from hardware.id_reader.simulator import IdReaderSimulator, Trouble
from hardware.serial_port import PortGone
from hardware.wire.faults import parse
from hardware.worker import Worker
from tests.hardware.test_id_reader_vectors import PERSON_A, PERSON_J

NEVER = threading.Event()
LINK = "id_reader"


@pytest.fixture
def simulator(tmp_path):
    with IdReaderSimulator(tmp_path / LINK) as simulator:
        yield simulator


@pytest.fixture
def reader(tmp_path):
    reader = IdReader(str(tmp_path / LINK))
    yield reader
    reader.close()


def _read(reader, timeout_s=0.0):
    return reader.read(NEVER, timeout_s)


def _fault(action):
    with pytest.raises(DeviceFault) as caught:
        action()
    fault = caught.value
    assert str(fault) == f"id_reader: {fault.detail} (cure: {fault.cure})"  # nothing personal
    assert fault.__cause__ is None or isinstance(fault.__cause__, PortGone)
    return fault.cure, fault.detail


def test_a_resident_and_then_another_paper(simulator, reader):
    photo = b"\x57" + bytes(1023)
    simulator.place(dataclasses.replace(PERSON_A, photo=photo))
    reading = _read(reader)
    assert (reading.name, reading.number) == ("张三", "11010519491231002X")
    assert reading.photo == photo
    simulator.place(PERSON_J)
    assert _read(reader).permit_number == "H12345678"


def test_no_paper_is_a_value(simulator, reader):
    assert _read(reader, 0.1) == NoPaper()


def test_a_paper_that_is_placed_while_the_reader_waits(simulator, reader):
    worker, answers = Worker("id_reader"), queue.SimpleQueue()
    worker.submit(lambda cancel: reader.read(cancel, 30), answers.put)
    simulator.place(PERSON_A)
    assert isinstance(answers.get(timeout=10), Reading)
    assert worker.stop()


@pytest.mark.parametrize("stall", ["", "delay 60 only read"])
def test_cancel_ends_the_waiting_and_leaves_the_reader_usable(simulator, reader, stall):
    if stall:
        simulator.place(PERSON_A)
        simulator.go_wrong(parse(stall))
    worker, answers = Worker("id_reader"), queue.SimpleQueue()
    cancel = worker.submit(lambda cancel: reader.read(cancel, 60), answers.put)
    cancel.set()
    outcome = answers.get(timeout=10)
    assert isinstance(outcome, NoPaper) or type(outcome).__name__ == "Cancelled"
    assert worker.stop()
    simulator.go_right()
    simulator.unplug()
    simulator.plug()
    simulator.place(PERSON_A)
    assert isinstance(_read(reader), Reading)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Trouble.CANNOT_BE_SELECTED, Reason.SELECT_FAILED),
        (Trouble.CANNOT_BE_READ, Reason.READ_FAILED),
        (Trouble.CANNOT_BE_VERIFIED, Reason.NOT_AUTHENTIC),
        (Trouble.UNKNOWN_CARD, Reason.UNKNOWN_CARD),
    ],
)
def test_an_unreadable_paper_is_a_value(simulator, reader, trouble, reason):
    simulator.place(PERSON_A, trouble)
    assert _read(reader, 1.0) == Unreadable(reason)
    simulator.place(PERSON_A)
    assert isinstance(_read(reader), Reading)


@pytest.mark.parametrize("finds_again", [True, False])
def test_present_follows_the_paper_after_it_was_read(tmp_path, reader, finds_again):
    with IdReaderSimulator(tmp_path / LINK, finds_again=finds_again) as simulator:
        assert not reader.present()
        simulator.place(PERSON_A)
        assert isinstance(_read(reader), Reading)
        assert [reader.present(), reader.present(), reader.present()] == [True] * 3
        simulator.remove()
        assert not reader.present()
        simulator.place(PERSON_J)
        assert [reader.present(), reader.present()] == [True] * 2


def test_a_strict_reader_needs_the_paper_lifted_or_a_reset(tmp_path, reader):
    with IdReaderSimulator(tmp_path / LINK, finds_again=False) as simulator:
        simulator.place(PERSON_A)
        assert isinstance(_read(reader), Reading)
        assert _read(reader) == NoPaper()
        simulator.place(PERSON_A)
        assert isinstance(_read(reader), Reading)
        assert reader.reset() is Media.PRESENT
        simulator.remove()
        assert reader.reset() is Media.NOT_PRESENT


def test_status_and_the_number_of_the_security_module(simulator, reader):
    assert reader.status() == Status(State.ONLINE)
    assert reader.sam_number() == "05.01-20260101-0001234567-3141592653"


@pytest.mark.parametrize(
    ("fault", "cure", "detail"),
    [
        ("silence", Cure.REPLUG, "time_out"),
        ("silence only select", Cure.REPLUG, "time_out"),
        ("delay 60", Cure.REPLUG, "time_out"),
        ("drop_last 2", Cure.RETRY, "invalid_data"),
        ("flip_bit 75 only find", Cure.RETRY, "invalid_data"),
    ],
)
def test_a_fault_is_told_and_the_next_paper_is_read(simulator, reader, fault, cure, detail):
    simulator.place(PERSON_A)
    reader.status()
    simulator.go_wrong(parse(fault))
    assert _fault(lambda: _read(reader)) == (cure, detail)
    simulator.go_right()
    assert isinstance(_read(reader), Reading)


@pytest.mark.parametrize(
    "fault",
    [
        "garbage aaaa96656e6f697365",
        f"garbage {PREAMBLE.hex()}00 only find",
        f"garbage {PREAMBLE.hex()}0900 only find",
        "silence times 1",
        "drop_last 1 only find times 1",
        "flip_bit 9000 only read times 1",
        "delay 0.4 only find times 1",
    ],
)
def test_what_happens_once_or_can_be_read_past_is_not_noticed(simulator, reader, fault):
    simulator.place(PERSON_A)
    simulator.go_wrong(parse(fault))
    assert _read(reader).name == "张三"


@pytest.mark.parametrize("fault", ["flip_bit 9000 only read", "drop_last 1 only read"])
def test_text_that_never_comes_whole_is_blamed_on_the_paper(simulator, tmp_path, fault):
    simulator.place(PERSON_A)
    simulator.go_wrong(parse(fault))
    reader = IdReader(str(tmp_path / LINK))
    reader._talk = _Impatient(reader.port, 115200, Ports())
    assert _read(reader) == Unreadable(Reason.DAMAGED)
    simulator.go_right()
    assert isinstance(_read(reader), Reading)
    reader.close()


class _Impatient(Conversation):
    """Waits less for a text that is cut, so that the test does not take five seconds."""

    def _exchange(self, command, cancel):
        return super()._exchange(dataclasses.replace(command, deadline_s=0.3), cancel)


def test_a_late_reply_never_brings_back_a_paper_that_is_gone(simulator, reader):
    simulator.place(PERSON_A)
    simulator.go_wrong(parse("delay 60"))
    assert _fault(lambda: _read(reader)) == (Cure.REPLUG, "time_out")
    simulator.remove()
    simulator.go_right()
    assert _read(reader) == NoPaper()


def test_unplugged_between_and_within_commands_and_plugged_again(simulator, reader):
    for _ in range(2):
        simulator.place(PERSON_A)
        assert isinstance(_read(reader), Reading)
        simulator.unplug()
        assert _fault(lambda: _read(reader)) == (Cure.REPLUG, "no_device")
        assert _fault(reader.present) == (Cure.REPLUG, "no_device")
        simulator.plug()
        assert isinstance(_read(reader), Reading)


def test_replugged_unnoticed_is_only_a_power_cycle(simulator, reader):
    simulator.place(PERSON_A)
    assert isinstance(_read(reader), Reading)
    simulator.unplug()
    simulator.plug()
    assert reader.present()
    assert isinstance(_read(reader), Reading)


@pytest.mark.parametrize("ask", [IdReader.status, IdReader.reset, IdReader.sam_number])
def test_a_reader_that_fails_its_self_test_is_never_well(simulator, reader, ask):
    reader.status()
    simulator.break_down()
    assert _fault(lambda: ask(reader)) == (Cure.ATTENDANT, "hardware_error")
    simulator.break_down(broken=False)
    ask(reader)


def test_a_port_that_another_program_holds_is_not_shared(simulator, reader):
    simulator.place(PERSON_A)
    other = IdReader(reader.port)
    other.status()
    assert _fault(lambda: _read(reader)) == (Cure.ATTENDANT, "device_not_ready")
    other.close()
    assert isinstance(_read(reader), Reading)


def test_a_port_that_is_no_terminal_is_no_device(tmp_path, reader):
    (tmp_path / LINK).write_bytes(b"")
    assert _fault(reader.status) == (Cure.REPLUG, "no_device")


def test_a_link_that_leads_elsewhere_is_followed(tmp_path, reader):
    with IdReaderSimulator(tmp_path / "old") as old, IdReaderSimulator(tmp_path / "new") as new:
        link = tmp_path / LINK
        link.symlink_to(old.link.resolve())
        old.place(PERSON_A)
        new.place(PERSON_J)
        assert _read(reader).kind == "resident"
        link.unlink()
        assert _fault(lambda: _read(reader)) == (Cure.REPLUG, "no_device")
        link.symlink_to(new.link.resolve())
        assert _read(reader).kind == "hmt_residence"


def test_a_hundred_replugs_leak_neither_a_thread_nor_a_file(simulator, reader):
    simulator.place(PERSON_A)
    reader.status()
    before = _open_files(), threading.active_count()
    for _ in range(100):
        simulator.unplug()
        with pytest.raises(DeviceFault):
            reader.status()
        simulator.plug()
        reader.status()
    assert (_open_files(), threading.active_count()) == before


def _open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_the_simulator_leaves_nothing_behind_and_replaces_a_stale_link(tmp_path):
    link = tmp_path / LINK
    link.symlink_to(tmp_path / "gone")
    with IdReaderSimulator(link) as simulator:
        simulator.plug()
        assert stat.S_ISCHR(link.stat().st_mode)
        assert simulator.plugged
    simulator.unplug()
    assert list(tmp_path.iterdir()) == []
