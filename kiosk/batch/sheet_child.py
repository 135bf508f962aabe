"""The process that reads a workbook with calamine: what is hostile kills it, not the kiosk.

The parent writes the file to a descriptor (the first argument) and says a word a line; this answers
with lines of JSON. For each visible sheet in turn:

    {"rows": 101, "merged": [[first row, last row], ...]}     of the sheet's rows, from 0
    [[cell, ...], ...]                                        the first rows, then it waits

`rows` gives the rest in blocks and ends, `next` goes on to the next sheet, and `null` is the end.
Days come as YYYYMMDD; of a formula the value that is kept beside it. Calamine holds a sheet whole:
`MEMORY` bounds that, and too large a sheet ends this process, not the kiosk.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY = 1 << 30
CPU_S = 60
FIRST, BLOCK = 20, 500
DAMAGED, ENCRYPTED = 3, 4
"""Exit codes."""


def main(descriptor: str) -> int:
    """Answer until the rows were given or there is no sheet left."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it can write to no file
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    try:
        with os.fdopen(int(descriptor), "rb") as file:
            book = CalamineWorkbook.from_filelike(file)
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(meta.name)
                if _told(sheet):
                    return 0
                del sheet
    except PasswordError:
        return ENCRYPTED
    except CalamineError:
        return DAMAGED
    _say(None)
    return 0


def _told(sheet: CalamineSheet) -> bool:
    """Whether this sheet was the one, and its rows are out."""
    merged = [[first, last] for (first, _), (last, _) in sheet.merged_cell_ranges or []]
    _say({"rows": sheet.total_height, "merged": merged})
    rows = map(_plain, sheet.iter_rows())
    _say(list(islice(rows, FIRST)))
    if sys.stdin.readline().strip() != "rows":
        return False
    for block in _blocks(rows):
        _say(block)
    return True


def _blocks(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while block := list(islice(rows, BLOCK)):
        yield block


def _plain(row: list[Any]) -> list[Any]:
    """A row in what JSON has."""
    return [cell if isinstance(cell, (str, float, int)) else _text(cell) for cell in row]


def _text(cell: date | time | timedelta) -> str:
    return f"{cell:%Y%m%d}" if isinstance(cell, date) else str(cell)


def _say(told: object) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
