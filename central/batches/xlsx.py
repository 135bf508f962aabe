"""The cells of a spreadsheet's first sheet (.xlsx, ECMA-376), read strictly and bounded.

Only texts and numbers are taken; formulas count by the value kept beside them. A document type, an
entity, a part that is too large, or anything that is no such file raises `UnreadableError`.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

MOST_BYTES = 16 * 1024 * 1024
"""Of a part, unpacked: 2,000 rows have less than 2 MB."""
MOST_PARTS = 1000
MOST_COLUMNS = 64

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


class UnreadableError(Exception):
    """It is no spreadsheet that can be taken."""


def read_sheet(data: bytes, most_rows: int) -> list[list[str]]:
    """The rows of the first sheet as texts, each as long as its last cell."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            if len(package.infolist()) > MOST_PARTS:
                raise UnreadableError("too many parts")
            shared = _shared(package)
            sheet = _part(package, _first_sheet(package))
            return list(_rows(sheet, shared, most_rows))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ET.ParseError,
        KeyError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise UnreadableError(type(error).__name__) from None  # its text may hold what was read


def _part(package: zipfile.ZipFile, name: str) -> ET.Element:
    """A part as XML; UTF-8 and without a document type, so nothing can be expanded."""
    with package.open(name) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UnreadableError("a part is too large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("not UTF-8") from None
    if "<!" in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL):
        raise UnreadableError("a document type")
    return ET.fromstring(text)  # noqa: S314 - without a document type there is no entity


def _first_sheet(package: zipfile.ZipFile) -> str:
    sheet = _part(package, "xl/workbook.xml").find(f"{_MAIN}sheets/{_MAIN}sheet")
    if sheet is None:
        raise UnreadableError("no sheet")
    for link in _part(package, "xl/_rels/workbook.xml.rels").iter(_PACKAGE):
        if link.get("Id") == sheet.get(_LINK):
            target = link.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise UnreadableError("no sheet")


def _shared(package: zipfile.ZipFile) -> list[str]:
    """The texts that cells share."""
    name = "xl/sharedStrings.xml"
    if name not in package.namelist():
        return []
    return [_text(item) for item in _part(package, name).iter(f"{_MAIN}si")]


def _text(item: ET.Element) -> str:
    """A text with its runs; how it is pronounced (rPh) is not part of it."""
    runs = [item, *item.findall(f"{_MAIN}r")]
    return "".join(each.text or "" for run in runs for each in run.findall(f"{_MAIN}t"))


def _rows(sheet: ET.Element, shared: list[str], most: int) -> Iterator[list[str]]:
    for count, row in enumerate(sheet.iter(f"{_MAIN}row"), 1):
        if count > most:
            raise UnreadableError("too many rows")
        cells: list[str] = []
        for place, cell in enumerate(row.findall(f"{_MAIN}c")):
            at = _column(cell.get("r"), place)
            if not len(cells) <= at < MOST_COLUMNS:
                raise UnreadableError("columns out of order, or too many")
            cells.extend([""] * (at - len(cells)))
            cells.append(_value(cell, shared))
        yield cells


def _column(reference: str | None, place: int) -> int:
    """The column of `AB12`, counted from 0."""
    found = _REFERENCE.fullmatch(reference or "")
    if found is None:
        return place
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _value(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return _text(inline) if inline is not None else ""
    value = cell.findtext(f"{_MAIN}v") or ""
    if cell.get("t") != "s":
        return value
    if not value.isdecimal() or int(value) >= len(shared):
        raise UnreadableError("a text that is not there")
    return shared[int(value)]
