"""`python -m central`: the centre, its people and devices, its store, and what it knows."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from central.database import StoreError
from central.people.seed_file import SeedError
from regulation.tables import RulesError

REFUSED = 2

COMMANDS = {
    "serve": "central.operation.serving",
    "users": "central.users.commands",
    **dict.fromkeys(
        ("enrol", "confirm", "revoke", "devices", "device-ca"), "central.trust.commands"
    ),
    "audit": "central.audit.commands",
    "shred": "central.retention.command",
    **dict.fromkeys(("backup", "restore"), "central.backup.command"),
    "fleet": "central.fleet.commands",
    **dict.fromkeys(("migrate", "seed", "show", "list", "keys"), "central.store_commands"),
    **dict.fromkeys(("problems", "openapi"), "central.contract_commands"),
}
"""Which module has which command: one is started with what it needs alone."""


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 done, 1 nothing found, 2 refused, with a sentence on standard error."""
    os.umask(0o077)  # what the centre holds is nobody else's on this machine
    arguments = sys.argv[1:] if arguments is None else arguments
    chosen = _parser(arguments[:1]).parse_args(arguments)
    try:
        return chosen.run(chosen)
    except (RulesError, SeedError, StoreError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{error.filename or chosen.command}: {error.strerror}", file=sys.stderr)
        return REFUSED


def _parser(first: list[str]) -> argparse.ArgumentParser:
    """That of the command which comes first; of all of them for what is none."""
    parser = argparse.ArgumentParser(prog="python -m central", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, required=True, help="the centre's folder")
    modules = [COMMANDS[name] for name in first if name in COMMANDS]
    for name in dict.fromkeys(modules or COMMANDS.values()):
        import_module(name).install(commands, data)
    return parser


if __name__ == "__main__":
    sys.exit(main())
