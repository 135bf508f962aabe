"""`python -m benchmarks [NAME…]`: measure, print, and keep in build/benchmarks.json.

A figure with an aim is a ratio to a peer measured in the same run: seconds differ from machine to
machine, and on a shared one from minute to minute.
"""

import argparse
import json
import os
import platform
from datetime import UTC, datetime
from importlib import import_module

from deploy.program import ROOT

NAMES = (
    "visit",
    "voucher",
    "journal",
    "configuration",
    "id_reader",
    "card",
    "printer",
    "camera",
    "main_thread",
    "preflight",
    "centre",
    "centre_growth",
    "centre_kiosks",
    "centre_console",
    "fleet",
    "outage",
    "start",
    "touch",
    "batch_touch",
)
"""In this order; the last three open a window on a virtual screen of their own."""

AIMS = {
    "id_read_ratio": 1.1,
    "journal_ratio": 1.3,
    "apdu_ratio": 1.2,
    "printer_serial_ratio": 1.1,
    "camera_ratio": 1.2,
    "misbehaving_p99_ms": 16.0,
    "preflight_ratio": 3.0,
    "preflight_openpyxl_ratio": 1.0,
}
"""Of the issue: not more than."""

OUT = ROOT / "build" / "benchmarks.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all")
    names = parser.parse_args().name or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; {', '.join(NAMES)} are")
    figures: dict[str, dict[str, float]] = {}
    for name in names:
        print(f"{name}", flush=True)
        figures[name] = import_module(f"benchmarks.{name}").measure()
        for title, figure in figures[name].items():
            print(f"  {title:32} {figure:12.3f}{_verdict(title, figure)}", flush=True)
    _keep(figures)
    return 0


def _verdict(title: str, figure: float) -> str:
    """Beside a figure with an aim: whether it is reached."""
    aim = AIMS.get(title)
    if aim is None:
        return ""
    return f"   aim {aim:g}: {'reached' if figure <= aim else 'MISSED'}"


def _keep(figures: dict[str, dict[str, float]]) -> None:
    OUT.parent.mkdir(exist_ok=True)
    report = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "load_1_min": os.getloadavg()[0],
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "figures": figures,
    }
    OUT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"kept in {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    raise SystemExit(main())
