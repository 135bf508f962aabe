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
from central.fleet import commands as fleet
from central.hsm import records as key_uses
from central.images.opening import open_vault_of
from central.images.plain import seal_plain
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

    for part in (serving, users, devices, audit, retention, backup, fleet):
        part.install(commands, data)
    for name, (run, told, argument) in _OF_A_STORE.items():
        command = commands.add_parser(name, parents=[data], help=told)
        command.set_defaults(run=run)
        if argument:
            command.add_argument(argument, type=_ARGUMENTS[argument])
    for name, (run, told) in _OF_NO_STORE.items():
        commands.add_parser(name, help=told).set_defaults(run=run)
    return parser


def _seed(chosen: argparse.Namespace) -> int:
    with Database(chosen.data) as database:
        count = seed(database, chosen.file, china_now().date())
    _print({"people": count})
    return 0


def _migrate(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, current=False) as database:
        before, after = forms.migrate(database.writer)
        sealed = seal_plain(database, chosen.data, open_vault_of(database, chosen.data))
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


_ARGUMENTS = {"file": Path, "voucher_no": str}

_OF_A_STORE = {
    "migrate": (_migrate, "bring the store up to date", ""),
    "seed": (_seed, "add people from a file", "file"),
    "show": (_show, "an application as JSON", "voucher_no"),
    "list": (_list, "all applications as JSON", ""),
    "keys": (_keys, "every use of a card key as JSON", ""),
}

_OF_NO_STORE = {
    "problems": (_problems, "print docs/problems.md"),
    "openapi": (_openapi, "print the API's contract"),
}


if __name__ == "__main__":
    sys.exit(main())
