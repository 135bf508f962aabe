"""From the finger to the glass while a unit's list of 10,000 people is looked at, and at rest.

Run: python -m benchmarks.batch_touch. The list is on a stick, with pictures; real X
events, real pixels. The finger leaves the button before it is lifted, so nothing is chosen.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.glass import Box, Finger, Glass
from deploy.acts import Place, Plug, Tap
from deploy.card_lists import HEAD, csv_of, people, pictures
from deploy.citizen import At, perform
from deploy.eyes import Widget
from deploy.stage import Stage

COUNT, PICTURED = 10_000, 2_400
"""People, and those of them with pictures."""

TAPS, PAUSE_S = 24, 0.23
MARGIN, OUTSIDE = 24, (540, 700)
TO_SOURCE = (
    At("home", (Tap("new_batch"),)),
    At("notice", (Tap("primary"),)),
    At("applicant", (Place("agent"),)),
    At("person_check", (Tap("primary"),)),
)


def measure() -> dict[str, float]:
    """Milliseconds from press to pixel, at rest and while the list is looked at."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stick = folder / "stick"
        _fill(stick)
        with Stage(folder / "stage") as stage:
            assert stage.frame is not None, "the stage has a virtual screen"
            perform(stage, TO_SOURCE)
            with Glass(stage.frame) as glass, Finger(stage.display) as finger:
                rest = list(_taps(stage, glass, finger, "list_source", "template"))
                perform(stage, (At("list_source", (Tap("stick"),)), At("stick", (Plug(stick),))))
                busy = list(_taps(stage, glass, finger, "preflight", "stop"))
    figures = {"batch_touch_taps": float(len(busy))}
    for side, row in (("rest", rest), ("busy", busy)):
        figures[f"batch_touch_{side}_ms_p50"] = statistics.median(row)
        figures[f"batch_touch_{side}_ms_p95"] = statistics.quantiles(row, n=20)[-1]
    return figures


def _fill(stick: Path) -> None:
    """A list of 10,000, and the pictures of its first people."""
    stick.mkdir()
    rows = list(people(COUNT, minors=0.0))
    (stick / "list.csv").write_bytes(csv_of([HEAD, *rows]))
    for name, data in pictures(rows[:PICTURED]).items():
        (stick / name).write_bytes(data)


def _taps(stage: Stage, glass: Glass, finger: Finger, step: str, button: str) -> Iterator[float]:
    """Milliseconds of one press after the other, while this step is shown."""
    seen = stage.eyes.wait(lambda now: now.step == step and button in now)
    x, y, w, h = _box(seen.widget(button))
    inside = (x + w - MARGIN, y + h // 2)
    time.sleep(1.0)
    for _ in range(TAPS):
        if stage.eyes.now().step != step:
            return
        finger.park((x + w // 2, y + h // 2))
        plain = glass.colour(inside)
        pressed = time.perf_counter()
        finger.touch()
        yield (glass.until_other(inside, plain) - pressed) * 1000
        finger.park(OUTSIDE)
        finger.lift()
        time.sleep(PAUSE_S)


def _box(widget: Widget) -> Box:
    return widget.x, widget.y, widget.w, widget.h


if __name__ == "__main__":
    for title, figure in measure().items():
        print(f"{title:28} {figure:8.2f}")
