"""From the finger to the glass: the pressed button, and the next page.

Run: python -m benchmarks.touch. Real X events, real pixels; beside it two bare Kivy pages of the
same look (benchmarks.floor_app) under the same settings, in turns.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PIL import Image

from benchmarks import floor
from benchmarks.glass import Box, Finger, Glass, Point, telling
from benchmarks.processes import cpu_s, idle_percent, with_bytecode
from deploy.eyes import Widget
from deploy.program import Program
from deploy.stage import Stage

TURNS = 2
PAIRS = 10
"""There and back so many times a turn: 2 * TURNS * PAIRS taps a side."""

HELD_S = 0.08
PAUSE_S, STEP_S, STEPS = 0.40, 0.037, 5
"""Rests between taps: longer than a page's gate, and never in step with the frames."""

START_S, SETTLED_S = 6.0, 1.0
MARGIN = 24
"""Pixels inside a button's edge where it has its plain colour."""

FLOOR = (sys.executable, "-m", "benchmarks.floor", "pages")
HEADER: Box = (0, 0, 1080, 140)
"""Where the clock is: it may change at any moment."""

Buttons = tuple[Box, Box]
"""On the first page, and on the second: each leads to the other page."""


@dataclass
class Figures:
    """What was measured of one side, a value a tap or a turn."""

    press_ms: list[float] = field(default_factory=list)
    next_page_ms: list[float] = field(default_factory=list)
    cpu_ms_per_tap: list[float] = field(default_factory=list)
    idle_percent: list[float] = field(default_factory=list)

    def table(self, side: str) -> dict[str, float]:
        figures: dict[str, float] = {}
        for title, row in (("press_ms", self.press_ms), ("next_page_ms", self.next_page_ms)):
            figures[f"{side}_{title}_p50"] = statistics.median(row)
            figures[f"{side}_{title}_p95"] = statistics.quantiles(row, n=20)[-1]
        figures[f"{side}_cpu_ms_per_tap"] = statistics.median(self.cpu_ms_per_tap)
        figures[f"{side}_idle_percent"] = statistics.median(self.idle_percent)
        return figures


def measure() -> dict[str, float]:
    """Milliseconds to pixel and to page (median, 95th percentile), processor time, ratios."""
    kiosk, bare = Figures(), Figures()
    with tempfile.TemporaryDirectory() as name, Stage(Path(name)) as stage:
        kiosk_pages = partial(kiosk_at_who, *ways(stage))
        stage.stop("kiosk")
        for _ in range(TURNS):
            turn(stage, "kiosk", kiosk_pages, kiosk)
            turn(stage, "floor", floor_pages, bare)
    figures = kiosk.table("kiosk") | bare.table("floor")
    for title in ("press_ms_p50", "next_page_ms_p50", "cpu_ms_per_tap"):
        ratio = figures[f"kiosk_{title}"] / figures[f"floor_{title}"]
        figures[f"{title.partition('_ms')[0]}_ratio"] = ratio
    return figures


def turn(
    stage: Stage,
    name: str,
    start: Callable[[Stage, Figures], tuple[Program, Buttons]],
    figures: Figures,
) -> None:
    """Start a side, tap to and fro, end it."""
    assert stage.frame is not None, "the stage has a virtual screen"
    program, buttons = start(stage, figures)
    with Glass(stage.frame) as glass, Finger(stage.display) as finger:
        pages = [_picture(stage)]
        for button in buttons:
            finger.tap(*_middle(button))
            pages.append(_picture(stage))
        tell = telling(pages[0], pages[1], (HEADER, *buttons))
        colours = [_bgr(page.getpixel(tell)) for page in pages[1:]]
        before = cpu_s(program.pid)
        for number in range(2 * PAIRS):
            time.sleep(PAUSE_S + STEP_S * (number % STEPS))
            press, page = _tap(glass, finger, buttons[number % 2], tell, colours[number % 2])
            figures.press_ms.append(press * 1000)
            figures.next_page_ms.append(page * 1000)
        used = cpu_s(program.pid) - before
    figures.cpu_ms_per_tap.append(used * 1000 / (2 * PAIRS))
    stage.stop(name)


def ways(stage: Stage) -> tuple[Box, Buttons]:
    """Where the kiosk has its buttons: at home to `who`, from there to `notice`, and back."""
    home = stage.eyes.wait(lambda seen: seen.step == "home" and not seen.dialog)
    begin = home.widget("new_individual")
    time.sleep(SETTLED_S)
    stage.hand.tap(*begin.at())
    who = stage.eyes.wait(lambda seen: seen.step == "who")
    return _box(begin), (_box(who.widget("self")), _box(who.widget("back")))


def kiosk_at_who(
    begin: Box, buttons: Buttons, stage: Stage, figures: Figures
) -> tuple[Program, Buttons]:
    """The kiosk as in the field, describing nothing; at the first page of a new card."""
    command = [sys.executable, "-m", "kiosk", "--config", str(stage.config)]
    program = stage.run("kiosk", with_bytecode(stage.folder, command))
    time.sleep(START_S)
    figures.idle_percent.append(idle_percent(program.pid))
    stage.hand.tap(*_middle(begin))
    return program, buttons


def floor_pages(stage: Stage, figures: Figures) -> tuple[Program, Buttons]:
    """The bare pages."""
    program = stage.run("floor", with_bytecode(stage.folder, [*FLOOR, str(stage.folder / "floor")]))
    time.sleep(START_S)
    figures.idle_percent.append(idle_percent(program.pid))
    return program, (floor.TILE, floor.BACK)


def _tap(
    glass: Glass, finger: Finger, button: Box, tell: Point, page: bytes
) -> tuple[float, float]:
    """Seconds from press to another colour of the button, and from lift to the next page."""
    x, y, w, h = button
    inside = (x + w - MARGIN, y + h // 2)
    finger.park(_middle(button))
    plain = glass.colour(inside)
    pressed = time.perf_counter()
    finger.touch()
    painted = glass.until_other(inside, plain)
    time.sleep(max(0, pressed + HELD_S - time.perf_counter()))
    lifted = time.perf_counter()
    finger.lift()
    return painted - pressed, glass.until({tell: page}) - lifted


def _picture(stage: Stage) -> Image.Image:
    time.sleep(SETTLED_S)
    return stage.screenshot()


def _bgr(pixel: object) -> bytes:
    assert isinstance(pixel, tuple), "an RGB picture"
    return bytes(reversed(pixel))


def _middle(box: Box) -> Point:
    x, y, w, h = box
    return x + w // 2, y + h // 2


def _box(widget: Widget) -> Box:
    return widget.x, widget.y, widget.w, widget.h


if __name__ == "__main__":
    for title, figure in measure().items():
        print(f"{title:28} {figure:10.3f}")
