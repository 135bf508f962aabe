"""Several processes at one listening socket, each restarted when it dies; PostgreSQL only.

The supervisor holds the socket and hands it to its workers; it reads their readiness, gives the
metrics of all, and passes a signal on. A worker that cannot even begin ends the whole.
"""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, multiprocess

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
STOP_S = 12.0
"""Workers have ten seconds to end in order."""
RESTART_S = (0.0, 1.0, 2.0, 5.0, 10.0)
"""Waits before a dead worker is started again; the last one for ever."""
STEADY_S = 60.0
"""A worker that lived so long is not one that dies again and again."""

log = logging.getLogger("central")


@contextmanager
def metrics_folder() -> Generator[CollectorRegistry]:
    """A folder for the workers' numbers, and the registry that adds them."""
    folder = Path(tempfile.mkdtemp(prefix="centre-metrics-"))
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(folder))
    os.environ[METRICS_FOLDER] = str(folder)
    try:
        yield registry
    finally:
        del os.environ[METRICS_FOLDER]
        shutil.rmtree(folder, ignore_errors=True)


class Worker:
    """A place for a process: which one stands there, and when another may."""

    def __init__(self, command: list[str], listener: socket.socket) -> None:
        self._command, self._fd = command, listener.fileno()
        self.process: subprocess.Popen[str] | None = None
        self.ready = ""
        self._deaths, self._since, self._again = 0, 0.0, 0.0

    def start(self) -> None:
        """Start the process, if there is none and it is time."""
        if self.process is not None or time.monotonic() < self._again:
            return
        self.process = subprocess.Popen(  # noqa: S603 - this very program
            self._command, stdout=subprocess.PIPE, text=True, pass_fds=(self._fd,)
        )
        self._since = time.monotonic()
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def dead(self) -> int | None:
        """The exit code of a process that ended; the place is free then."""
        if self.process is None or self.process.poll() is None:
            return None
        code, process = self.process.returncode, self.process
        if os.environ.get(METRICS_FOLDER):
            multiprocess.mark_process_dead(process.pid)  # pyright: ignore[reportUnknownMemberType] - untyped
        self.process = None
        steady = time.monotonic() - self._since > STEADY_S
        self._deaths = 1 if steady else self._deaths + 1
        self._again = time.monotonic() + RESTART_S[min(self._deaths, len(RESTART_S)) - 1]
        return code

    def _listen(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            with process.stdout as out:
                self.ready = out.readline() or self.ready


class Supervisor:
    """Keeps `count` workers alive until a signal comes."""

    def __init__(self, command: list[str], listener: socket.socket, count: int) -> None:
        self._listener = listener
        self._workers = [Worker(command, listener) for _ in range(count)]
        self._over = threading.Event()

    def run(self) -> int:
        """The exit code: 0 after a signal, a worker's own when it could not begin."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self._over.set())
        signal.signal(signal.SIGHUP, lambda number, _frame: self._tell(number))
        told, code = False, 0
        while not self._over.is_set():
            for worker in self._workers:
                worker.start()
                died = worker.dead()
                if died is not None and not worker.ready:
                    code = died or 1
                    self._over.set()
                elif died is not None:
                    log.warning("a worker ended with code %d", died)
            if not told and all(worker.ready for worker in self._workers):
                told = True
                sys.stdout.write(self._workers[0].ready)
                sys.stdout.flush()
            self._over.wait(0.1)
        self._stop()
        return code

    def _tell(self, number: int) -> None:
        for worker in self._workers:
            if worker.process is not None:
                worker.process.send_signal(number)

    def _stop(self) -> None:
        self._listener.close()
        living = [worker.process for worker in self._workers if worker.process is not None]
        for process in living:
            process.terminate()
        end = time.monotonic() + STOP_S
        for process in living:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
