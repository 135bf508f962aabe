"""`python -m central migrate, seed, show, list, keys`: the store, from outside."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from central import forms
from central.applications import records
from central.applications.export import export
from central.clock import china_now
from central.database import Database
from central.hsm import records as key_uses
from central.images.opening import open_vault_of
from central.images.plain import seal_plain
from central.people.seed import seed

UNKNOWN = 1


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the commands to the program's."""
    for name, (run, told, argument) in _COMMANDS.items():
        command = commands.add_parser(name, parents=[data], help=told)
        command.set_defaults(run=run)
        if argument:
            command.add_argument(argument, type=_ARGUMENTS[argument])


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
            sys.stderr.write(f"there is no application {chosen.voucher_no}\n")
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


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


_ARGUMENTS = {"file": Path, "voucher_no": str}

_COMMANDS = {
    "migrate": (_migrate, "bring the store up to date", ""),
    "seed": (_seed, "add people from a file", "file"),
    "show": (_show, "an application as JSON", "voucher_no"),
    "list": (_list, "all applications as JSON", ""),
    "keys": (_keys, "every use of a card key as JSON", ""),
}
