"""A program that is given bytes and gives bytes, all in memory: none on a disk, none in `ps`."""

import os
import select
import subprocess
from collections.abc import Mapping, Sequence

_STDERR_KEPT = 4096
_REAP_S = 1.0


class Child:
    """A running program, its input and outputs in anonymous memory (memfd); to be closed.

    Raises `FileNotFoundError` when there is no such program, `OSError` when none can be started.
    """

    def __init__(self, argv: Sequence[str], given: bytes, environ: Mapping[str, str]) -> None:
        self._files = [os.memfd_create(name) for name in ("in", "out", "err")]
        try:
            source, self._out, self._err = self._files
            os.write(source, given)
            os.lseek(source, 0, os.SEEK_SET)
            self._process = subprocess.Popen(  # noqa: S603 - the program is a constant of ours
                argv, stdin=source, stdout=self._out, stderr=self._err, env=dict(environ)
            )
            self._files.append(os.pidfd_open(self._process.pid))
        except BaseException:
            self._close_files()
            raise

    def wait(self, seconds: float) -> int | None:
        """Give its exit code, None if it has not ended in time; may be called again."""
        ready, _, _ = select.select([self._files[-1]], [], [], seconds)
        return self._process.wait() if ready else None

    def kill(self) -> None:
        """End it at once; any thread may, until it is closed."""
        self._process.kill()

    def output(self) -> bytes:
        """Give what it has written; to be asked when it has ended."""
        return _read(self._out, os.fstat(self._out).st_size)

    def complaint(self) -> str:
        """Give the beginning of what it wrote to its standard error."""
        return _read(self._err, _STDERR_KEPT).decode("utf-8", "replace")

    def close(self) -> None:
        """End it and forget all; one that hangs in its device and cannot be ended is left."""
        self._process.kill()
        self.wait(_REAP_S)
        self._close_files()

    def _close_files(self) -> None:
        for file in self._files:
            os.close(file)
        self._files.clear()


def _read(file: int, size: int) -> bytes:
    os.lseek(file, 0, os.SEEK_SET)
    return os.read(file, size)
