"""USB sticks without hardware: an image behind a loop device, mounted as the machine mounts sticks.

Where nothing may be mounted, a plain folder stands for a stick.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from hardware.wire.faults import Kind, WireFault

OPTIONS = "loop,ro,nosuid,nodev,noexec"
_SPARE_BYTES = 4 << 20  # an image's own tables
_COMMAND_S = 20


class CannotMount(Exception):  # noqa: N818 - what this machine cannot
    """No file system can be mounted here: no root, no loop device, or no e2fsprogs."""


class StickSimulator:
    """A stick that is put in at `mount_root`/stick and pulled out; a context manager.

    `real` None mounts where that is allowed, True insists on it (`CannotMount`), False never does.
    Of the language of faults it has those of a plug: `unplug` and `power_cycle`.
    """

    def __init__(self, mount_root: Path | str, *, real: bool | None = None) -> None:
        self.mount_root = Path(mount_root)
        self.point = self.mount_root / "stick"
        self._real = real
        self._work = Path(tempfile.mkdtemp(prefix="stick-"))
        self._image = self._work / "image"
        self._folder: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def mounted(self) -> bool:
        """Whether a real file system is mounted."""
        return self.point.is_mount()

    def insert(self, folder: Path | str, options: str = OPTIONS) -> None:
        """Put a stick in that has what is in this folder; in place of the one that is in."""
        self.pull()
        self._folder = Path(folder)
        self.mount_root.mkdir(parents=True, exist_ok=True)
        if self._real is not False:
            try:
                self._mount(self._folder, options)
            except CannotMount:
                if self._real:
                    raise
        if not self.mounted:
            self._copy(self._folder)

    def pull(self) -> None:
        """Pull it out: the device is gone at once, and what is open on it as well."""
        if self.mounted:
            self.break_down()
            _run("umount", "--lazy", str(self.point))
            self.point.rmdir()
        elif self.point.exists():
            hidden = self.mount_root / ".gone"
            self.point.rename(hidden)
            shutil.rmtree(hidden)

    def break_down(self) -> None:
        """Let a mounted stick stay, and every reading fail that the system has not done yet."""
        with self._image.open("r+b") as image:
            image.truncate(0)

    def stop(self) -> None:
        """Pull it out; nothing of it is left in the file system."""
        self.pull()
        shutil.rmtree(self._work, ignore_errors=True)

    def go_wrong(self, fault: WireFault) -> None:
        """Let it go wrong: pulled out, or out and in again. ValueError if it cannot."""
        if fault.kind not in (Kind.UNPLUG, Kind.POWER_CYCLE):
            raise ValueError(f"a stick has no fault {fault.kind}")
        self.pull()
        if fault.kind is Kind.POWER_CYCLE:
            self.go_right()

    def go_right(self) -> None:
        """Put the last stick in again, if it is out."""
        if self._folder is not None and not self.point.exists():
            self.insert(self._folder)

    def _mount(self, folder: Path, options: str) -> None:
        files = [file for file in folder.rglob("*") if file.is_file()]
        size = _SPARE_BYTES + sum(file.stat().st_size + 4096 for file in files) * 5 // 4
        with self._image.open("wb") as image:
            image.truncate(size)
        _try("mke2fs", "-q", "-F", "-m", "0", "-d", str(folder), str(self._image))
        self.point.mkdir(exist_ok=True)
        try:
            _try("mount", "-o", options, str(self._image), str(self.point))
        except CannotMount:
            self.point.rmdir()
            raise

    def _copy(self, folder: Path) -> None:
        """Let a plain folder appear whole, at once."""
        hidden = self.mount_root / ".stick"
        shutil.copytree(folder, hidden, symlinks=True)
        hidden.rename(self.point)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=_COMMAND_S)  # noqa: S603


def _try(*command: str) -> None:
    try:
        _run(*command)
    except FileNotFoundError as error:
        raise CannotMount(f"no {command[0]} here") from error
    except subprocess.CalledProcessError as error:
        raise CannotMount(error.stderr.decode("utf-8", "replace").strip()) from error
