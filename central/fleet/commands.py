"""`python -m central fleet …`: keys, documents, rollouts and status; for who has the machine.

Two names are told for what needs two persons: nobody else than the operators' own order keeps
them apart here. The console asks each to sign in.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from central.audit.chain import append
from central.audit.records import Actor, Kind
from central.centre import Centre, open_centre
from central.clock import china_now
from central.database import Database, StoreError
from central.fleet import checkpoints, contents, keys, records, rollouts, service
from central.operation import options
from central.problems import ProblemError
from central.trust.caller import device
from regulation.rules import load_rules
from regulation.terms import load_calendar


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the commands to the program's."""
    fleet = commands.add_parser("fleet", help="remote configuration: keys, documents, rollouts")
    of = fleet.add_subparsers(dest="fleet", required=True)
    sticks = argparse.ArgumentParser(add_help=False)
    sticks.add_argument("--offline", type=Path, nargs="+", required=True, metavar="STICK")
    _command(of, "keys", _keys, "three root keys on sticks, the centre's keys, 1.root.json",
             data, sticks)  # fmt: skip
    rotate = _command(of, "rotate", _rotate, "the next root, with new keys where named",
                      data, sticks)  # fmt: skip
    known = (*keys.ROOT_KEYS, keys.TARGETS_KEY, keys.ONLINE_KEY)
    rotate.add_argument("--new", nargs="*", default=[], choices=known)
    kiosk = _command(of, "kiosk", _kiosk, "a kiosk's group and site", data)
    kiosk.add_argument("kiosk")
    kiosk.add_argument("--group", default="")
    kiosk.add_argument("--site", default="")
    desire = _command(of, "desire", _desire, "give one kiosk a document", data, _people())
    desire.add_argument("kiosk")
    desire.add_argument("file", type=Path)
    _rollout_commands(of, data)
    _command(of, "status", _status, "every kiosk as JSON", data)
    logs = _command(of, "log-checkpoints", _log_checkpoints, "for `verify-log --seen`", data)
    logs.add_argument("kiosk")


def _rollout_commands(of: Any, data: argparse.ArgumentParser) -> None:
    rollout = _command(of, "rollout", _rollout, "give groups a document, one after another",
                       data, _people())  # fmt: skip
    rollout.add_argument("file", type=Path)
    rollout.add_argument("--groups", nargs="+", required=True)
    for name, usual in (("success", 90), ("error", 10), ("soak-minutes", 30)):
        rollout.add_argument(f"--{name}", type=int, default=usual)
    rollout.add_argument("--window", default="", help="01:00-05:00: groups begin then alone")
    _command(of, "rollouts", _rollouts, "every rollout as JSON", data)
    for name in ("pause", "resume", "stop", "roll-back"):
        act = _command(of, name, _act, f"{name} a rollout", data)
        act.add_argument("rollout", type=int)
        act.add_argument("--by", required=True)


