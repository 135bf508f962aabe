"""Sizes of design 8: what a person reads in one go."""

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "kiosk",
    "screens",
    "hardware",
    "regulation",
    "central",
    "station",
    "deploy",
    "benchmarks",
)
MODULES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))

LONGEST_MODULE = 400
MEDIAN_MODULE = 120
LONGEST_FUNCTION = 30


def lines(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())


def functions(file: Path) -> list[tuple[str, int]]:
    """Each function's place and its lines, without its docstring and what is nested in it.

    A function that makes functions is read as its parts.
    """
    tree = ast.parse(file.read_text("utf-8"))
    return [
        (f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", length(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    nested = sum(
        span(node)
        for node in ast.walk(function)
        if node is not function and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    return span(function) - nested - (span(first) if documented else 0)


def span(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_is_not_too_long(file):
    assert lines(file) <= LONGEST_MODULE


def test_most_modules_are_short():
    assert median(lines(file) for file in MODULES if file.stat().st_size) <= MEDIAN_MODULE


def test_a_function_fits_on_a_screen():
    sizes = [row for file in MODULES for row in functions(file)]
    long = [f"{place}: {length} lines" for place, length in sizes if length > LONGEST_FUNCTION]
    assert not long, "\n".join(long)


def test_the_rule_sees_a_long_function():
    body = "\n".join("    x = 1" for _ in range(LONGEST_FUNCTION))
    long = ast.parse(f'def long():\n    """Says what it gives."""\n{body}\n').body[0]
    assert isinstance(long, ast.FunctionDef)
    assert length(long) == LONGEST_FUNCTION + 1
