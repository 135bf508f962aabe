"""`python -m tests.plugging [NAME…] [--times 1000] [--out FILE]`: a day's worth of plugging.

Each device in a process of its own: its driver works, the plug is pulled, the plug goes in, the
same driver works again; and so on. That the fault is told meanwhile is tried by the tests. Then threads, open files and memory
are compared with what they were when it was warm. Exit code 1 if anything grew.
"""

import argparse
import gc
import importlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

RIGS = {
    "id_reader": "tests.hardware.test_id_reader_ports",
    "social_card": "tests.hardware.cards.plugging",
    "card_transport": "tests.hardware.test_card_transport",
    "printer": "tests.hardware.test_printer_device",
    "camera": "tests.hardware.test_camera_device",
    "pin_pad": "tests.hardware.test_pin_pad",
    "media": "tests.hardware.test_media",
    "auxiliaries": "tests.hardware.test_auxiliaries",
    "sound": "tests.hardware.test_sound",
}
"""Where each device's `plug_rig` is; some want a folder."""

IN_A_FOLDER = {"id_reader", "auxiliaries", "sound"}
WARM = 50
MOST_MB = 5.0

HEAD = """# A day of plugging

Made by `make plugging`; do not edit. For each device: its driver works, the plug is pulled and put
in, the same driver works again; that the fault is told meanwhile is tried in the tests. Threads, open files and memory (RSS) of the process are compared with those after the first
{warm} times; the simulator lives in the same process. Allowed: no thread, no file, {most:g} MB more.

| device | times | threads more | files more | MB more | seconds | |
| --- | --- | --- | --- | --- | --- | --- |
"""


def held() -> tuple[int, int, float]:
    """Threads, open files and megabytes of this process."""
    gc.collect()
    files = len(list(Path("/proc/self/fd").iterdir()))
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return threading.active_count(), files, pages * 4096 / 1e6


def plug(name: str, times: int) -> dict[str, float]:
    """Plug one device in this process."""
    module = importlib.import_module(RIGS[name])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rig_of = module.plug_rig(Path(folder)) if name in IN_A_FOLDER else module.plug_rig()
        with rig_of as rig:
            rig.work()
            before = held()
            for number in range(times):
                if number == WARM:
                    before = held()
                _once(rig)
            after = held()
    threads, files, mb = (b - a for a, b in zip(before, after, strict=True))
    seconds = time.monotonic() - began
    return {"threads": threads, "files": files, "mb": round(mb, 2), "seconds": round(seconds)}


def _once(rig) -> None:
    rig.unplug()
    rig.plug()
    rig.work()


def main() -> int:
    """1 when anything grew, or a device did not come back."""
    parser = argparse.ArgumentParser(prog="python -m tests.plugging", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--out", type=Path, help="write the page here")
    parser.add_argument("--one", choices=RIGS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(plug(asked.one, asked.times)))
        return 0
    rows, bad = [], 0
    for name in asked.names or RIGS:
        command = [
            sys.executable,
            "-m",
            "tests.plugging",
            "--one",
            name,
            "--times",
            str(asked.times),
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        grew = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}
        fine = bool(grew) and grew["threads"] <= 0 and grew["files"] <= 0 and grew["mb"] <= MOST_MB
        bad += not fine
        cells = [grew.get(key, "?") for key in ("threads", "files", "mb", "seconds")]
        word = "level" if fine else "**grew**" if grew else "**did not come back**"
        rows.append(f"| {name} | {asked.times:,} | {' | '.join(map(str, cells))} | {word} |")
        print(rows[-1], flush=True)
    if asked.out:
        page = HEAD.format(warm=WARM, most=MOST_MB) + "\n".join(rows) + "\n"
        asked.out.write_text(page, "utf-8")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
