"""The table of rules for people and programs: `python -m kiosk rules`."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from regulation.cells import Applicant, Cell, Channel, Service
from regulation.rules import load_rules
from regulation.tables import RulesError

Format = Literal["table", "csv", "json"]
COLUMNS = ("service", "applicant", "channel", "verdict", "papers", "agent_papers", "clause")
DEFAULT_RULES = Path(__file__).resolve().parent.parent / "config" / "rules.toml"


def render(cells: Iterable[Cell], form: Format) -> str:
    """The cells as an aligned table, as CSV with a heading (papers joined by |), or as JSON."""
    return RENDERERS[form](tuple(cells))


def main(argv: Sequence[str]) -> int:
    """Print the table; 0, or 2 with a sentence on the error stream if the rules are bad."""
    parser = argparse.ArgumentParser(
        prog="rules", description="Who may do what, by the regulation."
    )
    parser.add_argument("--format", choices=tuple(RENDERERS), default="table")
    parser.add_argument("--service", choices=[each.value for each in Service])
    parser.add_argument("--applicant", choices=[each.value for each in Applicant])
    parser.add_argument("--channel", choices=[each.value for each in Channel])
    parser.add_argument("--rules", metavar="FILE", type=Path, default=DEFAULT_RULES)
    asked = parser.parse_args(argv)
    try:
        cells = load_rules(asked.rules).cells()
    except RulesError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    chosen = [
        cell
        for cell in cells
        if asked.service in (None, cell.service)
        and asked.applicant in (None, cell.applicant)
        and asked.channel in (None, cell.channel)
    ]
    sys.stdout.write(render(chosen, asked.format))
    return 0


def _row(cell: Cell) -> list[str]:
    papers, agent_papers = "|".join(cell.papers), "|".join(cell.agent_papers)
    who = (cell.service, cell.applicant, cell.channel, cell.verdict)
    return [*(each.value for each in who), papers, agent_papers, cell.clause]


def _table(cells: Sequence[Cell]) -> str:
    rows = [list(COLUMNS), *map(_row, cells)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _csv(cells: Sequence[Cell]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, cells))
    return out.getvalue()


def _json(cells: Sequence[Cell]) -> str:
    rows = [{column: getattr(cell, column) for column in COLUMNS} for cell in cells]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


RENDERERS: dict[str, Callable[[Sequence[Cell]], str]] = {
    "table": _table,
    "csv": _csv,
    "json": _json,
}
