"""The rows of a list's file, one after the other: .xlsx by a process of its own, .csv here.

Neither is ever held whole as cells in the kiosk: memory does not grow with the rows.
"""

import codecs
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, cast

from kiosk.batch import sheet_child
from kiosk.batch.source import FileFault, NotTaken
from regulation.card_list.columns import Cell, Columns, Head, NoHead, head_of

Cells = Sequence[Cell]

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENCODINGS = ("utf-8", "gb18030")
_SEPARATORS = ",;\t"
_PIECE = 1 << 20
_HEAD_WITHIN = sheet_child.FIRST
"""A title and a remark may stand above the head."""
_FAULTS = {sheet_child.DAMAGED: FileFault.DAMAGED, sheet_child.ENCRYPTED: FileFault.ENCRYPTED}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list: its head, the rows below it, at most how many, and which of them are merged."""

    head: Head
    rows: Iterator[Cells]
    count: int
    merged: frozenset[int]
    """Places in `rows`, from 0."""


@contextmanager
def opened(data: bytes, columns: Columns) -> Generator[Sheet]:
    """The list in a file's bytes. Raises `NotTaken`, also while the rows are read."""
    if data.startswith(_OLE):
        raise NotTaken(FileFault.OLD_OFFICE)
    opened = _workbook(data, columns) if data.startswith(_ZIP) else _text(data, columns)
    with closing(opened):
        yield next(opened)


def _workbook(data: bytes, columns: Columns) -> Generator[Sheet]:
    """The first sheet with a head of a list; an empty workbook is empty."""
    with _child(data) as child:
        empty, wrong = True, NotTaken(FileFault.NO_HEAD)
        while (about := _answer(child)) is not None:
            first: list[list[Cell]] = _answer(child)
            empty = empty and not any(any(row) for row in first)
            place, head = _head_in(first, columns)
            if isinstance(head, Head):
                _say(child, "rows")
                below = chain(first[place + 1 :], _rest(child))
                yield Sheet(head, below, about["rows"], _merged(about["merged"], place + 1))
                return
            if head is not None:
                wrong = NotTaken(FileFault.HEAD, reason=head.zh)
            _say(child, "next")
        raise NotTaken(FileFault.EMPTY) if empty else wrong


def _merged(ranges: list[list[int]], top: int) -> frozenset[int]:
    """The rows that a merged range touches, below the head."""
    return frozenset(
        row - top for first, last in ranges for row in range(max(first, top), last + 1)
    )


def _rest(child: "subprocess.Popen[bytes]") -> Iterator[Cells]:
    assert child.stdout is not None
    for line in child.stdout:
        yield from cast("list[list[Cell]]", json.loads(line))
    if child.wait() != 0:
        raise _why(child)


@contextmanager
def _child(data: bytes) -> "Generator[subprocess.Popen[bytes]]":
    """The process, with the file in memory that both see and that no file system has."""
    file = os.memfd_create("list")
    try:
        with os.fdopen(os.dup(file), "wb") as target:
            target.write(data)
        os.lseek(file, 0, os.SEEK_SET)
        child = subprocess.Popen(  # noqa: S603 - no word of it comes from a file
            (*_command(), str(file)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(file,),
            env={},
            cwd="/",
        )
    finally:
        os.close(file)
    with child:
        try:
            yield child
        finally:
            child.kill()


def _command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "sheet-child")
    return (sys.executable, "-I", "-X", "utf8", sheet_child.__file__)


def _answer(child: "subprocess.Popen[bytes]") -> Any:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line.endswith(b"\n"):
        raise _why(child)
    return json.loads(line)


def _say(child: "subprocess.Popen[bytes]", word: str) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(word.encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        raise _why(child) from None


def _why(child: "subprocess.Popen[bytes]") -> NotTaken:
    """What its end says: what is none of its own codes ran out of memory or time."""
    return NotTaken(_FAULTS.get(child.wait(), FileFault.TOO_LARGE))


def _text(data: bytes, columns: Columns) -> Generator[Sheet]:
    encoding = _encoding(data)
    if not data.strip():
        raise NotTaken(FileFault.EMPTY)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    head_line = next(islice(lines, 1), "")
    separator = max(_SEPARATORS, key=head_line.count)
    lines.seek(0)
    rows = _checked(csv.reader(lines, delimiter=separator, strict=True))
    first = list(islice(rows, _HEAD_WITHIN))
    place, head = _head_in(first, columns)
    if not isinstance(head, Head):
        raise NotTaken(FileFault.HEAD, reason=head.zh) if head else NotTaken(FileFault.NO_HEAD)
    yield Sheet(head, chain(first[place + 1 :], rows), data.count(b"\n") - place, frozenset())


def _checked(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        raise NotTaken(FileFault.DAMAGED) from None


def _encoding(data: bytes) -> str:
    """How a text is written: by its mark, else UTF-8, else GB 18030; a text has no NUL."""
    marked = [encoding for mark, encoding in _MARKS.items() if data.startswith(mark)]
    for encoding in marked or _ENCODINGS:
        try:
            decoder = codecs.getincrementaldecoder(encoding)()
            for at in range(0, len(data), _PIECE):
                piece = decoder.decode(data[at : at + _PIECE], at + _PIECE >= len(data))
                if "\0" in piece:
                    raise NotTaken(FileFault.DAMAGED)
        except UnicodeDecodeError:
            continue
        return encoding
    raise NotTaken(FileFault.DAMAGED)


def _head_in(rows: Sequence[Cells], columns: Columns) -> tuple[int, Head | NoHead | None]:
    """Where the head is; else what is wrong with the row that comes nearest, None for nothing."""
    known = columns.fields.keys() | columns.ignored
    best, nearest = 1, None
    for place, row in enumerate(rows):
        head = head_of(row, columns)
        if isinstance(head, Head):
            return place, head
        alike = sum(str(cell).strip().rstrip("*") in known for cell in row)
        if alike > best:
            best, nearest = alike, head
    return 0, nearest
