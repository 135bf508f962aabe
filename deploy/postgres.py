"""A PostgreSQL server of our own, for as long as a command runs.

`python -m deploy.postgres -- COMMAND ...` starts one in a temporary folder, gives its address to
the command in CENTRE_TEST_POSTGRES, and ends it afterwards. An address given already is used.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

NAME = "CENTRE_TEST_POSTGRES"
USER = "postgres"
"""The system's user of the package: the server does not run as root."""


_MORE = "-c max_connections=300"


class PostgresError(Exception):
    """The server did not start; the text says what is missing."""


@contextmanager
def postgres() -> Generator[str]:
    """A fresh server on a socket in a folder of its own; its URL. Durable as in production."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="centre-postgres-"))
    as_user = _as_user(folder)
    data, log = folder / "data", folder / "log"
    try:
        _run([*as_user, binaries / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8"])
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} {_MORE}"
        start = [*as_user, binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"]
        _run(start, quiet=True)
        try:
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            _run([*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    folder = Path("/usr/lib/postgresql")
    found = sorted(folder.glob("*/bin"), key=lambda path: float(path.parent.name))
    if not found:
        raise PostgresError("there is no PostgreSQL server: install Debian's package postgresql")
    return found[-1]


def _as_user(folder: Path) -> list[str]:
    if os.getuid() != 0:
        return []
    shutil.chown(folder, USER, USER)
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"]


def _run(command: Sequence[object], *, quiet: bool = False) -> None:
    """pg_ctl's server keeps its output: a pipe would be waited for as long as it lives."""
    output = subprocess.DEVNULL if quiet else subprocess.PIPE
    words = [str(word) for word in command]
    done = subprocess.run(words, stdout=output, stderr=output, text=True, check=False, cwd="/")
    if done.returncode:
        raise PostgresError(f"{' '.join(words)}: {done.stderr or done.returncode}")


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    if os.environ.get(NAME):
        return subprocess.call(arguments)
    with postgres() as url:
        return subprocess.call(arguments, env=os.environ | {NAME: url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
