"""`python -m central`: serve, seed, show, list, keys, openapi."""

import argparse
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from central import forms
from central.app import build_app, openapi
from central.applications import records
from central.applications.export import export
from central.centre import Settings, open_centre
from central.clock import china_now
from central.database import Database, StoreError
from central.hsm import records as key_uses
from central.hsm.opening import WAYS, hsm_name
from central.people.seed import seed
from central.people.seed_file import SeedError
from central.problems import page
from central.server import Server, listen, outlive_signals
from central.users import commands as users
from regulation.rules import load_rules
from regulation.tables import RulesError
from regulation.terms import load_calendar

REFUSED = 2
UNKNOWN = 1

CONFIG = Path(__file__).parent.parent / "config"


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

    _serve_options(commands.add_parser("serve", parents=[data], help="answer kiosks over HTTP"))
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

    problems = commands.add_parser("problems", help="print docs/problems.md")
    problems.set_defaults(run=_problems)

    contract = commands.add_parser("openapi", help="print the API's contract")
    contract.set_defaults(run=_openapi)
    return parser


def _serve_options(serve: argparse.ArgumentParser) -> None:
    settings = Settings()
    serve.add_argument("--port", type=_port, required=True, help="0 takes a free one")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--rules", type=Path, default=CONFIG / "rules.toml")
    serve.add_argument("--workdays", type=Path, default=CONFIG / "workdays.toml")
    serve.add_argument("--window", default=settings.window, help="where vouchers send people")
    serve.add_argument(
        "--agent-daily-limit",
        type=int,
        default=settings.agent_daily_limit,
        help="applications one agent may bring in a day",
    )
    serve.add_argument(
        "--hsm",
        type=_hsm,
        default=settings.hsm,
        help=f"where the card keys are: {WAYS}; demo: public keys, never in production",
    )
    serve.set_defaults(run=_serve)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:  # noqa: PLR2004 - 16 bits
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return port


def _hsm(text: str) -> str:
    try:
        return hsm_name(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _serve(chosen: argparse.Namespace) -> int:
    rules, calendar = load_rules(chosen.rules), load_calendar(chosen.workdays)
    settings = Settings(chosen.window, chosen.agent_daily_limit, chosen.hsm)
    centre = open_centre(chosen.data, rules, calendar, settings)
    with centre, listen(chosen.host, chosen.port) as socket:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        outlive_signals()
        Server(build_app(centre), socket, _ready).run()
    return 0


def _ready(url: str) -> None:
    print(json.dumps({"url": url}), flush=True)


def _seed(chosen: argparse.Namespace) -> int:
    with Database(chosen.data) as database:
        count = seed(database, chosen.file, china_now().date())
    _print({"people": count})
    return 0


def _migrate(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, current=False) as database:
        before, after = forms.migrate(database.writer)
    _print({"before": before, "after": after})
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
