"""`python -m central users`: add, list, lock, reset, for who has the machine. No passwords."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from central.audit.records import SYSTEM
from central.cards.ledger import Act
from central.clock import china_now
from central.database import Database
from central.problems import ProblemError
from central.users import accounts
from central.users.records import User, users
from central.users.roles import Role

REFUSED = 2
PAGE = "/console/set-up"


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the command to the program's."""
    parser = commands.add_parser("users", help="people of the window console")
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", parents=[data], help="a new user; prints a one-time set-up code")
    add.add_argument("login")
    add.add_argument("--roles", type=_roles, required=True, help=",".join(Role))
    add.add_argument("--outlet", required=True, help="four digits or capital letters")
    add.add_argument("--name", help="as pages show it; the login unless given")
    add.set_defaults(run=_run(_add))
    verbs.add_parser("list", parents=[data], help="every user as JSON").set_defaults(run=_list)
    for verb, act, told in (
        ("lock", _lock, "let a user in no more"),
        ("reset", _reset, "a lost password or phone: prints a new set-up code"),
    ):
        one = verbs.add_parser(verb, parents=[data], help=told)
        one.add_argument("login")
        one.set_defaults(run=_run(act))


def _roles(text: str) -> list[str]:
    try:
        return [Role(part.strip()).value for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"roles are {', '.join(Role)}") from None


def _run(act: Callable[[Any, argparse.Namespace], dict[str, Any]]) -> Any:
    """The act in one transaction, and its result as JSON; a refusal is a sentence."""

    def run(chosen: argparse.Namespace) -> int:
        try:
            with Database(chosen.data, create=False) as database, database.write() as session:
                told = act(session, chosen)
        except ProblemError as error:
            sys.stderr.write(f"{error.problem.reason_zh or error.problem.detail}\n")
            return REFUSED
        _print(told)
        return 0

    return run


def _add(session: Any, chosen: argparse.Namespace) -> dict[str, Any]:
    name = chosen.name or chosen.login
    user = accounts.add(session, _act(), chosen.login, name, chosen.outlet)
    accounts.grant(session, _act(), user, chosen.roles, chosen.outlet)
    return _invited(session, user)


def _reset(session: Any, chosen: argparse.Namespace) -> dict[str, Any]:
    user = accounts.user_of(session, chosen.login)
    accounts.reset(session, _act(), user)
    return _invited(session, user)


def _lock(session: Any, chosen: argparse.Namespace) -> dict[str, Any]:
    user = accounts.user_of(session, chosen.login)
    accounts.lock(session, _act(), user)
    return _told(user)


def _invited(session: Any, user: User) -> dict[str, Any]:
    code = accounts.invite(session, _act(), user)
    return _told(user) | {"set_up": PAGE, "code": code, "until": user.setup_until}


def _act() -> Act:
    return Act(SYSTEM, china_now())


def _list(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.read() as session:
        _print([_told(user) for user in users(session)])
    return 0


def _told(user: User) -> dict[str, Any]:
    return {
        "login": user.login,
        "name": user.display_name,
        "roles": user.roles,
        "outlet": user.outlet,
        "state": user.state.value,
        "locked_until": user.locked_until,
    }


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
