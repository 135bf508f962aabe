"""The picture of a slip: what raster mode prints and what the screen shows."""

from functools import cache
from itertools import count
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from hardware.printer import layout
from hardware.printer.document import Document, Feed, Qr, Rule

FONTS = Path("/usr/share/fonts/opentype/noto")
FACE = "Noto Sans Mono CJK SC"
"""By name: the first face of the collection is Japanese, and indices differ between versions."""

HANAZONO = Path("/usr/share/fonts/truetype/hanazono")
FALLBACKS = (HANAZONO / "HanaMinA.ttf", HANAZONO / "HanaMinB.ttf")
"""For rare characters, where installed (Debian: fonts-hanazono)."""
MISSING = "〓"

BLACK, WHITE = 0, 255
THRESHOLD = 128
_IN_NO_FONT = "\U0010fffd"  # the last private-use character
_QUIET = 4  # modules around a QR code, ISO/IEC 18004
_SMALLEST_MODULE = 3
_ANY_MASK = 0  # none changes the size, and to find the best one takes most of the time
_INK = [WHITE] + [BLACK] * 255  # of a module that is 0, and of any other


class MissingFont(Exception):  # noqa: N818 - its name says what is wrong
    """The Chinese font is not installed; the message names the package to install."""


@cache
def face(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The Simplified Chinese face of Noto Sans CJK with cells `size` dots high."""
    path = FONTS / ("NotoSansCJK-Bold.ttc" if bold else "NotoSansCJK-Regular.ttc")
    for index in count():
        try:
            font = ImageFont.truetype(path, size, index, layout_engine=ImageFont.Layout.BASIC)
        except OSError as error:  # no such file, or no more faces in it
            raise MissingFont(f"no face {FACE!r} in {path}: install fonts-noto-cjk") from error
        if font.getname()[0] == FACE:
            return font
    raise AssertionError  # count() does not end


def shape(character: str, size: int, *, bold: bool) -> tuple[ImageFont.FreeTypeFont, str]:
    """The first font of the chain that has the character, and what to draw with it.

    A character that no font has is drawn as 〓, the printer's sign for a missing type: a box
    would look like a fault of the slip.
    """
    chain = [face(size, bold=bold), *_fallbacks(size)]
    for font in chain:
        if _has(font, character):
            return font, character
    return chain[0], MISSING


@cache
def _fallbacks(size: int) -> tuple[ImageFont.FreeTypeFont, ...]:
    basic = ImageFont.Layout.BASIC
    return tuple(
        ImageFont.truetype(path, size, layout_engine=basic) for path in FALLBACKS if path.exists()
    )


@cache
def _has(font: ImageFont.FreeTypeFont, character: str) -> bool:
    return _drawn(font, character) != _drawn(font, _IN_NO_FONT)


def _drawn(font: ImageFont.FreeTypeFont, character: str) -> bytes:
    cell = Image.new("L", (layout.FULL * 2, layout.FULL * 2), WHITE)
    ImageDraw.Draw(cell).text((0, 0), character, fill=BLACK, font=font)
    return cell.tobytes()


def module_dots(code: Qr, dots: int) -> int:
    """Dots a module that the code can have on the paper; `ValueError` if too few to be read."""
    return _scale(_symbol(code, mask=_ANY_MASK), code, dots)


def qr(code: Qr, dots: int) -> Image.Image:
    """A QR code with its quiet zone, mode "L", no wider than `dots`."""
    symbol = _symbol(code)
    scale = _scale(symbol, code, dots)
    rows = [bytes(row) for row in symbol.matrix_iter(border=_QUIET)]
    modules = len(rows)
    small = Image.frombytes("L", (modules, modules), b"".join(rows)).point(_INK)
    return small.resize((modules * scale, modules * scale), Image.Resampling.NEAREST)


def _symbol(code: Qr, mask: int | None = None) -> segno.QRCode:
    return segno.make_qr(code.data, error="m", boost_error=False, mask=mask)


def _scale(symbol: segno.QRCode, code: Qr, dots: int) -> int:
    modules = int(symbol.symbol_size(border=_QUIET)[0])
    scale = min(code.module_dots, dots // modules)
    if scale < _SMALLEST_MODULE:
        raise ValueError("this QR code does not fit on the paper: put less data into it")
    return scale


def picture(document: Document, dots: int) -> Image.Image:
    """The slip, mode "L", `dots` wide: 576 for 80 mm paper, 384 for 58 mm.

    Raises `MissingFont`, and `ValueError` for a QR code that does not fit.
    """
    return draw(list(layout.rows(document, dots)), dots)


def draw(items: list[layout.Item], dots: int) -> Image.Image:
    """The picture of lines that are laid out already."""
    codes = {index: qr(item, dots) for index, item in enumerate(items) if isinstance(item, Qr)}
    heights = [
        codes[index].height if isinstance(item, Qr) else height(item)
        for index, item in enumerate(items)
    ]
    paper = Image.new("L", (dots, max(sum(heights), 1)), WHITE)
    pen = ImageDraw.Draw(paper)
    y = 0
    for index, item in enumerate(items):
        match item:
            case layout.Row():
                _row(pen, item, y, dots)
            case Rule():
                pen.rectangle((0, y + layout.HALF, dots - 1, y + layout.HALF + 1), fill=BLACK)
            case Qr():
                paper.paste(codes[index], ((dots - codes[index].width) // 2, y))
            case Feed():
                pass
        y += heights[index]
    return paper


def height(item: layout.Row | Rule | Feed) -> int:
    """Dots of paper that a line takes."""
    match item:
        case layout.Row():
            return layout.LINE + (item.size - 1) * layout.FULL
        case Rule():
            return layout.FULL
        case Feed():
            return item.lines * layout.LINE


def _row(pen: ImageDraw.ImageDraw, row: layout.Row, y: int, dots: int) -> None:
    left = (dots - layout.width(row.text, row.size)) // 2 if row.centred else 0
    baseline = y + (layout.FULL - 2) * row.size
    for start, text in row.pieces:
        x = left + start
        for character in text:
            font, drawn = shape(character, layout.FULL * row.size, bold=row.bold)
            pen.text((x, baseline), drawn, fill=BLACK, font=font, anchor="ls")
            x += layout.width(character, row.size)
