"""deploy/setup on machines where it may not install: what stands in PATH first is ours."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def machine(tmp_path):
    """A machine with no package installed, a person who is not root and may not be."""
    commands = {
        "dpkg-query": "exit 0",
        "apt-cache": '[ "$2" != libmtdev1 ]',
        "id": "echo 1000",
        "sudo": "exit 1",
    }
    for name, body in commands.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def setup(env):
    command = [ROOT / "deploy" / "setup"]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_without_root_the_one_command_is_printed(machine):
    done = setup(machine)
    assert done.returncode == 1
    command = done.stderr.splitlines()[-1].strip()
    assert command.startswith("sudo apt-get update && sudo apt-get install -y")
    assert " xvfb " in command
    assert "|" not in command


def test_the_name_the_distribution_has_is_taken(machine):
    assert " libmtdev1t64 " in setup(machine).stderr


def test_a_ready_machine_is_left_alone():
    done = setup(dict(os.environ))
    assert (done.returncode, done.stdout) == (0, "")
