"""`make run`: kiosk, devices, centre, console and card station, until Ctrl-C."""

import argparse
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from deploy.accounts import PASSWORD
from deploy.hand import DisplayError, Hand
from deploy.page import Page, served
from deploy.program import ROOT, ProgramError
from deploy.stage import START_S, Stage

BUILD = ROOT / "build" / "run"
PORT = 6080
SHARE_OF_SCREEN = 0.9
WIDTH, HEIGHT = 1080, 1920
LOOK_S = 1.0
STATION = "W301-1"
TOLD = """\
The kiosk, its devices and the card station are at {page}/
The window's console is at {console}/console
  sign in as clerk, supervisor or operator; the password is {password};
  the code of each is on the page above, and is another one every 30 seconds"""


class Ended(Exception):  # noqa: N818 - not an error: somebody asked for the end
    """Ctrl-C or SIGTERM."""


def window(width: int, height: int) -> str:
    """The largest kiosk window a screen of this many pixels shows whole, as WxH."""
    scale = min(SHARE_OF_SCREEN * width / WIDTH, SHARE_OF_SCREEN * height / HEIGHT, 1.0)
    return f"{round(WIDTH * scale)}x{round(HEIGHT * scale)}"


def run(folder: Path, port: int, display: str, card: str) -> None:
    """The kiosk in a window of the display, or in the page; devices and window in the page."""
    with _listen(port) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        size = _window_on(display) if display else ""
        with Stage(folder, display=display, window=size, card=card, station=STATION) as stage:
            screen = "" if display else _publish(stage, address)
            with served(Page(stage, screen), listener):
                print(TOLD.format(page=address, console=stage.centre_url, password=PASSWORD))
                _serve(stage)


def _window_on(display: str) -> str:
    with Hand(display) as hand:
        return window(*hand.size)


def _publish(stage: Stage, address: str) -> str:
    """The screen over VNC, and VNC over a WebSocket for this page alone; its address."""
    vnc = ["x11vnc", "-display", stage.display, "-localhost", "-noipv6", "-autoport", "5900"]
    vnc += ["-forever", "-shared", "-nopw", "-quiet", "-nocursor", "-noxrecord"]
    line = stage.run("x11vnc", vnc).line("PORT=", START_S)
    # --inetd: the listening socket is its standard input, so there is nothing to wait for.
    # ExpectOrigin: no other page of the same browser may touch the kiosk.
    proxy = ["websockify", "--inetd", "--auth-plugin", "ExpectOrigin"]
    proxy += ["--auth-source", f"{address} {address.replace('127.0.0.1', 'localhost')}"]
    proxy += [f"127.0.0.1:{line.removeprefix('PORT=')}"]
    with _listen(0) as listener:
        stage.run("websockify", proxy, stdin=listener.fileno())
        return f"ws://127.0.0.1:{listener.getsockname()[1]}/websockify"


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
    try:
        run(asked.folder, asked.port, os.environ.get("DISPLAY", ""), asked.card)
    except Ended:
        print("\nEverything is ended.")
    except (ProgramError, DisplayError, OSError) as error:
        print(f"run: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
