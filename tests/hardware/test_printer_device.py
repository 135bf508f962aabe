"""The printer as a device: status, reset, links and their speed, reports, plugging."""

import gc
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from hardware.device import Device, Media, State, Status, Supply, state_of
from hardware.fault import Cure, DeviceFault
from hardware.printer.document import Document, Text
from hardware.printer.driver import DOTS, Printer, PrinterFault
from hardware.printer.simulator import PrinterSimulator
from hardware.wire.faults import parse
from tests.hardware.test_printer import BAUDRATE, DOORS, quick, well
from tests.hardware.test_printer import VOUCHER as SLIP

SHORT: Document = (Text("凭证"), Text("㐀"))
LINE: Document = (Text("凭证"),)
AS_PICTURE = 34 * DOTS[80] // 8
PLUGGINGS = 30


@pytest.fixture
def simulator() -> Iterator[PrinterSimulator]:
    with PrinterSimulator(baudrate=BAUDRATE, usb=True) as running:
        yield running


@pytest.fixture
def printer(simulator: PrinterSimulator) -> Printer:
    return quick(simulator.address)


def test_it_is_a_device(printer: Printer) -> None:
    device: Device = printer
    assert device.name == "printer"
    assert device.capabilities().kind == "receipt"
    assert {"raster", "text", "cut", "status_near_end"} <= device.capabilities().features
    device.close()
    assert device.status() == well()


def status(
    state: State, detail: str, cure: Cure, paper: Supply = Supply.OK, **more: Media
) -> Status:
    media = more.get("media", Media.NOT_PRESENT)
    return Status(state, media, {"paper": paper}, detail, cure)


STATES = {
    "paper out": (
        lambda s: s.paper("out"),
        status(State.OFFLINE, "paper_out", Cure.REFILL, Supply.EMPTY),
    ),
    "cover": (
        lambda s: s.cover("open"),
        status(State.USER_ERROR, "cover_open", Cure.ATTENDANT),
    ),
    "cutter": (
        lambda s: s.cutter_error(True),
        status(State.HARDWARE_ERROR, "cutter_error", Cure.ATTENDANT),
    ),
    "jam": (
        lambda s: s.jam(True),
        status(State.HARDWARE_ERROR, "media_jammed", Cure.ATTENDANT, media=Media.JAMMED),
    ),
}


@pytest.mark.parametrize("what", STATES)
def test_a_printer_that_cannot_print_says_why(
    printer: Printer, simulator: PrinterSimulator, what: str
) -> None:
    break_it, told = STATES[what]
    break_it(simulator)
    assert printer.status() == told


def test_a_printer_that_says_nothing_is_not_well(
    printer: Printer, simulator: PrinterSimulator
) -> None:
    simulator.go_wrong(parse("silence"))
    assert state_of(printer) == Status(State.OFFLINE, detail="time_out", cure=Cure.REPLUG)
    simulator.go_wrong(parse("unplug"))
    assert state_of(printer) == Status(State.NO_DEVICE, detail="no_device", cure=Cure.REPLUG)
    simulator.go_right()
    assert state_of(printer) == well()


def test_reset_tells_whether_a_half_slip_hangs_out(
    printer: Printer, simulator: PrinterSimulator
) -> None:
    assert printer.reset() is Media.NOT_PRESENT
    simulator.fail_after("media_jammed", lines=60)
    with pytest.raises(PrinterFault):
        printer.print(SLIP)
    with pytest.raises(PrinterFault) as told:
        printer.reset()
    assert (told.value.detail, told.value.begun) == ("media_jammed", False)
    simulator.jam(False)
    assert printer.reset() is Media.PRESENT
    assert printer.status() == well(media=Media.PRESENT)
    assert simulator.slips == []
    printer.print(SLIP)
    assert printer.reset() is Media.NOT_PRESENT
    assert len(simulator.slips) == 2


def test_reset_makes_it_forget(printer: Printer, simulator: PrinterSimulator) -> None:
    simulator.cover("open")
    with socket.create_connection(("127.0.0.1", int(simulator.address.rsplit(":", 1)[1]))) as crash:
        crash.sendall(b"x\n\x10\x04\x01")
        assert crash.recv(1) == b"\x1a"
    assert simulator.waiting == 2
    with pytest.raises(PrinterFault) as told:
        printer.reset()
    assert told.value.detail == "cover_open"
    assert simulator.waiting == 0
    simulator.cover("closed")
    printer.print(SLIP)
    assert simulator.slips[0].tobytes() == printed_alone().tobytes()


def printed_alone() -> Image.Image:
    with PrinterSimulator() as simulator:
        quick(simulator.address).print(SLIP)
        return simulator.slips[0]


def test_after_a_kill_between_two_parts_what_may_hang_out_is_marked_void(
    simulator: PrinterSimulator,
) -> None:
    killed = quick(simulator.address)
    simulator.fail_after(parse("unplug"), lines=300)
    with pytest.raises(PrinterFault):
        killed.print(SLIP)
    simulator.go_right()
    again = quick(simulator.address, interrupted=True)
    assert again.media is Media.UNKNOWN
    again.print(SLIP)
    assert again.media is Media.NOT_PRESENT
    assert len(simulator.slips) == 2
    assert simulator.slips[1].tobytes() == printed_alone().tobytes()
    again.print(SLIP)
    assert len(simulator.slips) == 3


