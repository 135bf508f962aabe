"""Slips over the wire, and every fault of the printer: the right cure, no backlog, service again."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from hardware.device import Media, State, Status, Supply
from hardware.fault import Cure
from hardware.printer import raster, slip
from hardware.printer.document import Document, Feed, Pair, Qr, Rule, Text
from hardware.printer.driver import Printer, PrinterFault
from hardware.printer.simulator import PrinterSimulator
from hardware.wire.faults import parse

CODE = "v1|CQ-0001-20260115-0001-K|9F3A"
VOUCHER: Document = (
    Text("自助业务受理凭证", size=2, bold=True, align="center"),
    Rule(),
    Pair("业务", "新办社会保障卡"),
    Pair("申办人", "张* 㐀𠀋"),
    Pair("下一步", "请持本凭证到 3 号窗口等待制卡；一般现场制卡，最长不超过 24 小时。"),
    Qr(CODE),
    Feed(1),
    Text("The card is made at the window.", align="center"),
)
PATIENCE_S = 0.2
STROKE_S = 0.02
BAUDRATE, FAST = 230400, 3_000_000


def well(paper: Supply = Supply.OK, media: Media = Media.NOT_PRESENT) -> Status:
    """The status of a printer that can print."""
    return Status(State.ONLINE, media, {"paper": paper})


def codes(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.fixture
def simulator() -> Iterator[PrinterSimulator]:
    with PrinterSimulator(baudrate=BAUDRATE, usb=True) as running:
        yield running


DOORS = ["address", "path", "device"]


@pytest.fixture(params=DOORS)
def printer(simulator: PrinterSimulator, request: pytest.FixtureRequest) -> Printer:
    return quick(getattr(simulator, request.param))


def quick(port: str, **more: Any) -> Printer:
    """A driver that waits no longer than these simulators need."""
    return Printer(port, baudrate=BAUDRATE, patience_s=PATIENCE_S, stroke_s=STROKE_S, **more)


def prints_again(printer: Printer, simulator: PrinterSimulator, *, slips: int = 1) -> None:
    """The next job gives a whole slip, without a restart; `slips` are on the heap in all."""
    printer.print(VOUCHER)
    assert len(simulator.slips) == slips
    assert codes(simulator.slips[-1]) == [CODE]
    assert simulator.waiting == 0
    assert simulator.slips[-1].height >= raster.picture(VOUCHER, 576).height, "it is whole"


@pytest.mark.parametrize("width_mm", [58, 80])
@pytest.mark.parametrize("mode", ["raster", "text", "auto"])
@pytest.mark.parametrize("door", DOORS)
def test_the_slip_comes_out_and_its_code_reads(width_mm: int, mode: str, door: str) -> None:
    with PrinterSimulator(width_mm, baudrate=FAST, usb=True) as simulator:
        printer = Printer(getattr(simulator, door), width_mm, mode, FAST, stroke_s=STROKE_S)  # type: ignore[arg-type]
        printer.print(VOUCHER)
        printer.print(VOUCHER)
        assert [codes(each) for each in simulator.slips] == [[CODE], [CODE]]
        assert simulator.slips[0].tobytes() == simulator.slips[1].tobytes()
        assert printer.status() == well()


def test_raster_prints_exactly_the_picture(simulator: PrinterSimulator) -> None:
    Printer(simulator.address).print(VOUCHER)
    picture = raster.picture(VOUCHER, 576).point(lambda grey: 0 if grey < raster.THRESHOLD else 255)
    printed = simulator.slips[0].crop((0, 0, 576, picture.height))
    assert printed.tobytes() == picture.tobytes()


def test_rare_characters_on_a_serial_line_are_drawn_and_the_rest_is_text() -> None:
    parts = list(slip.parts([Text("张三"), Text("㐀𠀋")], 576, "mixed"))
    assert [part.data[:2].hex() for part in parts] == ["1b61", "1d76"]


def test_the_simulator_shows_its_slip_as_png(simulator: PrinterSimulator, tmp_path: Path) -> None:
    Printer(simulator.address).print(VOUCHER)
    simulator.save_png(0, tmp_path / "slip.png")
    with Image.open(tmp_path / "slip.png") as picture:
        assert codes(picture) == [CODE]
    assert 49.8 < simulator.metres_left < 50


def test_little_paper_is_told_and_prints(printer: Printer, simulator: PrinterSimulator) -> None:
    simulator.paper("low")
    assert printer.status() == well(Supply.LOW)
    prints_again(printer, simulator)


@contextmanager
def fault(detail: str, cure: Cure, *, begun: bool) -> Iterator[None]:
    with pytest.raises(PrinterFault) as caught:
        yield
    told = (caught.value.device, caught.value.detail, caught.value.cure, caught.value.begun)
    assert told == ("printer", detail, cure, begun)


BEFORE = {
    "paper_out": (Cure.REFILL, lambda s: s.paper("out"), lambda s: s.paper("full")),
    "cover_open": (Cure.ATTENDANT, lambda s: s.cover("open"), lambda s: s.cover("closed")),
    "cutter_error": (
        Cure.ATTENDANT,
        lambda s: s.cutter_error(True),
        lambda s: s.cutter_error(False),
    ),
    "media_jammed": (Cure.ATTENDANT, lambda s: s.jam(True), lambda s: s.jam(False)),
    "no_device": (Cure.REPLUG, lambda s: s.unplug(), lambda s: s.plug()),
}


@pytest.mark.parametrize("detail", BEFORE)
def test_a_printer_that_cannot_print_is_not_sent_anything(
    printer: Printer, simulator: PrinterSimulator, detail: str
) -> None:
    cure, break_it, mend_it = BEFORE[detail]
    break_it(simulator)
    with fault(detail, cure, begun=False):
        printer.print(VOUCHER)
    mend_it(simulator)
    assert simulator.slips == []
    assert simulator.waiting == 0
    prints_again(printer, simulator)


@pytest.mark.parametrize(
    ("mishap", "lines"),
    [
        *[("paper_out", n) for n in (1, 256, 420)],
        ("media_jammed", 330),
    ],
)
def test_a_slip_that_breaks_off_is_no_success_and_no_backlog(
    printer: Printer, simulator: PrinterSimulator, mishap: str, lines: int
) -> None:
    simulator.fail_after(mishap, lines=lines)
    with fault(mishap, Cure.REFILL if mishap == "paper_out" else Cure.ATTENDANT, begun=True):
        printer.print(VOUCHER)
    assert simulator.slips == []
    assert simulator.waiting == 0
    if mishap == "paper_out":
        simulator.paper("full")
        assert len(simulator.torn) == 1
    else:
        simulator.jam(False)
    assert simulator.slips == [], "what was left of the slip must not come out later"
    prints_again(printer, simulator, slips=2)  # the stub, marked void, and the new one


def test_cuts_are_those_of_the_slips_also_of_the_stub_of_one_that_broke_off(
    printer: Printer, simulator: PrinterSimulator
) -> None:
    printer.print(VOUCHER)
    assert printer.cuts == len(simulator.slips) == 1
    simulator.fail_after("media_jammed", lines=330)
    with fault("media_jammed", Cure.ATTENDANT, begun=True):
        printer.print(VOUCHER)
    assert printer.cuts == len(simulator.slips) == 1
    simulator.jam(False)
    prints_again(printer, simulator, slips=3)
    assert printer.cuts == 3


def test_a_cut_that_failed_is_none(printer: Printer, simulator: PrinterSimulator) -> None:
    simulator.fail_after("cutter_error", lines=raster.picture(VOUCHER, 576).height)
    with fault("cutter_error", Cure.ATTENDANT, begun=True):
        printer.print(VOUCHER)
    assert printer.cuts == len(simulator.slips) == 0


def test_paper_that_ends_with_the_cut_is_no_success(simulator: PrinterSimulator) -> None:
    printer = quick(simulator.address)
    printer.print(VOUCHER)
    simulator.fail_after("paper_out", lines=simulator.slips[0].height)
    with fault("paper_out", Cure.REFILL, begun=True):
        printer.print(VOUCHER)


@pytest.mark.parametrize("lines", [30, 300])
def test_a_cable_pulled_in_mid_slip(
    printer: Printer, simulator: PrinterSimulator, lines: int
) -> None:
    simulator.fail_after(parse("unplug"), lines=lines)
    with fault("no_device", Cure.REPLUG, begun=True):
        printer.print(VOUCHER)
    simulator.go_right()
    prints_again(printer, simulator, slips=2)


def test_silence_in_mid_slip(printer: Printer, simulator: PrinterSimulator) -> None:
    simulator.fail_after(parse("half_open"), lines=300)
    with fault("time_out", Cure.REPLUG, begun=True):
        printer.print(VOUCHER)
    simulator.go_right()
    assert simulator.slips == []
    prints_again(printer, simulator, slips=2)


def test_what_a_broken_link_left_behind_is_cancelled_by_the_next_contact(
    simulator: PrinterSimulator,
) -> None:
    printer = quick(simulator.address, mode="raster")
    simulator.slow(20_000)  # a band takes a second
    simulator.fail_after(parse("unplug"), lines=10)
    with fault("no_device", Cure.REPLUG, begun=True):
        printer.print(VOUCHER)
    simulator.cover("open")
    assert simulator.waiting > 0
    simulator.go_right()
    assert printer.status().detail == "cover_open"
    assert simulator.waiting == 0


def test_a_slow_printer_is_waited_for(printer: Printer, simulator: PrinterSimulator) -> None:
    simulator.slow(80_000)
    prints_again(printer, simulator)


@pytest.mark.parametrize("link", DOORS)
def test_a_picture_cut_off_by_a_crash_does_not_swallow_the_next_slip(
    link: str, simulator: PrinterSimulator
) -> None:
    printer = quick(getattr(simulator, link), interrupted=True)
    with socket.create_connection(("127.0.0.1", int(simulator.address.rsplit(":", 1)[1]))) as crash:
        crash.sendall(bytes.fromhex("1D76300048000001") + b"\xaa" * 500)
        crash.sendall(bytes.fromhex("100401"))
        assert crash.recv(1) == b"\x12"
    prints_again(printer, simulator, slips=2)  # what was begun is cut off first


@contextmanager
def answering(
    reply: dict[bytes, bytes], after_cut: dict[bytes, bytes] | None = None, looks: int = 0
) -> Iterator[str]:
    """A TCP printer that answers the requests that it knows, and prints nothing.

    `after_cut`: what it answers otherwise from the first cut on, when its status was asked
    `looks` times more.
    """
    late = iter(range(looks))
    cut = threading.Event()

    def serve() -> None:
        while True:
            try:
                caller = door.accept()[0]
            except OSError:  # the door was shut: the test is over
                return
            with caller:
                while data := caller.recv(1 << 20):
                    for at in range(len(data) - 2):
                        if data[at : at + 3] == b"\x1dVB":
                            cut.set()
                        asks = data[at : at + 3] == b"\x10\x04\x01"
                        if cut.is_set() and (not looks or (asks and next(late, None) is None)):
                            reply.update(after_cut or {})
                        if answer := reply.get(data[at : at + 3]):
                            caller.sendall(answer)

    door = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{door.getsockname()[1]}"
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join()


@pytest.mark.parametrize("garbage", [b"\x13", b"\x92", b"\xff"])
def test_garbage_is_never_well(garbage: bytes) -> None:
    with answering({b"\x10\x04\x01": garbage}) as port:
        printer = quick(port)
        with fault("hardware_error", Cure.ATTENDANT, begun=False):
            printer.status()
        with fault("hardware_error", Cure.ATTENDANT, begun=False):
            printer.print(VOUCHER)


@pytest.mark.parametrize("said", ["00", "10", "10000000"])
def test_an_echo_and_a_report_are_no_status(said: str) -> None:
    with answering({b"\x10\x04\x01": bytes.fromhex(said)}) as port:
        printer = quick(port)
        with fault("time_out", Cure.REPLUG, begun=False):
            printer.status()


@contextmanager
def without_gs_r(**more: Any) -> Iterator[tuple[PrinterSimulator, Printer]]:
    with PrinterSimulator() as simulator:
        simulator.knows(echo=False)
        yield simulator, quick(simulator.address, **more)


def test_a_printer_without_gs_r_prints_and_is_given_the_time_of_the_slowest() -> None:
    with without_gs_r() as (simulator, printer):
        simulator.slow(15_000)  # 208 lines of a picture a second
        printer.print([Text("凭证", size=2)])
        assert len(simulator.slips) == 1
        assert simulator.waiting == 0


def test_a_printer_without_gs_r_breaks_off_like_any() -> None:
    with without_gs_r(mode="text") as (simulator, printer):
        simulator.fail_after("paper_out", lines=60)
        with fault("paper_out", Cure.REFILL, begun=True):
            printer.print([Text("凭证")] * 4)
        simulator.paper("full")
        assert (simulator.slips, simulator.waiting) == ([], 0)
        printer.print([Text("凭证")])
        assert len(simulator.slips) == 2


def test_a_printer_that_stops_giving_echoes_is_a_fault() -> None:
    well = {bytes((0x10, 0x04, n)): b"\x12" for n in (1, 2, 3, 4)} | {b"\x1d\x72\x01": b"\x00"}
    with answering(well) as port:
        printer = quick(port)
        printer.print([Text("凭证")])
        del well[b"\x1d\x72\x01"]
        with fault("time_out", Cure.REPLUG, begun=False):
            printer.print([Text("凭证")])


def test_a_slip_counts_only_with_a_clean_status_behind_it() -> None:
    well = {bytes((0x10, 0x04, n)): b"\x12" for n in (1, 2, 3, 4)} | {b"\x1d\x72\x01": b"\x00"}
    with answering(well, after_cut={b"\x10\x04\x03": b"\x1a"}) as port:
        printer = quick(port)
        with fault("cutter_error", Cure.ATTENDANT, begun=True):
            printer.print([Text("凭证")])


def test_a_slip_counts_only_when_the_cutter_has_come_to_rest() -> None:
    """GS r is answered when it is read; the cutter sticks a moment later."""
    well = {bytes((0x10, 0x04, n)): b"\x12" for n in (1, 2, 3, 4)} | {b"\x1d\x72\x01": b"\x00"}
    sticks = answering(well, after_cut={b"\x10\x04\x03": b"\x1a"}, looks=2)
    with sticks as port, fault("cutter_error", Cure.ATTENDANT, begun=True):
        Printer(port, patience_s=PATIENCE_S, stroke_s=0.2).print([Text("凭证")])


@pytest.mark.parametrize(
    ("port", "width_mm", "mode"),
    [
        ("tcp://nobody", 80, "auto"),
        ("tcp://h:99999", 80, "auto"),
        ("tcp://h:1", 70, "auto"),
        ("tcp://h:1", 80, "x"),
    ],
)
def test_a_bad_setting_is_refused_at_once(port: str, width_mm: int, mode: str) -> None:
    with pytest.raises(ValueError):
        Printer(port, width_mm, mode)  # type: ignore[arg-type] - that is the test
