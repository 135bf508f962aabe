"""A virtual screen: `python -m deploy.screen COMMAND…` runs a command on one."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.program import Program

START_S = 15.0


class Screen(Program):
    """Xvfb on a free display number. `display` is its name, `frame` its live framebuffer."""

    def __init__(self, folder: Path, width: int = 1080, height: int = 1920) -> None:
        frames = folder / "screen"
        frames.mkdir(parents=True, exist_ok=True)
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24"]
        command += ["-fbdir", str(frames), "-nolisten", "tcp", "-noreset"]
        super().__init__("Xvfb", command, folder / "Xvfb.log")
        try:
            number = int(self._number())
        except BaseException:  # also an interrupt: no Xvfb is left running
            self.end()
            raise
        self.display = f":{number}"
        self.frame = frames / "Xvfb_screen0"

    def _number(self) -> str:
        """Written by Xvfb once it takes connections (Xserver(1), -displayfd)."""
        while not (line := self.line("", START_S)).isdecimal():
            pass
        return line


def environment(display: str) -> Mapping[str, str]:
    """This process' environment on another display."""
    return {**os.environ, "DISPLAY": display}


def main() -> int:
    """Run the command on the screen there is, or on a virtual one."""
    command = sys.argv[1:]
    if os.environ.get("DISPLAY"):
        return subprocess.call(command)
    with tempfile.TemporaryDirectory() as folder, Screen(Path(folder)) as screen:
        return subprocess.call(command, env=environment(screen.display))


if __name__ == "__main__":
    sys.exit(main())
