"""`python -m central problems, openapi`: what the centre promises, as files of this repository."""

import argparse
import json
import sys
from typing import Any

from central.app import build_app, openapi
from central.problems import page


def install(commands: Any, _data: argparse.ArgumentParser) -> None:
    """Add the commands to the program's."""
    problems = commands.add_parser("problems", help="print docs/problems.md")
    problems.set_defaults(run=_problems)
    commands.add_parser("openapi", help="print the API's contract").set_defaults(run=_openapi)


def _problems(_chosen: argparse.Namespace) -> int:
    sys.stdout.write(page())
    return 0


def _openapi(_chosen: argparse.Namespace) -> int:
    sys.stdout.write(json.dumps(openapi(build_app(None)), ensure_ascii=False, indent=2) + "\n")
    return 0