def _command(
    of: Any, name: str, run: Callable[[argparse.Namespace], int], told: str, *parents: Any
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = of.add_parser(name, parents=parents, help=told)
    command.set_defaults(run=run)
    return command


def _people() -> argparse.ArgumentParser:
    people = argparse.ArgumentParser(add_help=False)
    people.add_argument("--by", required=True, help="who wants it")
    people.add_argument("--approve", required=True, help="the second person")
    people.add_argument("--note", default="")
    return people


def _keys(chosen: argparse.Namespace) -> int:
    with Database(chosen.data):
        path = keys.make(chosen.data, chosen.offline, china_now())
    return _print({"root": str(path), "sticks": [str(stick) for stick in chosen.offline]})


def _rotate(chosen: argparse.Namespace) -> int:
    path = keys.rotate(chosen.data, chosen.offline, frozenset(chosen.new), china_now())
    return _print({"root": str(path)})


def _kiosk(chosen: argparse.Namespace) -> int:
    number = _number(chosen.kiosk)
    with Database(chosen.data, create=False) as database, database.write() as session:
        row = records.kiosk(session, number)
        row.group, row.site = chosen.group, chosen.site
        append(session, china_now(), Actor(Kind.SYSTEM, "command"), "fleet.placed",
               f"kiosk:{number}", group=chosen.group, site=chosen.site)  # fmt: skip
    return _print({"kiosk": number, "group": chosen.group, "site": chosen.site})


def _log_checkpoints(chosen: argparse.Namespace) -> int:
    """What the centre countersigned of a kiosk's log, as the kiosk keeps it."""
    with Database(chosen.data, create=False) as database, database.read() as session:
        for row in checkpoints.every(session, _number(chosen.kiosk)):
            line = {"seq": row.seq, "head": row.head, "at": row.at, "signed": row.signed}
            sys.stdout.write(json.dumps(line | {"countersigned": row.countersigned}) + "\n")
    return 0


def _desire(chosen: argparse.Namespace) -> int:
    number, text = _number(chosen.kiosk), chosen.file.read_text("utf-8")
    with _centre(chosen) as centre, centre.database.write() as session:
        made = contents.propose(session, text, chosen.note, _user(chosen.by), centre.clock())
        given = service.give_approved(session, centre, [number], made.id, _user(chosen.approve))
    return _print({"content": given.content, "revisions": given.revisions})


def _rollout(chosen: argparse.Namespace) -> int:
    text, by = chosen.file.read_text("utf-8"), _user(chosen.by)
    wish = rollouts.Wish(
        tuple(chosen.groups), chosen.success, chosen.error, chosen.soak_minutes, chosen.window
    )
    with _centre(chosen) as centre, centre.database.write() as session:
        now = centre.clock()
        made = contents.propose(session, text, chosen.note, by, now)
        found = rollouts.make(session, made.id, wish, by, now)
        rollouts.approve(session, centre, found.id, _user(chosen.approve))
        shown = _shown(session, found)
    return _print(shown)


def _rollouts(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.read() as session:
        return _print([_shown(session, each) for each in records.rollouts(session)])


def _act(chosen: argparse.Namespace) -> int:
    by, number = _user(chosen.by), chosen.rollout
    with _centre(chosen) as centre, centre.database.write() as session:
        if chosen.fleet == "roll-back":
            given = rollouts.roll_back(session, centre, number, by, centre.clock())
            shown: dict[str, Any] = {"rollout": number, "revisions": given}
        else:
            shown = _shown(session, rollouts.act(session, number, chosen.fleet, by, centre.clock()))
    return _print(shown)


def _status(chosen: argparse.Namespace) -> int:
    with Database(chosen.data, create=False) as database, database.read() as session:
        return _print([each.export() for each in service.standings(session, china_now())])


def _shown(session: Any, rollout: records.Rollout) -> dict[str, Any]:
    """A rollout as an operator reads it."""
    return {
        "rollout": rollout.id,
        "state": rollout.state.value.lower(),
        "why": rollout.why,
        "groups": rollout.groups,
        "group": rollout.group,
        "outcomes": [
            {outcome.value.lower(): count for outcome, count in each.items()}
            for each in rollouts.tallies(session, rollout)
        ],
    }


class _Told:
    """Gives a centre, and says a problem as a sentence."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def __enter__(self) -> Centre:
        return self._centre

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._centre.database.close()
        if isinstance(error, ProblemError):
            _refuse(error)


def _refuse(error: ProblemError) -> NoReturn:
    raise StoreError(f"{error.problem.title}: {error.problem.detail}") from None


def _centre(chosen: argparse.Namespace) -> _Told:
    config = options.CONFIG
    rules, calendar = load_rules(config / "rules.toml"), load_calendar(config / "workdays.toml")
    return _Told(open_centre(chosen.data, rules, calendar))


def _number(text: str) -> str:
    found = device(f"kiosk:{text}")
    if found is None:
        raise StoreError(f"{text}: a kiosk has four digits")
    return found.id


def _user(name: str) -> Actor:
    return Actor(Kind.USER, name)


def _print(value: Any) -> int:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    return 0
