"""The driver against a reader that says given lines in a given order, over a real pty."""

import dataclasses
import queue
import select
import threading
from collections import deque

import pytest

from hardware.fault import Cure, DeviceFault
from hardware.id_reader import commands
from hardware.id_reader.commands import Reason
from hardware.id_reader.driver import IdReader, NoPaper, Options, Reading, Unreadable
from hardware.id_reader.frames import build_reply
from hardware.wire.pty_line import PtyLine
from hardware.wire.wire import Wire
from hardware.worker import Worker
from tests.hardware.test_id_reader_vectors import PERSON_A, STATUS_COMMAND

NEVER = threading.Event()
LINK = "id_reader"
SCRIPT = {
    STATUS_COMMAND: build_reply(commands.OK),
    commands.FIND.frame: build_reply(commands.FOUND, bytes(4)),
    commands.SELECT.frame: build_reply(commands.OK, bytes(8)),
    commands.READ.frame: build_reply(commands.OK, PERSON_A.payload()),
}


MARK = b"\xf1\xf2\xf3\xf4"


@pytest.fixture
def fingerprint():
    return False


@pytest.fixture
def reader(tmp_path, fingerprint):
    options = Options(fingerprint=fingerprint, newest_address=False)
    reader = IdReader(str(tmp_path / LINK), options=options)
    yield reader
    reader.close()


@pytest.fixture
def dialogue(tmp_path):
    """A reader that says its lines in order; a line that was not said fails the test."""
    lines = deque()

    def receive(line, data):
        command, reply = lines.popleft() if lines else (data, b"")
        line.send(reply if command.frame == data else b"wrong command")

    line = _line(tmp_path, receive)
    yield Dialogue(line, lines)
    line.unplug()
    assert not lines


def _line(folder, receive):
    return PtyLine(folder / LINK, 115200, receive, Wire(lambda: None, lambda: None))


@dataclasses.dataclass
class Dialogue:
    line: PtyLine
    lines: deque


def _lines(*commands_and_replies):
    return [
        (command, SCRIPT[command.frame] if reply is None else reply)
        for command, reply in commands_and_replies
    ]


def test_a_paper_that_slips_is_looked_at_twice(dialogue, reader):
    dialogue.lines += _lines(
        (commands.STATUS, None),
        (commands.FIND, None),
        (commands.SELECT, build_reply(commands.NOT_SELECTED)),
        (commands.FIND, None),
        (commands.SELECT, None),
        (commands.READ, None),
    )
    assert isinstance(_read(reader, 5), Reading)


def test_what_came_between_commands_is_flushed(dialogue, reader):
    dialogue.lines += _lines(
        (commands.STATUS, None), (commands.FIND, build_reply(commands.NOT_FOUND))
    )
    assert _read(reader) == NoPaper()
    dialogue.line.send(SCRIPT[commands.FIND.frame])
    ready, _, _ = select.select([reader._talk._port._serial], [], [], 10)
    assert ready
    dialogue.lines += _lines((commands.FIND, build_reply(commands.NOT_FOUND)))
    assert _read(reader) == NoPaper()


def test_after_a_fault_the_status_comes_first(dialogue, reader):
    silent = [(commands.FIND, b""), (commands.STATUS, b""), (commands.STATUS, b"")]
    dialogue.lines += _lines((commands.STATUS, None), *silent)
    assert _fault(lambda: _read(reader)) == (Cure.REPLUG, "time_out")
    late = SCRIPT[commands.FIND.frame]
    dialogue.lines += _lines(
        (commands.STATUS, late + SCRIPT[STATUS_COMMAND]),
        (commands.FIND, build_reply(commands.NOT_FOUND)),
    )
    assert _read(reader) == NoPaper()


def test_a_busy_host_is_no_silent_reader(dialogue, reader, monkeypatch):
    """The answer came in time; it is the kiosk that looked too late."""
    dialogue.lines += _lines(
        (commands.STATUS, None), (commands.FIND, build_reply(commands.NOT_FOUND))
    )
    monkeypatch.setattr("hardware.id_reader.conversation.time", AwayForAnHour(reader))
    assert _read(reader) == NoPaper()


@dataclasses.dataclass
class AwayForAnHour:
    """A clock that is asked when a command was sent, and an hour after its answer came."""

    reader: IdReader
    now: float = 0.0
    sent: bool = False

    def monotonic(self):
        self.sent = not self.sent
        if not self.sent:
            ready, _, _ = select.select([self.reader._talk._port._serial], [], [], 10)
            assert ready
            self.now += 3600
        return self.now


def test_an_echo_and_late_replies_before_the_answer_are_dropped(dialogue, reader):
    late = build_reply(commands.OK) + build_reply(commands.OK, bytes(8)) + build_reply(0x41)
    dialogue.lines += _lines(
        (commands.STATUS, STATUS_COMMAND + build_reply(0x80) + SCRIPT[STATUS_COMMAND]),
        (commands.FIND, commands.FIND.frame + late + build_reply(commands.NOT_FOUND)),
    )
    assert _read(reader) == NoPaper()


