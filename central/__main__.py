"""`python -m central`: the centre, its people and devices, its store, and what it knows."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from central import forms
from central.app import build_app, openapi
from central.applications import records
from central.applications.export import export
from central.audit import commands as audit
from central.backup import command as backup
from central.clock import china_now
from central.database import Database, StoreError
from central.hsm import records as key_uses
from central.images.plain import seal_plain
from central.images.vault import open_vault
from central.operation import serving
from central.people.seed import seed
from central.people.seed_file import SeedError
from central.problems import page
from central.retention import command as retention
from central.trust import commands as devices
from central.users import commands as users
from regulation.tables import RulesError

REFUSED = 2
UNKNOWN = 1


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 done, 1 nothing found, 2 refused, with a sentence on standard error."""
    os.umask(0o077)  # what the centre holds is nobody else's on this machine
    chosen = _parser().parse_args(arguments)
    try:
        return chosen.run(chosen)
    except (RulesError, SeedError, StoreError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{error.filename or chosen.command}: {error.strerror}", file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m central", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, required=True, help="the centre's folder")

    serving.install(commands, data)
    load = commands.add_parser("seed", parents=[data], help="add people from a file")
    load.add_argument("file", type=Path)
    load.set_defaults(run=_seed)

    show = commands.add_parser("show", parents=[data], help="an application as JSON")
    show.add_argument("voucher_no")
    show.set_defaults(run=_show)

    listing = commands.add_parser("list", parents=[data], help="all applications as JSON")
    listing.set_defaults(run=_list)

    keys = commands.add_parser("keys", parents=[data], help="every use of a card key as JSON")
    keys.set_defaults(run=_keys)

    migrate = commands.add_parser("migrate", parents=[data], help="bring the store up to date")
    migrate.set_defaults(run=_migrate)

    users.install(commands, data)
    devices.install(commands, data)
    audit.install(commands, data)
    retention.install(commands, data)
    backup.install(commands, data)

    problems = commands.add_parser("problems", help="print docs/problems.md")
    problems.set_defaults(run=_problems)

    contract = commands.add_parser("openapi", help="print the API's contract")
    contract.set_defaults(run=_openapi)
    return parser


def _seed(chosen: argparse.Namespace) -> int:
    with Database(chosen.data) as database:
        count = seed(database, chosen.file, china_now().date())
    _print({"people": count})
    return 0


def _migrate(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, current=False) as database:
        before, after = forms.migrate(database.writer)
        sealed = seal_plain(database, chosen.data, open_vault(chosen.data))
    _print({"before": before, "after": after, "images_sealed": sealed})
    return 0


def _show(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.read() as session:
        found = records.find(session, chosen.voucher_no)
        if found is None:
            print(f"there is no application {chosen.voucher_no}", file=sys.stderr)
            return UNKNOWN
        _print(export(found))
    return 0


def _list(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.read() as session:
        _print([export(row) for row in records.every(session)])
    return 0


def _keys(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.read() as session:
        _print([key_uses.export(row) for row in key_uses.every(session)])
    return 0


def _problems(_chosen: argparse.Namespace) -> int:
    print(page(), end="")
    return 0


def _openapi(_chosen: argparse.Namespace) -> int:
    _print(openapi(build_app(None)))
    return 0


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
