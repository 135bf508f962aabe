import base64
import os
import signal
import socket
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.program import Program
from deploy.run import window
from deploy.screen import Screen, environment


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(1920, 1080, "547x972"), (1080, 1920, "972x1728"), (7680, 4320, "1080x1920")],
)
def test_the_window_fits_the_screen(width, height, expected):
    assert window(width, height) == expected


@contextmanager
def running(folder, env):
    command = [sys.executable, "-u", "-m", "deploy.run", "--port", "0"]
    log = folder / "run.log"
    with Program("run", [*command, "--folder", str(folder / "run")], log, env=env) as program:
        yield program


def handshake(address, origin):
    """The beginning of a WebSocket (RFC 6455, 4.1): the status line, then what follows."""
    place = urlsplit(address)
    request = (
        f"GET /websockify HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: {origin}\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\n\r\n"
    )
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(request.encode())
        data = b""
        while b"RFB 003.008" not in data and (part := line.recv(4096)):
            data += part
    return data


@pytest.mark.journey
def test_without_a_display_a_browser_sees_the_kiosk(tmp_path):
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with running(tmp_path, env) as program:
        address = program.line("The kiosk", 60).split()[-1].rstrip("/")
        program.line("Ctrl-C", 10)
        page = httpx.get(f"{address}/", trust_env=False).text
        dock = page.split('<iframe src="')[1].split('"')[0]
        assert httpx.get(dock, trust_env=False).is_success
        assert httpx.get(f"{address}/core/rfb.js", trust_env=False).is_success
        answer = handshake(address, address)
        assert answer.startswith(b"HTTP/1.1 101")
        assert b"RFB 003.008" in answer
        assert handshake(address, "http://elsewhere.example").startswith(b"HTTP/1.1 403")
        assert program.end(signal.SIGINT) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/", trust_env=False)


@pytest.mark.journey
def test_with_a_display_the_kiosk_is_a_window_of_it(tmp_path):
    with (
        Screen(tmp_path, 1280, 800) as screen,
        running(tmp_path, environment(screen.display)) as run,
    ):
        run.line("The kiosk is in its window", 60)
        run.line("Ctrl-C", 10)
        assert run.end(signal.SIGTERM) == 0
