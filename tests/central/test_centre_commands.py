"""`python -m central`: each command is found where the table says, and starts with that alone."""

import subprocess
import sys

import pytest

from central.__main__ import COMMANDS, _parser


def known(first):
    (commands,) = (each for each in _parser(first)._actions if each.dest == "command")
    return set(commands.choices)


def test_the_table_has_every_command():
    assert known([]) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_is_in_its_module(name):
    assert known([name]) == {each for each in COMMANDS if COMMANDS[each] == COMMANDS[name]}


def test_what_looks_into_the_store_needs_no_server():
    told = "import sys; from central.__main__ import _parser; _parser(['list'])"
    told += "; sys.exit(any(name in sys.modules for name in ('central.app', 'openpyxl', 'tuf')))"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