def test_nothing_but_garbage_is_no_silence(dialogue, reader):
    dialogue.lines += _lines(
        (commands.STATUS, None),
        (commands.FIND, b"\x00\xffnoise"),
        (commands.STATUS, b"\x00\xffnoise"),
        (commands.STATUS, b"\x00\xffnoise"),
    )
    assert _fault(lambda: _read(reader)) == (Cure.RETRY, "invalid_data")


def test_a_command_that_came_damaged_is_sent_again(dialogue, reader):
    dialogue.lines += _lines(
        (commands.STATUS, None),
        (commands.FIND, build_reply(commands.CHECKSUM)),
        (commands.STATUS, None),
        (commands.FIND, build_reply(commands.NOT_FOUND)),
    )
    assert _read(reader) == NoPaper()


@pytest.mark.parametrize("code", [0x23, 0x47, 0x60, 0x66])
def test_a_refusal_that_no_paper_causes_is_the_reader_s_fault(dialogue, reader, code):
    dialogue.lines += _lines(
        (commands.STATUS, None),
        (commands.FIND, None),
        (commands.SELECT, None),
        (commands.READ, build_reply(code)),
    )
    assert _fault(lambda: _read(reader)) == (Cure.ATTENDANT, "hardware_error")


@pytest.mark.parametrize(
    "reply", [build_reply(0x90, PERSON_A.payload()[:-1]), build_reply(0x90, bytes(1284))]
)
def test_a_text_without_sense_is_unreadable(dialogue, reader, reply):
    dialogue.lines += _lines(
        (commands.STATUS, None),
        (commands.FIND, None),
        (commands.SELECT, None),
        (commands.READ, reply),
    )
    assert _read(reader) == Unreadable(Reason.INVALID_DATA)


@pytest.mark.parametrize("fingerprint", [False, True], ids=["30 01", "30 10"])
@pytest.mark.parametrize(("fingers", "size"), [(None, 1295), (0, 1297), (512, 1809), (1024, 2321)])
def test_either_reading_may_be_answered_in_either_shape(
    dialogue, reader, fingerprint, fingers, size
):
    reply = _reading_reply(fingers)
    assert len(reply) == size
    command = commands.READ_FINGER if fingerprint else commands.READ
    dialogue.lines += _lines(
        (commands.STATUS, None), (commands.FIND, None), (commands.SELECT, None), (command, reply)
    )
    reading = _read(reader)
    assert reading.number == PERSON_A.number
    assert reading.photo == PERSON_A.photo
    assert not any(MARK in value for value in vars(reading).values() if isinstance(value, bytes))


@pytest.mark.parametrize("fingerprint", [False, True], ids=["30 01", "30 10"])
def test_fingerprints_whose_length_lies_are_no_photo(dialogue, reader, fingerprint):
    lying = dataclasses.replace(PERSON_A, fingers=MARK * 100).payload_with_finger()
    command = commands.READ_FINGER if fingerprint else commands.READ
    dialogue.lines += _lines(
        (commands.STATUS, None),
        (commands.FIND, None),
        (commands.SELECT, None),
        (command, build_reply(commands.OK, lying)),
    )
    assert _read(reader) == Unreadable(Reason.INVALID_DATA)


@pytest.mark.parametrize("fingers", [None, 0, 512, 1024])
def test_a_late_reading_answers_no_other_command(dialogue, reader, fingers):
    late = _reading_reply(fingers)
    dialogue.lines += _lines(
        (commands.STATUS, late + SCRIPT[STATUS_COMMAND]),
        (commands.FIND, late + SCRIPT[commands.FIND.frame]),
        (commands.SELECT, late + build_reply(commands.NOT_SELECTED)),
    )
    assert _read(reader) == Unreadable(Reason.SELECT_FAILED)


def test_unplugged_in_the_middle_of_a_text(tmp_path, reader):
    middle = threading.Event()

    def receive(line, data):
        if data == commands.READ.frame:
            line.send(build_reply(commands.OK, PERSON_A.payload())[:640])
            middle.set()
        else:
            line.send(SCRIPT[data])

    line = _line(tmp_path, receive)
    worker, answers = Worker("id_reader"), queue.SimpleQueue()
    worker.submit(lambda cancel: reader.read(cancel, 0), answers.put)
    assert middle.wait(10)
    line.unplug()
    fault = answers.get(timeout=10)
    assert (fault.cure, fault.detail) == (Cure.REPLUG, "no_device")
    assert worker.stop()


def _reading_reply(fingers):
    if fingers is None:
        return build_reply(commands.OK, PERSON_A.payload())
    card = dataclasses.replace(PERSON_A, fingers=MARK * (fingers // len(MARK)))
    return build_reply(commands.OK, card.payload_with_finger())


def _read(reader, timeout_s=0.0):
    return reader.read(NEVER, timeout_s)


def _fault(action):
    with pytest.raises(DeviceFault) as caught:
        action()
    return caught.value.cure, caught.value.detail
