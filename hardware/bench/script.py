"""A script of wire faults: what goes wrong when, a line a fault.

# seconds after the start, the device, the fault in its language (hardware/wire/faults.py)
2.0   id_reader    silence
5.5   id_reader    none
6     printer      drop_last 1 only status times 3
"""

import threading
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path

from hardware.bench.people import BenchError
from hardware.wire.faults import WireFault, parse

_PARTS = 3


@dataclass(frozen=True)
class Cue:
    """At so many seconds this device goes wrong in this way."""

    at_s: float
    device: str
    fault: WireFault


def read_script(path: Path, devices: Container[str]) -> list[Cue]:
    """Give the cues of a file, the first first; BenchError names the line and what is wrong."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(f"{path}: cannot be read: {type(error).__name__}") from error
    cues = [
        _cue(f"{path}:{number}", line, devices)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    return sorted(cues, key=lambda cue: cue.at_s)


def _cue(where: str, line: str, devices: Container[str]) -> Cue:
    parts = line.split(maxsplit=_PARTS - 1)
    if len(parts) < _PARTS:
        raise BenchError(f"{where}: write seconds, device and fault, e.g. 2.0 printer silence")
    try:
        at_s = float(parts[0])
    except ValueError:
        raise BenchError(f"{where}: {parts[0]!r} is no number of seconds") from None
    if parts[1] not in devices:
        raise BenchError(f"{where}: there is no device {parts[1]!r}")
    try:
        return Cue(at_s, parts[1], parse(parts[2]))
    except ValueError as error:
        raise BenchError(f"{where}: {error}") from None


def play(
    cues: list[Cue], go_wrong: Callable[[str, WireFault], None], ended: threading.Event
) -> None:
    """Do what the cues say, each at its time, until all is done or `ended` is set."""
    began = time.monotonic()
    for cue in cues:
        if ended.wait(max(0.0, began + cue.at_s - time.monotonic())):
            return
        go_wrong(cue.device, cue.fault)
