"""A PostgreSQL server of our own, for as long as a command runs.

`python -m deploy.postgres -- COMMAND ...` starts one in a temporary folder, gives its address to
the command in CENTRE_TEST_POSTGRES, and ends it afterwards. An address given already is used.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

NAME = "CENTRE_TEST_POSTGRES"
USER = "postgres"
"""The system's user of the package: the server does not run as root."""


_MORE = "-c max_connections=300"


class PostgresError(Exception):
    """The server did not start; the text says what is missing."""


class Postgres:
    """A fresh server on a socket in a folder of its own. Durable as in production.

    Enter to start it, leave to end it and remove all it held; between, it may be stopped as by a
    power cut and started again.
    """

    def __init__(self) -> None:
        self._binaries = _binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="centre-postgres-"))
        self._as_user = _as_user(self.folder)
        self._data = self.folder / "data"
        self.url = f"postgresql://{USER}@/postgres?host={self.folder}"

    def __enter__(self) -> Self:
        try:
            self._run("initdb", "-U", USER, "-A", "trust", "-E", "UTF8")
            self.start()
        except BaseException:  # also an interrupt: no folder is left behind
            self._remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self._remove()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} {_MORE}"
        log = self.folder / "log"
        # The server keeps its output open: a pipe would be waited for as long as it lives.
        self._run("pg_ctl", "-l", str(log), "-w", "-o", options, "start", quiet=True)

    def stop(self) -> None:
        """End it at once, without a checkpoint: what was committed is in its log."""
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *words: str, quiet: bool = False) -> None:
        command = [*self._as_user, str(self._binaries / program), "-D", str(self._data), *words]
        output = subprocess.DEVNULL if quiet else subprocess.PIPE
        done = subprocess.run(
            command, stdout=output, stderr=output, text=True, check=False, cwd="/"
        )
        if done.returncode:
            raise PostgresError(f"{' '.join(command)}: {done.stderr or done.returncode}")

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


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


def main(arguments: list[str]) -> int:
    """Run the command; its exit code."""
    if os.environ.get(NAME):
        return subprocess.call(arguments)
    with Postgres() as server:
        return subprocess.call(arguments, env=os.environ | {NAME: server.url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
