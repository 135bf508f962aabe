"""A slip that breaks off at any byte: no success, no backlog after it is mended, the half one void."""

from collections.abc import Callable, Iterator
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.printer import frames, slip
from hardware.printer.document import Document, Qr, Text
from hardware.printer.driver import CURES, VOID, VOID_IF_ANY, Printer, PrinterFault
from hardware.printer.mechanism import Mishap
from hardware.printer.simulator import PrinterSimulator
from hardware.wire.faults import parse

DOTS = 384
SLIP: Document = (Text("凭证", size=2, bold=True), Text("张三 㐀"), Qr("v1|T1", 8), Text("完"))
PATIENCE_S = 0.1
MISHAPS: dict[str, tuple[Mishap, Callable[[PrinterSimulator], None]]] = {
    "paper_out": ("paper_out", lambda s: s.paper("full")),
    "cover_open": ("cover_open", lambda s: s.cover("closed")),
    "cutter_error": ("cutter_error", lambda s: s.cutter_error(False)),
    "media_jammed": ("media_jammed", lambda s: s.jam(False)),
    "no_device": (parse("unplug"), lambda s: s.go_right()),
    "time_out": (parse("did_it"), lambda s: s.go_right()),
}
"""By the detail each is told with: what happens, and how it is mended."""
QUICK = [detail for detail in MISHAPS if detail != "time_out"]


class Rig:
    """A printer that is asked for the same slip again and again."""

    def __init__(self, simulator: PrinterSimulator, mode: slip.Mode) -> None:
        self.simulator = simulator
        self.printer = Printer(
            simulator.address,
            58,
            "raster" if mode == "raster" else "text",
            patience_s=PATIENCE_S,
            stroke_s=0.01,
        )
        self.voids = [self.printed(VOID), self.printed(VOID_IF_ANY)]
        began = simulator.used
        self.whole = self.printed(SLIP)
        self.length = simulator.used - began
        parts = [slip.HEAD, *(part.data for part in slip.parts(SLIP, DOTS, mode)), slip.TAIL.data]
        self.ends = [*accumulate(len(data) + len(frames.ECHO) for data in parts)]
        assert self.ends[-1] == self.length, "every part has its echo"

    def printed(self, document: Document) -> Image.Image:
        self.printer.print(document)
        return self.simulator.slips[-1]

    def idle(self) -> list[Image.Image]:
        """The slips, when the printer has printed all that it can."""
        self.simulator.waiting  # noqa: B018 - an order is done before the next round of printing
        return self.simulator.slips

    def breaks_off(self, detail: str, offset: int) -> None:
        mishap, mend = MISHAPS[detail]
        before = len(self.simulator.slips)
        self.simulator.fail_after(mishap, bytes_=offset)
        with pytest.raises(PrinterFault) as told:
            self.printer.print(SLIP)
        assert (told.value.detail, told.value.cure) == (detail, CURES[detail])
        assert told.value.begun == (offset > self.ends[0]) or detail == "time_out"
        out = self.idle()
        cut_in = offset > self.ends[-2]
        assert len(out) - before <= cut_in, "nothing is cut before its time"
        mend(self.simulator)
        assert len(self.idle()) == len(out), "nothing of it comes out later"
        assert self.simulator.waiting == 0
        self.again(len(out), voids=told.value.begun)

    def again(self, before: int, *, voids: bool) -> None:
        """The next slip comes whole, the half one before it marked void and cut off."""
        self.printer.print(SLIP)
        slips = self.simulator.slips[before:]
        assert len(slips) == 1 + voids
        assert slips[-1].tobytes() == self.whole.tobytes()
        assert not voids or self.is_void(slips[0])

    def is_void(self, stub: Image.Image) -> bool:
        return any(
            stub.crop((0, stub.height - void.height, DOTS, stub.height)).tobytes() == void.tobytes()
            for void in self.voids
        )


def a_rig(mode: slip.Mode) -> Iterator[Rig]:
    with PrinterSimulator(58) as simulator:
        yield Rig(simulator, mode)


@pytest.fixture(scope="module")
def raster() -> Iterator[Rig]:
    yield from a_rig("raster")


@pytest.fixture(scope="module")
def text() -> Iterator[Rig]:
    yield from a_rig("text")


