"""What a process and its children use: memory and processor time, from Linux' /proc."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

REST_S = 3.0
IDLE_S = 6.0

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def with_bytecode(folder: Path, command: Sequence[str]) -> list[str]:
    """The command with Python's compiled modules kept in `folder`, as an installed kiosk has them.

    Whatever the environment says: a start that compiles 500 modules measures the compiler.
    """
    cache = f"PYTHONPYCACHEPREFIX={folder / 'bytecode'}"
    return ["env", "--unset=PYTHONDONTWRITEBYTECODE", cache, *command]


def tree(pid: int) -> list[int]:
    """A process and everything it started."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found


def pss_mb(pid: int) -> float:
    """Megabytes of a tree, each shared page counted by its share (proc(5), smaps_rollup)."""
    return sum(map(_pss_kb, tree(pid))) / 1024


def cpu_s(pid: int) -> float:
    """Seconds of processor a tree has used, user and system (proc(5), stat, fields 14 and 15)."""
    return sum(map(_ticks, tree(pid))) / TICKS_PER_S


def idle_percent(pid: int) -> float:
    """Per cent of one core used while nobody does anything."""
    time.sleep(REST_S)
    before = cpu_s(pid)
    time.sleep(IDLE_S)
    return (cpu_s(pid) - before) / IDLE_S * 100


def _pss_kb(pid: int) -> int:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))


def _ticks(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])
