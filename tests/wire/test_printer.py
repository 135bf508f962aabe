"""The receipt printer against every fault of the wire, over TCP, a serial line and partly USB."""

import pytest
import zxingcpp

from hardware.device import State
from hardware.printer.document import Qr, Text
from hardware.printer.driver import Printer
from hardware.printer.simulator import PrinterSimulator
from hardware.wire.faults import Kind
from tests.wire.rows import Row, suffers

DEVICE = "printer"
BAUDRATE = 230400
SILENT = {"detail": "time_out", "cure": "replug", "within_s": 2.0}
STUCK = {**SILENT, "within_s": 4.0}
NOISY = {"detail": "hardware_error", "cure": "attendant", "within_s": 2.0}
GONE = {"detail": "no_device", "cure": "replug", "within_s": 2.0}
ROWS = [
    Row("none", within_s=2.0),
    Row("silence", **SILENT),
    Row("silence only status after 9", **SILENT),
    Row("silence only echo", **STUCK),
    Row("silence only cancel", within_s=2.0),
    Row("did_it", **SILENT),
    Row("did_it only echo after 2", **STUCK),
    Row("delay 0.02", within_s=10.0),
    Row("delay 0.1 only echo", within_s=10.0),
    Row("delay 60", **SILENT),
    Row("drop_last", **SILENT),
    Row("flip_bit 7", **NOISY),
    Row("flip_bit 3", **SILENT),
    Row("flip_bit 4", detail="cutter_error", cure="attendant", within_s=2.0),
    Row("flip_bit 3 only echo", **STUCK),
    Row("garbage", **NOISY),
    Row("garbage 00 only echo", **NOISY),
    Row("garbage 10000c00 only echo", detail="paper_out", cure="refill", within_s=2.0),
    Row("garbage 10000000 only echo", within_s=2.0),
    Row("noise", **NOISY),
    Row("noise 12 only status after 6", **NOISY),
    Row("echo", **NOISY),
    Row("twice", **NOISY),
    Row("twice only echo", **NOISY),
    Row("halves 0.02", within_s=10.0),
    Row("other", **NOISY),
    Row("drip", within_s=2.0),
    Row("half_open", **SILENT),
    Row("unplug", **GONE),
    Row("unplug only status after 9", **GONE),
    Row("unplug only picture", **GONE),
    Row("unplug only cut", **GONE),
    Row("power_cycle", **GONE),
    Row("power_cycle only picture times 1", **GONE),
    Row("power_cycle only cut times 1", **GONE),
]
SLIP = [Text("凭证", size=2), Text("张三㐀"), Qr("v1|T1", 4)]


class PrinterRig:
    """A printer behind one of its doors, and a slip as the usual thing."""

    def __init__(self, simulator: PrinterSimulator, port: str) -> None:
        self.simulator = simulator
        self.printer = Printer(port, 58, "auto", BAUDRATE, patience_s=0.2, stroke_s=0.02)
        self.go_wrong, self.go_right = simulator.go_wrong, simulator.go_right
        self._whole = b""

    def work(self) -> None:
        """Print a slip, see that it is there, whole and the only one, and ask how it is."""
        before = len(self.simulator.slips)
        self.printer.print(SLIP)
        assert self.printer.status().state is State.ONLINE
        slips = self.simulator.slips[before:]
        assert len(slips) in (1, 2)  # a slip that broke off is cut off first
        assert [code.text for code in zxingcpp.read_barcodes(slips[-1])] == ["v1|T1"]
        self._whole = self._whole or slips[-1].tobytes()
        assert slips[-1].tobytes() == self._whole
        assert self.simulator.waiting == 0


@pytest.fixture
def rig(request):
    with PrinterSimulator(58, baudrate=BAUDRATE, usb=True) as simulator:
        yield PrinterRig(simulator, getattr(simulator, request.param))


def differs(row):
    """Whether a USB device file is another thing than a serial line: in what ends a line."""
    return row.fault.split()[0] in {"none", "silence", "half_open", "unplug", "power_cycle"}


CASES = [
    pytest.param(door, row, id=f"{name}-{row.fault}")
    for name, door in {"tcp": "address", "serial": "path", "usb": "device"}.items()
    for row in ROWS
    if name != "usb" or differs(row)
]


@pytest.mark.parametrize(("rig", "row"), CASES, indirect=["rig"])
def test_printer_and_wire(rig, row):
    suffers(rig, row)


def test_every_kind_has_a_row():
    assert {row.fault.split()[0] for row in ROWS} == set(Kind)
