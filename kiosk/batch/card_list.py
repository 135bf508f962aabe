"""A list that was looked at: turned page by page, mended row by row."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from kiosk.batch.names import PictureNames
from kiosk.batch.preflight import Looking, Terms, look_at_pictures, match, read_rows
from kiosk.batch.progress import Tell
from kiosk.batch.source import Entry, Source
from kiosk.batch.spool import WRONG, Origin, Picture, Spool
from regulation.card_list.columns import value_of
from regulation.card_list.faults import Fault, RowFault
from regulation.card_list.rows import TEXTS, Row, number_of


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list, from 1, and what is wrong with it."""

    line: int
    row: Row = field(repr=False)
    faults: tuple[RowFault, ...]


def look_at(
    source: Source, entry: Entry, terms: Terms, tell: Tell, cancel: threading.Event
) -> "CardList":
    """Look at the list in a file and at its pictures.

    Raises `NotTaken` for a file that is no list, `Cancelled`, and the source's `DeviceFault`; then
    nothing is left of it. Else the list is there, with what is wrong with each row.
    """
    spool = Spool(terms.folder)
    try:
        with ThreadPoolExecutor(1, "names") as aside:
            indexed = aside.submit(PictureNames, source.entries(), terms.columns)
            looking = Looking(source, indexed, tell, cancel)
            read_rows(entry, terms, looking, spool)
        look_at_pictures(looking, spool)
        spool.find_repeated()
    except BaseException:
        spool.close()
        raise
    return CardList(terms, looking, spool)


class CardList:
    """A list with what is wrong with it. For one thread at a time; `close` forgets everything."""

    def __init__(self, terms: Terms, looking: Looking, spool: Spool) -> None:
        self._terms, self._looking, self._spool = terms, looking, spool
        self.source = looking.source

    def close(self) -> None:
        """Forget it. What it knew of people is gone with it."""
        self._spool.close()

    @property
    def rows(self) -> int:
        """How many people are on it."""
        return self._spool.count()

    @property
    def wrong(self) -> int:
        """How many of them have a fault."""
        return self._spool.count(WRONG)

    @property
    def good(self) -> int:
        """How many have none."""
        return self.rows - self.wrong

    def page(self, after: int = 0, most: int = 20, *, wrong_only: bool = True) -> tuple[Line, ...]:
        """So many rows after a line, in the list's order; those with a fault alone, or all."""
        where = f"line > ? and {WRONG}" if wrong_only else "line > ?"
        found = self._spool.rows(where, after, most=most)
        return tuple(self._line(line, row) for line, row in found)

    def line(self, line: int) -> Line:
        """One row. KeyError where there is none."""
        row = self._spool.row(line)
        if row is None:
            raise KeyError(line)
        return self._line(line, row)

    def faults(self) -> Iterator[RowFault]:
        """Everything that is wrong, row by row: for a slip or a file."""
        return self._spool.all_faults()

    def corrected(self, line: int, field: str, text: str) -> Line:
        """Mend a field as a clerk writes it, and judge again what depends on it.

        Raises KeyError for a row that is not there, ValueError for a field that is none of `TEXTS`
        (pictures are mended on the medium),
        and what the source raises where other pictures have to be looked at.
        """
        if field not in TEXTS:
            raise ValueError(f"{field} is no field to be mended")
        before = self.line(line).row
        value = value_of(field, text, self._terms.columns)
        unread = isinstance(value, Fault)
        row = before._replace(**{field: Row._field_defaults[field] if unread else value})
        with self._spool.together():
            self._spool.mended(line, [Origin.CELL], [field, ""])
            if isinstance(value, Fault):
                self._spool.fault([RowFault(line, field, value)], Origin.CELL)
            self._spool.change(line, row)
            moved = self._judge_again(line, row)
        look_at_pictures(self._looking, self._spool, "line = ?", line)
        self._find_again(before, row, pictures=moved)
        return self.line(line)

    def removed(self, line: int) -> None:
        """Take a row out of the list. KeyError where there is none."""
        before = self.line(line).row
        self._spool.remove(line)
        self._find_again(before, Row(), pictures=bool(before.pictures))

    # ---- for who hands it in

    def unasked(self, most: int) -> tuple[Line, ...]:
        """Good rows that the centre has not been asked about as they are."""
        found = self._spool.rows(f"asked = 0 and not {WRONG}", most=most)
        return tuple(Line(line, row, ()) for line, row in found)

    def good_rows(self, after: int, most: int) -> tuple[Line, ...]:
        """Good rows after a line."""
        found = self._spool.rows(f"line > ? and not {WRONG}", after, most=most)
        return tuple(Line(line, row, ()) for line, row in found)

    def pictures(self, lines: "tuple[Line, ...]") -> tuple[Picture, ...]:
        """The pictures of consecutive good rows, in the order of their files."""
        if not lines:
            return ()
        chosen = {each.line for each in lines}
        span = (lines[0].line, lines[-1].line)
        found = self._spool.pictures("line between ? and ? and sha256 is not null", *span)
        return tuple(each for each in found if each.line in chosen)

    def told(self, asked: "tuple[Line, ...]", faults: list[RowFault]) -> None:
        """What the centre says of these rows."""
        with self._spool.together():
            self._spool.asked(each.line for each in asked)
            self._spool.fault(faults, Origin.CENTRE)

    def _line(self, line: int, row: Row) -> Line:
        return Line(line, row, self._spool.faults(line))

    def _judge_again(self, line: int, row: Row) -> bool:
        """Judge a row, and find its pictures anew; True where they are others than before.

        Those whose file is the same, and which were seen, need not be looked at again.
        """
        before = self._spool.pictures("line = ?", line)
        seen = {(each.shows, each.place): each for each in before}
        matched = match(line, row, self._terms.ground, self._looking.names)
        now = [seen.get((each.shows, each.place), each) for each in matched.pictures]
        faults = matched.judged(self._terms.ground, self._spool.unread(line))
        self._spool.mended(line, [Origin.ROW, Origin.PICTURE, Origin.CENTRE])
        self._spool.fault(faults, Origin.ROW)
        self._spool.fault(matched.faults, Origin.PICTURE)
        self._spool.drop_pictures(line)
        self._spool.add_pictures(now)
        return set(now) != set(before)

    def _find_again(self, before: Row, after: Row, *, pictures: bool) -> None:
        """What only the whole list shows, where this row was part of it."""
        with self._spool.together():
            for number in {number_of(before), number_of(after)}:
                self._spool.find_twice(number)
            if pictures:
                self._spool.find_repeated()