@pytest.mark.parametrize(
    ("baudrate", "picture"), [(9600, False), (115200, False), (460800, True), (921600, True)]
)
def test_a_serial_line_is_as_fast_as_its_baud_rate(baudrate: int, picture: bool) -> None:
    with PrinterSimulator(baudrate=baudrate) as simulator:
        printer = Printer(simulator.path, baudrate=baudrate, stroke_s=0.01)
        printer.print(LINE)
        assert (simulator.used > AS_PICTURE) is picture


@pytest.mark.parametrize("door", ["address", "device"])
@pytest.mark.parametrize(("bytes_per_s", "picture"), [(None, True), (10_000, False)])
def test_a_link_that_declares_no_speed_is_measured(
    simulator: PrinterSimulator,
    door: str,
    bytes_per_s: int | None,
    picture: bool,
) -> None:
    """A slow line may begin behind a print server; its bytes are used up slowly, too."""
    simulator.slow(bytes_per_s)
    printer = quick(getattr(simulator, door))
    printer.print(LINE)
    first = simulator.used
    assert (first > 1000 + AS_PICTURE) is picture
    printer.print(LINE)
    assert simulator.used - first <= first - 1000, "it is measured once"


@pytest.mark.parametrize("door", ["path", "device"])
def test_a_printer_of_another_program_is_not_shared(simulator: PrinterSimulator, door: str) -> None:
    simulator_port = getattr(simulator, door)
    mine, other = quick(simulator_port), quick(simulator_port)
    with mine._conversation(), pytest.raises(PrinterFault) as told:
        other.print(SLIP)
    assert (told.value.detail, told.value.cure) == ("device_not_ready", Cure.ATTENDANT)
    other.print(SHORT)


def test_a_file_in_place_of_a_device_file_is_no_printer(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    path.write_bytes(b"")
    with pytest.raises(DeviceFault) as told:
        quick(f"usb:{path}").print(SLIP)
    assert (told.value.detail, told.value.cure) == ("no_device", Cure.REPLUG)
    assert path.read_bytes() == b""


@pytest.mark.parametrize("door", DOORS)
def test_reports_that_nobody_asked_for_change_nothing(
    simulator: PrinterSimulator, door: str
) -> None:
    simulator.report(always=True)
    printer = quick(getattr(simulator, door))
    simulator.paper("low")
    assert printer.status() == well(Supply.LOW)
    printer.print(SLIP)
    simulator.paper("out")
    assert printer.status().detail == "paper_out"
    simulator.paper("full")
    printer.print(SLIP)
    assert simulator.slips[0].tobytes() == simulator.slips[1].tobytes()


def test_a_trouble_that_was_reported_and_is_over_spoils_the_slip_all_the_same(
    printer: Printer, simulator: PrinterSimulator
) -> None:
    printer.print(SHORT)
    simulator.go_wrong(parse("garbage 18080000 only echo times 1"))  # a cutter error, then none
    with pytest.raises(PrinterFault) as told:
        printer.print(SHORT)
    assert told.value.detail == "cutter_error"
    printer.print(SHORT)


def test_answers_to_somebody_before_us_are_let_by(
    printer: Printer, simulator: PrinterSimulator
) -> None:
    """A stalled printer answers what a job that gave up had asked, to the next one."""
    serial = quick(simulator.path)
    for _ in range(3):
        simulator.go_wrong(parse("half_open"))
        with pytest.raises(PrinterFault):
            serial.status()
        simulator.wire.go_right()
        serial.print(SHORT)
        assert serial.status() == well()


class PlugRig:
    """A printer that is unplugged and plugged in again, and does its work."""

    def __init__(self, simulator: PrinterSimulator, printer: Printer) -> None:
        self.unplug, self.plug = simulator.unplug, simulator.plug
        self._simulator, self._printer = simulator, printer

    def work(self) -> None:
        """Ask how it is, which must be well; the simulator has seen the end of the call then."""
        assert self._printer.status() == well()
        for _ in range(2):  # an order is done before what else there is in its round
            assert self._simulator.waiting == 0


@contextmanager
def plug_rig(door: str = "device") -> Iterator[PlugRig]:
    """What 1,000 pluggings can be tried with."""
    with PrinterSimulator(baudrate=BAUDRATE, usb=True) as simulator:
        yield PlugRig(simulator, quick(getattr(simulator, door)))


def held() -> tuple[int, int]:
    """How many threads and files this process has."""
    gc.collect()
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("door", DOORS)
def test_thirty_replugs_leak_neither_a_thread_nor_a_file(door: str) -> None:
    with plug_rig(door) as rig:
        rig.work()
        before = held()
        for _ in range(PLUGGINGS):
            rig.unplug()
            with pytest.raises(PrinterFault) as told:
                rig.work()
            assert told.value.detail == "no_device"
            rig.plug()
            rig.work()
        assert held() == before
