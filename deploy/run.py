"""`make run`: centre, devices, dock and kiosk, until Ctrl-C; without a display, in a browser."""

import argparse
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from string import Template
from types import FrameType

from deploy.hand import DisplayError, Hand
from deploy.program import ROOT, ProgramError
from deploy.stage import START_S, Stage

BUILD = ROOT / "build" / "run"
NOVNC = Path("/usr/share/novnc")
PAGE = Path(__file__).with_name("run.html")
PORT = 6080
SHARE_OF_SCREEN = 0.9
WIDTH, HEIGHT = 1080, 1920
LOOK_S = 1.0


class Ended(Exception):  # noqa: N818 - not an error: somebody asked for the end
    """Ctrl-C or SIGTERM."""


def window(width: int, height: int) -> str:
    """The largest kiosk window a screen of this many pixels shows whole, as WxH."""
    scale = min(SHARE_OF_SCREEN * width / WIDTH, SHARE_OF_SCREEN * height / HEIGHT, 1.0)
    return f"{round(WIDTH * scale)}x{round(HEIGHT * scale)}"


def in_window(display: str, folder: Path, card: str) -> None:
    """The kiosk in a window of the display; the dock in whatever browser the person opens."""
    with Hand(display) as hand:
        size = window(*hand.size)
    with Stage(folder, display=display, window=size, card=card) as stage:
        print(f"The kiosk is in its window; its devices are at {stage.dock_url}")
        _serve(stage)


def in_browser(folder: Path, port: int, card: str) -> None:
    """The kiosk on a virtual screen, seen and touched in a browser, the dock beside it."""
    with _listen(port) as listener, Stage(folder, card=card) as stage:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        _publish(stage, listener, address)
        print(f"The kiosk and its devices are at {address}/")
        _serve(stage)


def _publish(stage: Stage, listener: socket.socket, address: str) -> None:
    """The screen over VNC, VNC over a WebSocket, and the page that shows it: this machine only."""
    vnc = ["x11vnc", "-display", stage.display, "-localhost", "-noipv6", "-autoport", "5900"]
    vnc += ["-forever", "-shared", "-nopw", "-quiet", "-nocursor", "-noxrecord"]
    line = stage.run("x11vnc", vnc).line("PORT=", START_S)
    web = _web(stage)
    # --inetd: the listening socket is its standard input, so there is nothing to wait for.
    # ExpectOrigin: no other page of the same browser may touch the kiosk.
    proxy = ["websockify", "--inetd", "--web", str(web), "--auth-plugin", "ExpectOrigin"]
    proxy += ["--auth-source", f"{address} {address.replace('127.0.0.1', 'localhost')}"]
    proxy += [f"127.0.0.1:{line.removeprefix('PORT=')}"]
    stage.run("websockify", proxy, stdin=listener.fileno())


def _web(stage: Stage) -> Path:
    """The folder websockify serves: the page, and noVNC's own files."""
    web = stage.folder / "web"
    web.mkdir()
    page = Template(PAGE.read_text(encoding="utf-8"))
    (web / "index.html").write_text(page.substitute(dock=stage.dock_url), encoding="utf-8")
    for part in ("core", "vendor"):
        (web / part).symlink_to(NOVNC / part)
    return web


def _listen(port: int) -> socket.socket:
    """The port asked for, or a free one when it is taken."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))


def _serve(stage: Stage) -> None:
    """Until a signal raises Ended, or a program ends by itself (ProgramError)."""
    print("Ctrl-C ends everything.", flush=True)
    while True:
        stage.check()
        signal.sigtimedwait([], LOOK_S)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise Ended


def main() -> int:
    """Exit code 0 after Ctrl-C; 1 when something does not start or ends by itself."""
    parser = argparse.ArgumentParser(prog="python -m deploy.run", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="of the page, without a display")
    parser.add_argument("--folder", type=Path, default=BUILD, help="begun afresh every time")
    parser.add_argument(
        "--card", choices=("crt591", "pcsc"), default="crt591", help="pcsc: a real pcscd, as root"
    )
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    display = os.environ.get("DISPLAY", "")
    try:
        if display:
            in_window(display, asked.folder, asked.card)
        else:
            in_browser(asked.folder, asked.port, asked.card)
    except Ended:
        print("\nEverything is ended.")
    except (ProgramError, DisplayError, OSError) as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
