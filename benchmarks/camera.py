"""The camera's preview at 30 pictures a second, against a bare OpenCV loop on the same stream.

Run: python -m benchmarks.camera

The camera itself is simulated in a process of its own. Both sides take turns, decode the same
pictures and turn them into RGBA; the driver's side is also asked for its newest picture 30 times a
second, as the screen does.
"""

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import cv2

from hardware.camera.driver import Camera
from hardware.camera.simulator import CameraSimulator

FPS = 30
ROUNDS = 3
ROUND_S = 4.0
AIM = 1.2
"""The driver's share of a core over the bare loop's."""


def measure() -> dict[str, float]:
    """Give pictures a second and per cent of a core of both, and the ratio of the shares."""
    command = [sys.executable, "-m", "benchmarks.camera", "serve"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        cv2.setNumThreads(1)
        rounds = [(_bare(url), _driver(url)) for _ in range(ROUNDS)]
    bare_fps, bare = (statistics.median(bare[i] for bare, _ in rounds) for i in (0, 1))
    fps, share = (statistics.median(driver[i] for _, driver in rounds) for i in (0, 1))
    return {
        "camera_bare_fps": bare_fps,
        "camera_bare_core_percent": bare * 100,
        "camera_fps": fps,
        "camera_core_percent": share * 100,
        "camera_ratio": statistics.median(driver[1] / bare[1] for bare, driver in rounds),
    }


def _bare(url: str) -> tuple[float, float]:
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)

    def look() -> int:
        got, picture = capture.read()
        assert got
        cv2.cvtColor(picture, cv2.COLOR_BGR2RGBA)
        return 1

    look()
    rate = _over_a_round(look)
    capture.release()
    return rate


def _driver(url: str) -> tuple[float, float]:
    camera = Camera(url)
    camera.start()
    camera.take(10)
    never, seen = threading.Event(), 0

    def look() -> int:
        nonlocal seen
        never.wait(1 / FPS)
        frame = camera.latest()
        assert frame is not None
        before, seen = seen or frame.seq, frame.seq
        return seen - before

    rate = _over_a_round(look)
    camera.close()
    return rate


def _over_a_round(look: Callable[[], int]) -> tuple[float, float]:
    """Give pictures a second, and the share of a core of this process."""
    began, cpu, pictures = time.perf_counter(), time.process_time(), 0
    while (took := time.perf_counter() - began) < ROUND_S:
        pictures += look()
    return pictures / took, (time.process_time() - cpu) / took


def _serve() -> None:
    with CameraSimulator(fps=FPS) as simulator:
        print(simulator.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        _serve()
    else:
        for name, value in measure().items():
            print(f"{name:26} {value:.3f}")
        print(f"{'aim':26} {AIM:.3f}")
