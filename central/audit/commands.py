"""`python -m central audit verify|public-key`: whether the audit is whole."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from central.audit import checkpoints
from central.database import Database, StoreError

BROKEN = 1


def install(commands: Any, data: argparse.ArgumentParser) -> None:
    """Add the command to the program's."""
    parser = commands.add_parser("audit", help="whether the audit is whole")
    verbs = parser.add_subparsers(dest="verb", required=True)
    walk = verbs.add_parser("verify", parents=[data], help="the chain and its checkpoints")
    walk.add_argument("--witness", type=Path, help="a copy of checkpoints.jsonl kept elsewhere")
    walk.add_argument("--public-key", type=Path, help="of the checkpoints, kept elsewhere (PEM)")
    walk.set_defaults(run=_verify)
    show = verbs.add_parser("public-key", parents=[data], help="to check checkpoints elsewhere")
    show.set_defaults(run=_public_key)


def _verify(chosen: argparse.Namespace) -> int:
    ours: Path = chosen.data / checkpoints.WITNESS_FILE
    # Of ours there is none before the first checkpoint; a copy that was named has to be there.
    witness: Path | None = chosen.witness or (ours if ours.exists() else None)
    lines = witness.read_text("utf-8").splitlines() if witness else []
    with Database(chosen.data, create=False) as database:
        verdict = checkpoints.verify(database, lines, _public(chosen))
    told = {"rows": verdict.rows, "checkpoints": verdict.checkpoints, "whole": not verdict.wrong}
    sys.stdout.write(json.dumps(told) + "\n")
    if verdict.wrong:
        sys.stderr.write(f"{verdict.wrong}\n")
        return BROKEN
    return 0


def _public(chosen: argparse.Namespace) -> ed25519.Ed25519PublicKey:
    if chosen.public_key is None:
        return checkpoints.signing_key(chosen.data).public_key()
    try:
        key = serialization.load_pem_public_key(chosen.public_key.read_bytes())
    except ValueError:
        key = None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise StoreError(f"{chosen.public_key} holds no Ed25519 public key in PEM")
    return key


def _public_key(chosen: argparse.Namespace) -> int:
    sys.stdout.write(checkpoints.public_pem(checkpoints.signing_key(chosen.data)))
    return 0
