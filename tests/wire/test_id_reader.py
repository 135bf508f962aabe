"""The ID reader against every fault of the wire."""

import threading

import pytest

from hardware.id_reader.driver import IdReader, Reading
from hardware.id_reader.simulator import IdReaderSimulator
from hardware.wire.faults import Kind, WireFault
from tests.hardware.test_id_reader_vectors import PERSON_A
from tests.wire.rows import Row, suffers

DEVICE = "id_reader"
SILENT = {"detail": "time_out", "cure": "replug", "within_s": 1.5}
GARBLED = {"detail": "invalid_data", "cure": "retry", "within_s": 1.5}
UNPLUGGED = {"detail": "no_device", "cure": "replug", "within_s": 0.5}
ROWS = [
    Row("none"),
    Row("silence", **SILENT),
    Row("silence only select", "time_out", "replug", within_s=2.0),
    Row("silence times 1"),
    Row("did_it", **SILENT),
    Row("did_it only read times 1"),
    Row("delay 0.2"),
    Row("delay 60", **SILENT),
    Row("drop_last", **GARBLED),
    Row("flip_bit", **GARBLED),
    Row("flip_bit 75 only find", **GARBLED),
    Row("garbage"),
    Row("garbage aaaaaa9669"),
    Row("noise"),
    Row("echo"),
    Row("twice"),
    Row("halves"),
    Row("other", **SILENT),
    Row("drip 0.001"),
    Row("half_open", **SILENT),
    Row("unplug", **UNPLUGGED),
    Row("unplug only read", **UNPLUGGED),
    Row("power_cycle only read times 1", **UNPLUGGED),
    Row("power_cycle", "no_device|time_out", "replug"),
]


class ReaderRig:
    """A reader, its simulator with a paper on it, and a reading as the usual thing."""

    def __init__(self, simulator: IdReaderSimulator, reader: IdReader) -> None:
        self.simulator, self.reader = simulator, reader

    def work(self) -> None:
        reading = self.reader.read(threading.Event(), 1.0)
        assert isinstance(reading, Reading)
        assert reading.number == PERSON_A.number

    def go_wrong(self, fault: WireFault) -> None:
        self.simulator.go_wrong(fault)

    def go_right(self) -> None:
        self.simulator.go_right()


@pytest.fixture
def rig(tmp_path):
    with IdReaderSimulator(tmp_path / "id_reader") as simulator:
        simulator.place(PERSON_A)
        reader = IdReader(str(simulator.link))
        yield ReaderRig(simulator, reader)
        reader.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault)
def test_id_reader_and_wire(rig, row):
    suffers(rig, row)


def test_every_kind_has_a_row():
    assert {row.fault.split()[0] for row in ROWS} == set(Kind)
