"""The sentences a clerk reads at the window console, wherever they stand.

A page's sentences are marked with `_`. The others need no mark, so that none is forgotten: every
Chinese literal of the centre is one (tables, notes, the `reason_zh` of a refusal), and so are the
names of papers, services and grounds of waivers. A sentence with figures in it (an f-string) is
none: for it the console shows the refusal's English detail.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from deploy.program import ROOT

TEMPLATES = ROOT / "central" / "console" / "templates"
_REGULATION = ("papers.py", "card_list/faults.py", "card_list/rows.py")
_CHINESE = re.compile("[\u3400-\u9fff]")
_OTHERS = re.compile(  # what no clerk reads: the API's documents, notices, progress, a chip's words
    r"schemas|pin_reset_api|notices/|applications/words|issuance/personalisation"
    r"|retention/rules|console/words|batches/template"
)


def template() -> Catalog:
    """Every sentence, in the order of its characters; without places, which move too often."""
    found = Catalog(charset="utf-8")
    for sentence in sorted({*_marked(), *_of_modules(), *_of_config()}):
        found.add(sentence)
    return found


def _marked() -> Iterator[str]:
    for row in extract_from_dir(TEMPLATES, [("**.html", "jinja2.ext:babel_extract")], {}):
        sentence = row[2]
        if not isinstance(sentence, str):
            raise TypeError(f"{row[0]}:{row[1]}: one sentence, not several, is marked at a time")
        yield sentence


def _of_modules() -> Iterator[str]:
    centre = (ROOT / "central").rglob("*.py")
    for file in [*(ROOT / "regulation" / name for name in _REGULATION), *centre]:
        if not _OTHERS.search(file.relative_to(ROOT).as_posix()):
            yield from literals(file)


def literals(file: Path) -> Iterator[str]:
    """The Chinese literals of a module: neither its docstrings nor the parts of its f-strings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            silent.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            silent.update(ast.walk(node))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in silent
            and _CHINESE.search(node.value)
        ):
            yield node.value


def _of_config() -> Iterator[str]:
    """The names of the services and the grounds of waivers."""
    rules = tomllib.loads((ROOT / "config" / "rules.toml").read_text(encoding="utf-8"))
    fees = tomllib.loads((ROOT / "config" / "fees.toml").read_text(encoding="utf-8"))
    yield from (service["zh"] for service in rules["services"].values())
    yield from fees["grounds"].values()
