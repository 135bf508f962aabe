"""Looking at a list before the centre does: every row, every picture (services.md 2.2 B4; F42)."""

import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kiosk.batch.names import PictureNames
from kiosk.batch.pictures import look
from kiosk.batch.progress import Meter, Stage, Tell
from kiosk.batch.sheets import Cells, Sheet, opened
from kiosk.batch.source import Cancelled, Entry, FileFault, NotTaken, Source
from kiosk.batch.spool import Origin, Picture, Spool
from regulation.card_list.columns import Columns, is_empty, load_columns, row_of
from regulation.card_list.faults import Fault, RowFault
from regulation.card_list.judge import Ground, Person, judge_row, person_of, pictures_of
from regulation.card_list.rows import PORTRAIT, Row

BLOCK = 500
"""Rows that are judged and put down together."""
LOOKERS = max(2, min(4, os.cpu_count() or 1))
"""Threads that decode pictures."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What lists are taken by. `folder` is where the store's file lies, None for the system's."""

    ground: Ground
    columns: Columns = field(default_factory=load_columns)
    most_rows: int = 100_000
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Looking:
    """What the work is done with: the files, how far it is, whether anybody still waits."""

    source: Source
    indexed: "Future[PictureNames]"
    tell: Tell
    cancel: threading.Event

    @property
    def names(self) -> PictureNames:
        """Whose picture is which file; it is found out while the list's process reads."""
        return self.indexed.result()

    def go_on(self) -> None:
        """Raise `Cancelled` when nobody waits."""
        if self.cancel.is_set():
            raise Cancelled


def read_rows(entry: Entry, terms: Terms, looking: Looking, spool: Spool) -> None:
    """Read the list and judge its rows. Raises `NotTaken`: then nothing of it is of use."""
    data = looking.source.read(entry)
    with opened(data, terms.columns) as sheet, spool.together():
        del data
        meter = Meter(Stage.ROWS, sheet.count, looking.tell)
        rows = _numbered(sheet, terms.most_rows)
        while block := list(islice(rows, BLOCK)):
            looking.go_on()
            _put(block, sheet, terms, looking, spool)
            meter.step(len(block))
        meter.end()
        spool.added()
    if spool.count() == 0:
        raise NotTaken(FileFault.EMPTY)


def _numbered(sheet: Sheet, most: int) -> Iterator[tuple[int, Cells]]:
    """The rows from 1; empty ones at the end are none."""
    waiting: list[tuple[int, Cells]] = []
    for line, cells in enumerate(sheet.rows, 1):
        if is_empty(cells):
            if len(waiting) < BLOCK:
                waiting.append((line, ()))
            continue
        if line > most:
            raise NotTaken(FileFault.TOO_MANY_ROWS, most=most)
        yield from waiting
        waiting.clear()
        yield line, cells


def _put(
    block: list[tuple[int, Cells]], sheet: Sheet, terms: Terms, looking: Looking, spool: Spool
) -> None:
    """Judge a block of rows and put it down."""
    rows: list[tuple[int, Row]] = []
    cells, own, pictures = list[RowFault](), list[RowFault](), list[RowFault]()
    places: list[Picture] = []
    names = looking.names
    for line, told in block:
        row, found = row_of(told, sheet.head, terms.columns)
        if line - 1 in sheet.merged:
            found.append(("", Fault.MERGED))
        if not told:
            found.append(("", Fault.EMPTY_ROW))
        unread = {name for name, _ in found}
        cells.extend(RowFault(line, *each) for each in found)
        matched = match(line, row, terms.ground, names)
        pictures.extend(matched.faults)
        places.extend(matched.pictures)
        own.extend(matched.judged(terms.ground, unread) if told else ())
        rows.append((line, row))
    spool.add(rows)
    spool.add_pictures(places)
    for faults, origin in (
        (cells, Origin.CELL),
        (own, Origin.ROW),
        (pictures, Origin.PICTURE),
    ):
        spool.fault(faults, origin)


class Matched(NamedTuple):
    """A row with the pictures that came for it, and what is wrong with their files."""

    line: int
    row: Row
    person: Person
    pictures: list[Picture]
    faults: list[RowFault]

    def judged(self, ground: Ground, unread: set[str]) -> list[RowFault]:
        """What is wrong with it, but for what a cell that could not be read brings with it."""
        found = judge_row(self.row, ground, self.person)
        return [RowFault(self.line, *each) for each in found if each[0] not in unread]


def match(line: int, row: Row, ground: Ground, names: PictureNames) -> Matched:
    """Find a row's pictures: those it needs, and a portrait where there is one."""
    person = person_of(row, ground)
    needed = pictures_of(row, person, ground)
    if not needed:
        return Matched(line, row, person, [], [])
    came = {
        shows: place
        for shows, place in names.of(row).items()
        if shows in needed or shows == PORTRAIT
    }
    pictures = [Picture(line, shows, at) for shows, at in came.items() if isinstance(at, int)]
    faults = [RowFault(line, shows, at) for shows, at in came.items() if isinstance(at, Fault)]
    return Matched(line, row._replace(pictures=frozenset(came)), person, pictures, faults)


def look_at_pictures(looking: Looking, spool: Spool, where: str = "1", *values: object) -> None:
    """Look at the pictures of a condition that nobody has looked at, in the order of the files.

    The source is read here, pictures are decoded by `LOOKERS` threads; so many and one more are
    held at a time.
    """
    waiting = spool.pictures(f"sha256 is null and {where}", *values)
    meter = Meter(Stage.PICTURES, len(waiting), looking.tell)
    entries = looking.source.entries() if waiting else ()
    under: deque[tuple[Picture, Future[str | Fault]]] = deque()
    with ThreadPoolExecutor(LOOKERS, "looks") as lookers, spool.together():
        for picture in waiting:
            looking.go_on()
            data = _read(looking.source, entries[picture.place])
            under.append((picture, lookers.submit(look, data, picture.shows)))
            del data
            while len(under) > LOOKERS or (under and picture is waiting[-1]):
                _seen(spool, *under.popleft())
                meter.step()
        meter.end()


def _read(source: Source, entry: Entry) -> bytes:
    """A picture's bytes, none where its file is no good: then it is no picture."""
    try:
        return source.read(entry)
    except NotTaken as no:
        if no.fault is FileFault.CHANGED:  # then nothing that was read can be relied on
            raise
        return b""


def _seen(spool: Spool, picture: Picture, future: "Future[str | Fault]") -> None:
    found = future.result()
    if isinstance(found, Fault):
        spool.fault([RowFault(picture.line, picture.shows, found)], Origin.PICTURE)
    else:
        spool.seen(picture, found)
