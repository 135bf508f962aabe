"""`python -m hardware.bench`: the simulated devices and their dock, until told to end."""

import argparse
import contextlib
import json
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from hardware.bench.devices import Bench
from hardware.bench.dock import dock
from hardware.bench.pcsc import PcscdError
from hardware.bench.people import BenchError
from hardware.bench.script import play, read_script
from hardware.bench.settings import read_settings


def main() -> int:
    """Start everything, say where it is in one JSON line, and wait for SIGTERM or SIGINT."""
    arguments = _arguments()
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        settings = read_settings(arguments.config)
        bench = Bench(settings, arguments.config.parent, arguments.state_dir)
        port = settings.dock.port if arguments.dock_port is None else arguments.dock_port
        cues = read_script(arguments.script, bench.names) if arguments.script else []
        with _running(bench), _listening(port) as listener, _served(dock(bench), listener):
            _announce(bench.addresses(listener.getsockname()[1]), arguments.state_dir)
            play(cues, bench.go_wrong, ended)
            ended.wait()
    except (BenchError, PcscdError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    finally:
        (arguments.state_dir / "bench.json").unlink(missing_ok=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hardware.bench", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config/bench.toml"))
    parser.add_argument("--state-dir", type=Path, help="default: a new temporary directory")
    parser.add_argument("--dock-port", type=int, help="overrides the config; 0 takes a free port")
    parser.add_argument("--script", type=Path, help="faults by time: hardware/bench/script.py")
    arguments = parser.parse_args()
    if arguments.state_dir is None:
        arguments.state_dir = Path(tempfile.mkdtemp(prefix="bench-"))
    arguments.state_dir.mkdir(parents=True, exist_ok=True)
    return arguments


@contextlib.contextmanager
def _running(bench: Bench) -> Generator[None]:
    try:
        bench.start()
        yield
    finally:
        bench.stop()


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise BenchError(f"the dock's port {port} is taken: give another one") from error
    return listener


@contextlib.contextmanager
def _served(app: Starlette, listener: socket.socket) -> Generator[None]:
    """Serve on a thread of its own; signals stay the main thread's."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="dock")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _announce(addresses: dict[str, str], state_dir: Path) -> None:
    line = json.dumps(addresses)
    fresh = state_dir / "bench.json.new"
    fresh.write_text(line + "\n", encoding="utf-8")
    fresh.replace(state_dir / "bench.json")
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
