"""`python -m central backup` and `restore`: one file, made while it serves; all or nothing."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from central.backup.archive import BackupError
from central.backup.restoring import restore
from central.backup.taking import back_up
from central.clock import china_now
from central.database import URL, Database
from central.problems import ProblemError

REFUSED = 2


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the commands."""
    backup = commands.add_parser("backup", parents=[data], help="one file of everything")
    backup.add_argument("out", type=Path, metavar="OUT")
    choice = backup.add_mutually_exclusive_group(required=True)
    choice.add_argument("--with-secrets", action="store_true", help="keys too: guard the file")
    choice.add_argument("--without-secrets", dest="with_secrets", action="store_false")
    backup.add_argument("--recipient", type=Path, help="X25519 public key (PEM) to seal it to")
    backup.set_defaults(run=_run(_backup))

    again = commands.add_parser("restore", parents=[data], help="a backup into an empty folder")
    again.add_argument("source", type=Path, metavar="IN")
    again.add_argument("--identity", type=Path, help="X25519 private key (PEM) of a sealed one")
    again.add_argument("--secrets-from", type=Path, help="folder of the secrets it is without")
    again.add_argument("--manifest", help="the SHA-256 that `backup` printed")
    again.set_defaults(run=_run(_restore))


def _run(work: Callable[[argparse.Namespace], dict[str, Any]]) -> Callable[..., int]:
    def run(chosen: argparse.Namespace) -> int:
        try:
            told = work(chosen)
        except BackupError as error:
            sys.stderr.write(f"{error}\n")
            return REFUSED
        except ProblemError as problem:
            sys.stderr.write(f"{problem.problem.detail}\n")
            return REFUSED
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return 0

    return run


def _backup(chosen: argparse.Namespace) -> dict[str, Any]:
    with Database(chosen.data, create=False) as database:
        return back_up(
            database,
            chosen.data,
            chosen.out,
            china_now(),
            with_secrets=chosen.with_secrets,
            to=chosen.recipient and chosen.recipient.read_bytes(),
        )


def _restore(chosen: argparse.Namespace) -> dict[str, Any]:
    return restore(
        chosen.source,
        chosen.data,
        url=os.environ.get(URL, ""),
        key=chosen.identity and chosen.identity.read_bytes(),
        secrets_from=chosen.secrets_from,
        manifest=chosen.manifest,
    )
