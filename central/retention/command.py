"""`python -m central shred`: what is due by the rules goes now, or one case that was asked for."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from central.audit.records import SYSTEM, Actor, Kind
from central.centre import Centre, open_centre
from central.database import Database
from central.problems import ProblemError
from central.retention import shredder
from central.retention.records import export
from central.retention.rules import load_days
from regulation.rules import load_rules
from regulation.terms import load_calendar

CONFIG = Path(__file__).parents[2] / "config"
UNKNOWN, REFUSED = 1, 2


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the command."""
    shred = commands.add_parser("shred", parents=[data], help="remove what is kept long enough")
    shred.add_argument("--dry-run", action="store_true", help="only count")
    shred.add_argument("--voucher", metavar="NO", help="remove person and pictures of this case")
    shred.add_argument("--by", metavar="LOGIN", help="who answers for it; needed with --voucher")
    shred.add_argument("--retention", type=Path, metavar="FILE", help="days by rule (TOML)")
    shred.add_argument("--orphans", action="store_true", help="and objects no row knows")
    shred.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """The exit code: 0 done, 1 no such case, 2 refused."""
    if chosen.voucher and not chosen.by:
        sys.stderr.write("who removes a case's data signs for it: give --by LOGIN\n")
        return REFUSED
    rules, calendar = load_rules(CONFIG / "rules.toml"), load_calendar(CONFIG / "workdays.toml")
    days = load_days(chosen.retention.read_text("utf-8")) if chosen.retention else None
    Database(chosen.data, create=False).close()  # a mistyped folder is told, not made a centre
    with open_centre(chosen.data, rules, calendar) as centre:
        try:
            done = _do(centre, chosen, days)
        except ProblemError as problem:
            sys.stderr.write(f"{problem.problem.detail}\n")
            return UNKNOWN if problem.problem.status == 404 else REFUSED  # noqa: PLR2004
    sys.stdout.write(json.dumps(done, ensure_ascii=False, indent=2) + "\n")
    return 0


def _do(
    centre: Centre, chosen: argparse.Namespace, days: dict[str, int] | None
) -> dict[str, object]:
    if chosen.dry_run:
        return {"due": shredder.count_due(centre, days)}
    actor = Actor(Kind.USER, chosen.by) if chosen.by else SYSTEM
    if chosen.voucher:
        return {"receipts": [export(shredder.shred_case(centre, chosen.voucher, actor))]}
    receipts = [export(row) for row in shredder.run_due(centre, actor, days)]
    if chosen.orphans:
        return {"receipts": receipts, "orphans": shredder.delete_orphans(centre)}
    return {"receipts": receipts}
