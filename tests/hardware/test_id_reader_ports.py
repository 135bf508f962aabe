"""A reader whose port nobody named is found, kept, and looked for again when it is gone."""

import contextlib
import threading
from pathlib import Path

import pytest

from hardware.fault import Cure, DeviceFault
from hardware.id_reader.driver import IdReader, Reading
from hardware.id_reader.ports import BY_ID, Ports
from hardware.id_reader.simulator import IdReaderSimulator
from hardware.serial_port import SerialPort
from hardware.wire.pty_line import PtyLine
from hardware.wire.wire import Wire
from tests.hardware.test_id_reader_vectors import PERSON_A

NEVER = threading.Event()
PLUGGINGS = 30


class Other:
    """A device of another kind on a port of its own: answers everything with "what?"."""

    def __init__(self, link):
        self.heard = b""
        self._line = PtyLine(link, 115200, self._receive, Wire(lambda: None, lambda: None))
        self.unplug = self._line.unplug

    def _receive(self, line, data):
        self.heard += data
        line.send(b"what?\r\n")


@pytest.fixture
def plugged(tmp_path):
    """Plugs things in by the name of their link; all out again at the end."""
    with contextlib.ExitStack() as stack:

        def plug(name, kind=IdReaderSimulator):
            thing = kind(tmp_path / name)
            if kind is IdReaderSimulator:
                stack.enter_context(thing)
            else:
                stack.callback(thing.unplug)
            return thing

        yield plug


@pytest.fixture
def open_reader(tmp_path):
    with contextlib.ExitStack() as stack:

        def open_reader(*taken):
            reader = IdReader("", ports=Ports(tmp_path, taken))
            stack.callback(reader.close)
            return reader

        yield open_reader


def test_the_reader_is_found_among_others_and_kept(plugged, open_reader, tmp_path):
    other, simulator = plugged("a-pad", Other), plugged("b-reader")
    simulator.place(PERSON_A)
    reader = open_reader()
    assert reader.port == ""
    assert isinstance(reader.read(NEVER, 0), Reading)
    assert reader.port == str(tmp_path / "b-reader")
    heard = other.heard
    assert isinstance(reader.read(NEVER, 0), Reading)
    assert other.heard == heard, "it is asked once, while the reader is looked for"


def test_nothing_there_and_nothing_that_answers_is_no_device(plugged, open_reader, tmp_path):
    reader = open_reader()
    assert told(reader.status) == (Cure.REPLUG, "no_device")
    plugged("a-pad", Other)
    (tmp_path / "b-file").write_bytes(b"")
    (tmp_path / "c-nowhere").symlink_to(tmp_path / "nowhere")
    assert told(reader.status) == (Cure.REPLUG, "no_device")
    assert told(IdReader("", ports=Ports(tmp_path / "none")).status) == (Cure.REPLUG, "no_device")
    plugged("d-reader")
    reader.status()


def test_a_port_that_another_holds_is_left_alone(plugged, open_reader, tmp_path):
    other = plugged("a-pad", Other)
    holder = SerialPort(str(tmp_path / "a-pad"), 9600)
    holder.open()
    plugged("b-reader")
    open_reader().status()
    holder.close()
    assert other.heard == b""


def test_a_port_of_another_device_is_never_asked(plugged, open_reader, tmp_path):
    other = plugged("a-pad", Other)
    plugged("b-reader")
    open_reader("", str((tmp_path / "a-pad").resolve())).status()
    assert other.heard == b""


def test_it_is_looked_for_again_when_it_is_gone(plugged, open_reader, tmp_path):
    first = plugged("a-reader")
    reader = open_reader()
    reader.status()
    first.unplug()
    assert told(reader.status) == (Cure.REPLUG, "no_device")
    plugged("b-reader").place(PERSON_A)
    assert isinstance(reader.read(NEVER, 0), Reading)
    assert reader.port == str(tmp_path / "b-reader")


def test_a_found_reader_that_another_holds_meanwhile_is_waited_for(plugged, open_reader):
    plugged("a-reader")
    reader, thief = open_reader(), open_reader()
    reader.status()
    reader.close()
    thief.status()
    assert told(reader.status) == (Cure.ATTENDANT, "device_not_ready")
    thief.close()
    reader.status()


def test_a_found_reader_that_is_broken_is_told_so(plugged, open_reader):
    simulator = plugged("a-reader")
    simulator.break_down()
    reader = open_reader()
    assert told(reader.status) == (Cure.ATTENDANT, "hardware_error")
    simulator.break_down(broken=False)
    reader.status()


def test_ports_are_known_by_their_stable_names():
    assert Path("/dev/serial/by-id") == BY_ID


class PlugRig:
    """A reader with a paper on it, to be unplugged and plugged again and again."""

    def __init__(self, simulator, reader):
        self.unplug, self.plug, self._reader = simulator.unplug, simulator.plug, reader

    def work(self):
        """Read the paper."""
        assert isinstance(self._reader.read(NEVER, 0), Reading)


@contextlib.contextmanager
def plug_rig(folder):
    """A rig for `with`; the same in tests and in a day of plugging. Its reader is found by itself."""
    with IdReaderSimulator(folder / "reader") as simulator:
        simulator.place(PERSON_A)
        reader = IdReader("", ports=Ports(folder))
        yield PlugRig(simulator, reader)
        reader.close()


def test_plugging_leaves_no_thread_and_no_file(tmp_path):
    with plug_rig(tmp_path) as rig:
        rig.work()
        before = held()
        for _ in range(PLUGGINGS):
            rig.unplug()
            with pytest.raises(DeviceFault, match="no_device"):
                rig.work()
            rig.plug()
            rig.work()
        assert held() == before


def told(action):
    with pytest.raises(DeviceFault) as caught:
        action()
    return caught.value.cure, caught.value.detail


def held():
    """The open files and the threads of this process."""
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
