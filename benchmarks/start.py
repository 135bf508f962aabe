"""From the start of the process to the home screen on the glass, and the memory it then takes.

Run: python -m benchmarks.start. Beside it a bare Kivy App with one label and the same settings.
"""

import ctypes
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.glass import Colours, Glass, Point
from benchmarks.processes import pss_mb, with_bytecode
from deploy.citizen import LOOKING_S
from deploy.eyes import Seen
from deploy.program import ROOT, Program
from deploy.stage import Stage

ROUNDS = 5
CHANGES = 20
MARGIN = 20
"""Pixels inside a button's edge where it has its plain colour."""

FLOOR = (sys.executable, "-m", "benchmarks.floor", "label")
FONTS = Path("/usr/share/fonts")
FLOOR_POINTS: tuple[Point, ...] = ((20, 20), (1060, 20), (20, 1900), (1060, 1900))


def measure() -> dict[str, float]:
    """Seconds from process to picture, megabytes (PSS), and their ratios to the bare App."""
    with tempfile.TemporaryDirectory() as name, Stage(Path(name)) as stage:
        assert stage.frame is not None, "the stage has a virtual screen"
        with Glass(stage.frame) as glass:
            home = _look(glass, _points(stage.eyes.wait(_at_home)))
            stage.stop("kiosk")
            _run(stage, "floor").line("{", 60)
            floor = _look(glass, FLOOR_POINTS)
            stage.stop("floor")
            times = _starts(stage, glass, {"kiosk": home, "floor": floor})
            figures = {name: statistics.median(row) for name, row in times.items()}
            figures |= _memory(stage, glass, home, floor)
    for kind in ("cold", "warm"):
        ours, bare = figures[f"kiosk_start_{kind}_s"], figures[f"floor_start_{kind}_s"]
        figures[f"start_{kind}_ratio"] = ours / bare
    figures["pss_ratio"] = figures["kiosk_pss_mb"] / figures["floor_pss_mb"]
    return figures


def _at_home(seen: Seen) -> bool:
    return seen.step == "home" and not seen.dialog


def _points(seen: Seen) -> tuple[Point, ...]:
    """A pixel of each button of a page."""
    return tuple(widget.at(1 - MARGIN / widget.w) for widget in seen.widgets)


def _look(glass: Glass, points: tuple[Point, ...]) -> Colours:
    """What stands a while after the first of it was seen."""
    glass.until_other(points[-1], bytes(3))
    time.sleep(1)
    colours = glass.colours(points)
    assert bytes(3) not in colours.values(), "black is what the empty glass shows"
    return colours


def _starts(stage: Stage, glass: Glass, pictures: dict[str, Colours]) -> dict[str, list[float]]:
    """Seconds of every start: the first ever, after the disk's cache was dropped, and again."""
    times: dict[str, list[float]] = {}

    def note(side: str, kind: str, before: Callable[[], None]) -> None:
        before()
        row = times.setdefault(f"{side}_start_{kind}_s", [])
        row.append(_start(stage, glass, side, pictures[side])[0])
        stage.stop(side)

    def forget() -> None:
        _forget_files(stage.folder)

    note("kiosk", "first", lambda: shutil.rmtree(stage.folder / "kiosk"))
    for kind, rounds, before in (("cold", 2, forget), ("warm", ROUNDS, _nothing)):
        for _ in range(rounds):
            for side in pictures:
                note(side, kind, before)
    return times


def _start(stage: Stage, glass: Glass, side: str, picture: Colours) -> tuple[float, Program]:
    """Seconds from spawning to the picture, and the program; the glass must be empty before."""
    glass.until(dict.fromkeys(picture, bytes(3)))
    stage.eyes.forget()
    began = time.perf_counter()
    program = _run(stage, side)
    return glass.until(picture) - began, program


def _run(stage: Stage, side: str) -> Program:
    command = [*FLOOR, str(stage.folder / "floor")]
    if side == "kiosk":
        command = [sys.executable, "-m", "kiosk", "--config", str(stage.config)]
        command += ["--describe", str(stage.description)]
    return stage.run(side, with_bytecode(stage.folder, command))


def _nothing() -> None:
    """The files are in the cache from the start before."""


def _forget_files(stage: Path) -> None:
    """Ask the kernel to drop the files of Python, Kivy, fonts and ours (posix_fadvise(2)).

    Pages that another process has mapped stay, so this is colder than warm, not a cold boot.
    """
    ctypes.CDLL(None).sync()
    ours = (ROOT / name for name in ("kiosk", "screens", "hardware", "regulation", "assets"))
    for folder in (Path(sys.prefix), Path(sys.base_prefix, "lib"), FONTS, stage, *ours):
        for path in folder.rglob("*"):
            if path.is_symlink() or not path.is_file() or not os.access(path, os.R_OK):
                continue
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _memory(stage: Stage, glass: Glass, home: Colours, floor: Colours) -> dict[str, float]:
    bare = _start(stage, glass, "floor", floor)[1]
    figures = {"floor_pss_mb": _settled_pss(bare)}
    stage.stop("floor")
    kiosk = _start(stage, glass, "kiosk", home)[1]
    stage.eyes.wait(_at_home)
    figures["kiosk_pss_mb"] = _settled_pss(kiosk)
    for number in range(CHANGES):
        widget, step = (("new_individual", "who"), ("home", "home"))[number % 2]
        time.sleep(LOOKING_S)
        stage.hand.tap(*stage.eyes.now().widget(widget).at())
        stage.eyes.wait(lambda seen, step=step: seen.step == step and not seen.dialog)
    return figures | {f"kiosk_pss_after_{CHANGES}_pages_mb": _settled_pss(kiosk)}


def _settled_pss(program: Program) -> float:
    time.sleep(1)  # what is loaded after the first picture belongs to it
    return pss_mb(program.pid)


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:32} {figure:10.3f}")
