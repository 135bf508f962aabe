"""A document as what is sent: parts that each end on a line, so that one can be waited for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hardware.printer import frames, layout, raster
from hardware.printer.document import Document, Feed, Qr, Rule

Mode = Literal["raster", "text", "mixed"]
"""`text` leaves every character to the printer; `mixed` draws the lines that are not all GBK."""

HEAD = frames.INIT + frames.NO_REPORTS + frames.CHINESE + frames.spacing(layout.LINE)


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of some whole lines, and the paper they move, in dots."""

    data: bytes
    dots: int


WHITE = 2
"""Lines of white paper after the last."""

TAIL = Part(frames.feed(WHITE) + frames.CUT, 6 * layout.LINE)
"""White paper and the cut; its dots allow for the way from head to cutter."""


def length(document: Document, dots: int) -> int:
    """How much paper a slip is, in dots, from the first line to the cut."""
    heights = (
        raster.qr(item, dots).height if isinstance(item, Qr) else raster.height(item)
        for item in layout.rows(document, dots)
    )
    return sum(heights) + WHITE * layout.LINE


def check(document: Document, dots: int) -> None:
    """Refuse with `ValueError` a document with a QR code that does not fit on the paper."""
    for block in document:
        if isinstance(block, Qr):
            raster.module_dots(block, dots)


def parts(document: Document, dots: int, mode: Mode) -> Iterator[Part]:
    """The slip without `HEAD` and `TAIL`; raises what `raster.picture` raises."""
    items = list(layout.rows(document, dots))
    if mode == "raster":
        yield from _drawn(items, dots)
        return
    for item in items:
        if mode == "mixed" and isinstance(item, layout.Row) and not _in_gbk(item.text):
            yield from _drawn([item], dots)
        else:
            yield _written(item, dots)


def _drawn(items: list[layout.Item], dots: int) -> Iterator[Part]:
    for band in frames.bands(raster.draw(items, dots)):
        yield Part(band, frames.BAND)


def _written(item: layout.Item, dots: int) -> Part:
    match item:
        case layout.Row():
            data = _line(item)
        case Rule():
            data = b"-" * (dots // layout.HALF) + b"\n"
        case Feed():
            data = frames.feed(item.lines)
        case Qr():
            symbol = frames.qr(item.data, raster.module_dots(item, dots))
            middle, left = frames.align(centred=True), frames.align(centred=False)
            data = b"\n" + middle + symbol + b"\n" + left  # white above and below, to be readable
            return Part(data, dots + 2 * layout.LINE)  # no higher than the paper is wide
    return Part(data, raster.height(item))


def _line(row: layout.Row) -> bytes:
    text = ""
    for start, piece in row.pieces:
        text += " " * ((start - layout.width(text)) // layout.HALF) + piece
    style = frames.align(centred=row.centred) + frames.scale(row.size) + frames.bold(on=row.bold)
    plain = frames.align(centred=False) + frames.scale(1) + frames.bold(on=False)
    return style + frames.characters(text) + b"\n" + plain


def _in_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
