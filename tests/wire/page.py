"""The page docs/devices/faults.md, made of the rows that are tried.

`python -m tests.wire.page > docs/devices/faults.md` writes it.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from hardware.wire.faults import KINDS, Kind
from tests.wire.rows import Row

HERE = Path(__file__).parent

HEAD = """# Every device, every fault of the wire

Made of the rows of `tests/wire/test_*.py` by `python -m tests.wire.page`; do not edit. Each row is
tried in CI by `tests.wire.rows.suffers`: the driver works, the fault begins on the wire of its
simulator, the driver tells this `DeviceFault` with this cure within this time (or gets over it and
does its work), the fault ends, and the same driver works again without a restart.

The language (`hardware/wire/faults.py`); behind a fault may come `only COMMAND`, `after N`,
`times N`:

| fault | what it is | usual value |
| --- | --- | --- |
"""


def modules() -> list[ModuleType]:
    """The files of rows, one a device."""
    names = sorted(path.stem for path in HERE.glob("test_*.py"))
    found = [importlib.import_module(f"tests.wire.{name}") for name in names]
    return [module for module in found if hasattr(module, "ROWS")]


def page() -> str:
    """The whole page as Markdown."""
    kinds = "\n".join(f"| `{kind}` | {row.meaning} | {row.usual} |" for kind, row in KINDS.items())
    devices = "\n".join(_device(module) for module in modules())
    return f"{HEAD}{kinds}\n\n{_counts()}\n{devices}"


def missing(module: ModuleType) -> set[str]:
    """The kinds of fault that a device has no row for."""
    return set(Kind) - {Kind(row.fault.split()[0]) for row in module.ROWS}


def _counts() -> str:
    rows = [row for module in modules() for row in module.ROWS]
    exempt = sum(bool(row.exempt) for row in rows)
    tried = len(rows) - exempt
    return f"{len(modules())} devices, {tried} rows tried, {exempt} that cannot happen there.\n"


def _device(module: ModuleType) -> str:
    rows = "\n".join(_row(row) for row in module.ROWS)
    file = f"tests/wire/{module.__name__.rpartition('.')[2]}.py"
    head = f"## {module.DEVICE}\n\n`{file}`\n\n| fault | told as | cure | within (s) |\n"
    return f"{head}| --- | --- | --- | --- |\n{rows}\n"


def _row(row: Row) -> str:
    if row.exempt:
        return f"| `{row.fault}` | cannot happen: {row.exempt} | | |"
    told = " or ".join(f"`{detail}`" for detail in row.detail.split("|")) if row.detail else "-"
    done = told if row.detail else "gets over it"
    return f"| `{row.fault}` | {done} | {row.cure} | {row.within_s:g} |"


if __name__ == "__main__":
    sys.stdout.write(page())
