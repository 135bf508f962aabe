"""A real pcscd with the virtual reader of vsmartcard-vpcd: cards come to it over TCP.

pcscd's socket is fixed, so there is one at a time: a lock makes the others wait. The virtual
reader listens on all interfaces (vpcd has no option): its ports are free ones, new each time.
Source: docs/devices/social_card.md.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO, Self

READER = "Virtual PCD"
"""What the names of both slots begin with; a card that connects to `port` is in the first."""

_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_PCSCD = Path("/usr/sbin/pcscd")
_RUN = Path("/run/pcscd")
_SOCKET = _RUN / "pcscd.comm"
_LOCK = Path("/run/kiosk-pcscd.lock")
_START_S = 10.0
_STOP_S = 5.0
_LOOK_S = 0.02  # between two looks whether something outside this process has happened
_LISTEN = "0A"  # of /proc/net/tcp
_ATTEMPTS = 5


class PcscdError(Exception):
    """pcscd cannot be started here; the text says what is needed."""


class Pcscd:
    """The daemon of the smart card readers; a context manager, for one thread.

    `folder` takes its configuration and its log. `start` waits up to `wait_s` seconds for another
    one, of a test or a bench, to end; PcscdError says what is needed. It ends with this process.
    """

    def __init__(self, folder: Path | str, wait_s: float = 120.0) -> None:
        self.port = 0
        self._folder = Path(folder)
        self._wait_s = wait_s
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with the virtual reader on two free ports, `port` and the next."""
        for needed, package in ((_PCSCD, "pcscd"), (_DRIVER, "vsmartcard-vpcd")):
            if not needed.exists():
                raise PcscdError(f"{needed} is missing: apt-get install {package}")
        self._take_lock()
        try:
            self._find_ports()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, and let the next one begin."""
        self.unplug()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def plug(self) -> None:
        """Run it with its reader on the same ports; nothing if it runs."""
        if self._process is None:
            self._run(reader=True)

    def unplug(self) -> None:
        """End the daemon, and its reader with it; nothing if it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _clear()

    def lose_reader(self) -> None:
        """Run it without its reader, as after the reader's plug was pulled."""
        self.unplug()
        self._run(reader=False)

    def restart(self) -> None:
        """End it and start it again, its reader on the same ports."""
        self.unplug()
        self.plug()

    def freeze(self, *, frozen: bool) -> None:
        """Let it hang, its socket open, or let it go on."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)
        if frozen:  # the last of its threads stops a little later
            os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)

    def _find_ports(self) -> None:
        if _answers():
            raise PcscdError("another pcscd runs: systemctl stop pcscd.socket pcscd.service")
        for _ in range(_ATTEMPTS):
            self.port = _two_free_ports()
            self.plug()
            if _listens(self.port) and _listens(self.port + 1):
                return
            self.unplug()  # another program was faster
        raise PcscdError(f"the virtual reader does not listen: see {self._folder}/pcscd.log")

    def _take_lock(self) -> None:
        try:
            self._lock = _LOCK.open("w")
        except PermissionError as error:
            text = f"pcscd needs root here ({_RUN} is fixed): sudo, or a container"
            raise PcscdError(text) from error
        until = time.monotonic() + self._wait_s
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    self._lock.close()
                    self._lock = None
                    raise PcscdError("a bench or a test holds pcscd: end it first") from None
                time.sleep(_LOOK_S)
            else:
                return

    def _run(self, *, reader: bool) -> None:
        readers = self._folder / "readers"
        readers.mkdir(parents=True, exist_ok=True)
        (readers / "virtual").write_text(_configuration(self.port) if reader else "")
        _clear()
        _RUN.mkdir(exist_ok=True)
        # setpriv: a process that is killed takes its daemon along.
        command = ["setpriv", "--pdeathsig", "KILL", _PCSCD, "--foreground", "--config", readers]
        with (self._folder / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603
        until = time.monotonic() + _START_S
        while not _answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.unplug()
                raise PcscdError(f"pcscd does not start: see {self._folder}/pcscd.log")
            time.sleep(_LOOK_S)


def _configuration(port: int) -> str:
    """Give the entry of the virtual reader: it opens two slots, on `port` and the next."""
    return (
        f'FRIENDLYNAME "{READER}"\n'
        f"DEVICENAME /dev/null:{port:#06x}\n"
        f"LIBPATH {_DRIVER}\n"
        f"CHANNELID {port:#06x}\n"
    )


def _answers() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(_SOCKET))
        except OSError:
            return False
    return True


def _clear() -> None:
    """Remove what a daemon that was killed left; a new one refuses to start over it."""
    for name in ("pcscd.comm", "pcscd.pid"):
        with contextlib.suppress(FileNotFoundError):
            (_RUN / name).unlink()


def _two_free_ports() -> int:
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("0.0.0.0", 0))
            port = one.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                other.bind(("0.0.0.0", port + 1))
                return port


def _listens(port: int) -> bool:
    """Whether somebody listens there; asked of the kernel, for a connection would be a card."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    rows = (line.split() for line in lines)
    return any(row[1].endswith(f":{port:04X}") and row[3] == _LISTEN for row in rows)
