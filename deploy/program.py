"""A program in a process of its own: its output in a log file, its end seen to."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

ROOT = Path(__file__).parent.parent
"""Where every program runs: the repository, so that its modules are found."""

END_S = 5.0
"""Seconds a program has to end by itself after SIGTERM."""

_TAIL = 12


class ProgramError(Exception):
    """A program did not start, or ended by itself; the text has its name, code and last words."""


class Program:
    """Starts `command`; what it says goes to `log` (appended), a line at a time.

    The program is in a session of its own, so Ctrl-C reaches whoever started it alone, and it gets
    SIGTERM from the kernel should its starter be killed (prctl(2), PR_SET_PDEATHSIG).
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        stdin: int | None = None,
    ) -> None:
        self.name, self.log = name, log
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *command],
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=ROOT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._pump = threading.Thread(
            target=self._keep, args=(self._process.stdout,), name=f"log of {name}", daemon=True
        )
        self._pump.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """The process' number."""
        return self._process.pid

    def line(self, begins: str, timeout_s: float) -> str:
        """The next line that begins with `begins`: how a program says that it is ready.

        Raises ProgramError when it ends before, or says nothing of the kind in `timeout_s`.
        """
        while True:
            try:
                line = self._lines.get(timeout=timeout_s)
            except queue.Empty:
                raise ProgramError(
                    f"{self.name} is not ready after {timeout_s:g} s{self._last_words()}"
                ) from None
            if line is None:
                raise self._ended()
            if line.startswith(begins):
                return line

    def check(self) -> None:
        """Raise ProgramError when the program has ended by itself."""
        if self._process.poll() is not None:
            raise self._ended()

    def wait(self) -> int:
        """Wait for the program to end by itself; its exit code, negative for a signal."""
        code = self._process.wait()
        self._pump.join()
        return code

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; SIGKILL after five seconds. Give the exit code.

        Its children, which are in its session too, end with it.
        """
        if self._process.poll() is None:
            self._tell(number)
        with contextlib.suppress(subprocess.TimeoutExpired):  # then it is killed, below
            self._process.wait(END_S)
        self._tell(signal.SIGKILL)
        return self.wait()

    def _tell(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):  # nobody is left of its session
            os.killpg(self.pid, number)

    def _keep(self, output: IO[str]) -> None:
        with output, self.log.open("a", encoding="utf-8") as log:
            for line in output:
                log.write(line)
                log.flush()
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _ended(self) -> ProgramError:
        code = self.wait()
        return ProgramError(f"{self.name} ended with code {code}{self._last_words()}")

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8").splitlines()[-_TAIL:]
        return "".join(f"\n  {line}" for line in lines) or "; it said nothing"