@pytest.fixture(params=["raster", "text"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("detail", MISHAPS)
def test_it_breaks_off_between_any_two_parts(rig: Rig, detail: str) -> None:
    assert len(rig.ends) > 3
    for end in rig.ends:
        rig.breaks_off(detail, end)


@pytest.mark.parametrize("detail", QUICK)
def test_it_breaks_off_around_every_echo(rig: Rig, detail: str) -> None:
    for index, end in enumerate(rig.ends[:-1]):
        rig.breaks_off(detail, end + (1, -1)[index % 2])


@settings(max_examples=15, deadline=None)
@given(detail=st.sampled_from(QUICK), share=st.floats(0, 1, exclude_max=True))
def test_a_picture_breaks_off_at_any_byte(raster: Rig, detail: str, share: float) -> None:
    raster.breaks_off(detail, 1 + int(share * raster.length))


@settings(max_examples=20, deadline=None)
@given(detail=st.sampled_from(QUICK), share=st.floats(0, 1, exclude_max=True))
def test_a_text_breaks_off_at_any_byte(text: Rig, detail: str, share: float) -> None:
    text.breaks_off(detail, 1 + int(share * text.length))


@pytest.mark.parametrize("detail", QUICK)
def test_it_breaks_off_while_the_printer_reports_every_change(rig: Rig, detail: str) -> None:
    rig.simulator.report(always=True)
    try:
        for end in rig.ends:
            rig.breaks_off(detail, end - 3)
    finally:
        rig.simulator.report(always=False)


@pytest.mark.parametrize("detail", ["paper_out", "cover_open", "media_jammed"])
@pytest.mark.parametrize("mode", ["raster", "text"])
def test_of_a_printer_that_does_not_forget_at_most_the_part_begun_comes_out_later(
    mode: slip.Mode, detail: str
) -> None:
    """DLE ENQ helps after an error of the cutter only, says the manual of many a printer."""
    mishap, mend = MISHAPS[detail]
    with PrinterSimulator(58) as simulator:
        rig = Rig(simulator, mode)
        simulator.knows(forget=False)
        for part, end in enumerate(rig.ends[:-1]):
            before = len(simulator.slips)
            used = simulator.used
            simulator.fail_after(mishap, bytes_=end + 2)  # in the part that follows
            with pytest.raises(PrinterFault):
                rig.printer.print(SLIP)
            assert len(simulator.slips) == before
            mend(simulator)
            later = len(rig.idle()) - before
            assert simulator.used - used == rig.ends[part + 1], "nothing of the next part"
            assert later == (part + 1 == len(rig.ends) - 1), "and cut only if the cut was begun"
            rig.again(before + later, voids=True)


@pytest.mark.parametrize("detail", ["paper_out", "cover_open", "no_device"])
def test_a_printer_with_a_small_buffer_that_is_full_cannot_tell_why(detail: str) -> None:
    """Its status is asked behind the bytes that it takes no more: a fault all the same."""
    mishap, mend = MISHAPS[detail]
    with PrinterSimulator(58, buffer=8192) as simulator:
        rig = Rig(simulator, "raster")
        for offset in (rig.ends[0] + 20, rig.ends[1] + 20):
            before = len(simulator.slips)
            simulator.fail_after(mishap, bytes_=offset)
            with pytest.raises(PrinterFault) as told:
                rig.printer.print(SLIP)
            assert told.value.detail in {detail, "time_out"}
            assert told.value.begun
            mend(simulator)
            assert len(rig.idle()) == before
            rig.again(before, voids=True)


def test_the_mark_of_a_half_slip_that_breaks_off_too_is_printed_again(rig: Rig) -> None:
    rig.simulator.fail_after("media_jammed", bytes_=rig.ends[1])
    with pytest.raises(PrinterFault):
        rig.printer.print(SLIP)
    for lines in (10, 60):
        rig.simulator.jam(False)
        rig.simulator.fail_after("media_jammed", lines=lines)
        with pytest.raises(PrinterFault) as told:
            rig.printer.print(SLIP)
        assert not told.value.begun
    before = len(rig.simulator.slips)
    rig.simulator.jam(False)
    rig.again(before, voids=True)
