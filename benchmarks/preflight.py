"""A unit's list of 10,000 looked at, against calamine alone and against openpyxl with the checks.

Rows and pictures are measured apart: the rows of a list are judged in the time of some readings of
the file; the pictures, each really decoded, take as long as decoding takes. Memory is the peak of a
process of its own for each size, and of the process that reads the workbook, which is gone after.
Run: python -m benchmarks.preflight
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from deploy.card_lists import HEAD, TODAY, endings, people, picture, xlsx_of
from deploy.program import ROOT
from kiosk.batch.card_list import CardList, look_at
from kiosk.batch.preflight import Terms
from kiosk.batch.progress import Progress, Stage
from kiosk.batch.source import Entry
from regulation.card_list.columns import Head, head_of, load_columns, row_of
from regulation.card_list.judge import Ground, judge
from regulation.rules import Service
from regulation.switches import Switches

ROWS = 10_000
TURNS = 5
SIZES = (1_000, 10_000, 100_000)
GROUND = Ground(Service.NEW_BATCH, Switches(), TODAY, pictures=False)


class OnDisk:
    """A folder with a list and its pictures, as a source."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries = tuple(
            Entry(path.name, path.stat().st_size) for path in sorted(folder.iterdir())
        )

    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def read(self, entry: Entry) -> bytes:
        return (self._folder / entry.path).read_bytes()


def measure() -> dict[str, float]:
    """Seconds, ratios of medians of turns, megabytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = list(people(ROWS, minors=0))
        data = xlsx_of([HEAD, *rows])
        (folder / "list.xlsx").write_bytes(data)
        figures = _rows(OnDisk(folder), data)
        for i, row in enumerate(rows):
            (folder / f"{row[3]}.jpg").write_bytes(picture("portrait", i))
        figures |= _pictures(folder, "portraits")
        for i, row in enumerate(rows[: ROWS // 10]):
            for shows, ending in endings(row)[1:]:
                (folder / f"{row[3]}{ending}.jpg").write_bytes(picture(shows, i))
        figures |= _pictures(folder, "portraits_and_2000_scans")
        figures |= _memory(folder)
    return figures


def _rows(source: OnDisk, data: bytes) -> dict[str, float]:
    """The rows alone, in turns with both peers."""
    sides: dict[str, Callable[[], int]] = {
        "preflight": lambda: _looked(source, Terms(GROUND)),
        "calamine": lambda: len(
            CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
        ),
        "openpyxl": lambda: _with_openpyxl(data),
    }
    took: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(TURNS):
        for side, work in sides.items():
            began = time.perf_counter()
            work()
            took[side].append(time.perf_counter() - began)
    median = {side: statistics.median(times) for side, times in took.items()}
    return {f"{side}_rows_s": value for side, value in median.items()} | {
        "preflight_ratio": median["preflight"] / median["calamine"],
        "preflight_openpyxl_ratio": median["preflight"] / median["openpyxl"],
    }


def _looked(source: OnDisk, terms: Terms, told: Callable[[Progress], None] | None = None) -> int:
    found: CardList = look_at(
        source,
        next(each for each in source.entries() if each.name.endswith(".xlsx")),
        terms,
        told or (lambda _progress: None),
        threading.Event(),
    )
    rows = found.rows
    found.close()
    return rows


def _with_openpyxl(data: bytes) -> int:
    """The same checks on the rows of another reader, and nothing kept."""
    columns = load_columns()
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
    cells = book.worksheets[0].iter_rows(values_only=True)
    head = head_of(list(next(cells)), columns)  # pyright: ignore[reportArgumentType] - of ours
    assert isinstance(head, Head)
    rows = (row_of(row, head, columns)[0] for row in cells)  # pyright: ignore[reportArgumentType]
    return len(judge(rows, GROUND))


def _pictures(folder: Path, what: str) -> dict[str, float]:
    """With pictures: everything, and how many a second are decoded."""
    seen: dict[Stage, Progress] = {}
    ground = Ground(Service.NEW_BATCH, Switches(), TODAY)
    began = time.perf_counter()
    _looked(OnDisk(folder), Terms(ground), lambda told: seen.update({told.stage: told}))
    return {
        f"{what}_whole_s": time.perf_counter() - began,
        f"{what}_a_second": seen[Stage.PICTURES].rate,
    }


def _memory(folder: Path) -> dict[str, float]:
    """Peaks of processes of their own."""
    figures: dict[str, float] = {}
    for count in SIZES:
        path = folder / f"{count}.xlsx"
        path.write_bytes(xlsx_of([HEAD, *people(count, minors=0)]))
        command = [sys.executable, "-m", "benchmarks.preflight", str(path)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
        for who, megabytes in told.items():
            figures[f"{who}_{count}_mb"] = megabytes
        path.unlink()
    return figures


def _peak(path: Path) -> None:
    """Look at one list, and say what it took: this process before and at its peak, its child's."""
    before = _high_water()
    alone = path.parent / f"{path.stem}-alone"
    alone.mkdir()
    (alone / path.name).hardlink_to(path)
    _looked(OnDisk(alone), Terms(GROUND))
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"before": before, "kiosk": _high_water(), "reader": child}))


def _high_water() -> float:
    """The most this process has held, in MB: getrusage would tell of who started it as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    if sys.argv[1:]:
        _peak(Path(sys.argv[1]))
    else:
        for title, figure in measure().items():
            print(f"{title:36} {figure:10.3f}")
