from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def programs_of():
    """Gives the command lines that name a folder: programs that were left running."""

    def programs_of(folder):
        return [
            line for line in map(_command, Path("/proc").glob("[0-9]*")) if bytes(folder) in line
        ]

    return programs_of


def _command(process):
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it ended while we looked
        return b""
