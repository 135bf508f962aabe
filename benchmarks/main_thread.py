"""How long the main thread is held at once while every device misbehaves, against all well.

Run: python -m benchmarks.main_thread. The kiosk's mind runs here without its window, so that what
is measured is its own; devices and centre are processes of their own. A citizen presses all along.
"""

import contextlib
import os
import queue
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deploy.program import ROOT
from deploy.stage import Stage
from kiosk.app import RULES, Kiosk
from kiosk.settings import load
from kiosk.visit import Leave
from regulation.rules import load_rules

ROUND_S = 20.0
TICK_S = 0.1
PRESS_S = 0.5

FAULTS = {
    "id_reader": "delay 0.4",
    "printer": "half_open",
    "camera": "unplug",
    "document_camera": "drip 0.01",
    "social_card": "silence",
    "pin_pad": "unplug",
    "auxiliaries": "flip_bit 20",
    "sound": "half_open",
}
"""Each in its own way; the camera and the lamps are asked all the time."""


def measure() -> dict[str, float]:
    """Give p50, p99 and the longest block, in milliseconds, well and misbehaving."""
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), kiosk=()) as stage:
        os.environ["ALSA_CONFIG_PATH"] = stage.devices["sound"]
        settings = load(stage.config)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        well = _figures("well", _blocks(settings))
        for device, fault in FAULTS.items():
            stage.dock.fault(device, fault)
        misbehaving = _figures("misbehaving", _blocks(settings))
    return well | misbehaving


def _figures(side: str, blocks: list[float]) -> dict[str, float]:
    return {
        f"{side}_p50_ms": statistics.median(blocks),
        f"{side}_p99_ms": statistics.quantiles(blocks, n=100)[-1],
        f"{side}_longest_ms": max(blocks),
    }


def _blocks(settings: object) -> list[float]:
    """Milliseconds of every call made on the main thread in one round."""
    posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    rules = load_rules(ROOT / RULES)
    kiosk = Kiosk(settings, rules, posted.put, lambda: None)  # type: ignore[arg-type]
    blocks: list[float] = []

    def timed(call: Callable[[], object]) -> None:
        began = time.perf_counter()
        call()
        blocks.append((time.perf_counter() - began) * 1000)

    kiosk.start()
    end = time.monotonic() + ROUND_S
    ticked = pressed = time.monotonic()
    while (now := time.monotonic()) < end:
        with contextlib.suppress(queue.Empty):
            timed(posted.get(timeout=0.005))
        if now - ticked >= TICK_S:
            ticked = now
            timed(lambda: _frame(kiosk))
        if now - pressed >= PRESS_S:
            pressed = now
            timed(lambda: _press(kiosk))
    kiosk.close()
    return blocks


def _frame(kiosk: Kiosk) -> None:
    """What the shell does ten times a second."""
    kiosk.tick()
    view = kiosk.view()
    kiosk.watch(view.preview)
    if view.preview:
        kiosk.frame(view.preview)


def _press(kiosk: Kiosk) -> None:
    """Press what most would; where nothing can be pressed, go home."""
    view = kiosk.view()
    given = view.dialog.buttons if view.dialog else (view.primary, *view.choices)
    buttons = [button for button in given if button and not view.entry]
    kiosk.say(buttons[0].say if buttons else Leave())


if __name__ == "__main__":
    for title, figure in measure().items():
        print(f"{title:24} {figure:10.3f}")
