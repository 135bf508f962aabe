import base64
import os
import re
import signal
import socket
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from deploy import program as programs
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
    with pytest.MonkeyPatch.context() as patience:
        patience.setattr(programs, "END_S", 30)  # it ends eight programs, each with its own time
        with Program("run", [*command, "--folder", str(folder / "run")], log, env=env) as program:
            yield program


def handshake(screen, origin):
    """The beginning of a WebSocket (RFC 6455, 4.1): the status line, then what follows."""
    place = urlsplit(screen)
    request = (
        f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: {origin}\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\n\r\n"
    )
    with socket.create_connection((place.hostname, place.port), timeout=20) as line:
        line.sendall(request.encode())
        data = b""
        while b"RFB 003.008" not in data and (part := line.recv(4096)):
            data += part
    return data


def get(address, **headers):
    return httpx.get(address, headers=headers, timeout=20, trust_env=False)


def found(mark, page):
    return re.search(mark, page)[1]


@pytest.fixture(scope="module")
def told(tmp_path_factory, programs_of):
    """What `make run` says without a display: the page's address and the console's."""
    folder = tmp_path_factory.mktemp("run")
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with running(folder, env) as program:
        lines = [program.line(begins, 60) for begins in ("The kiosk", "The window", "Ctrl-C")]
        yield [line.split()[-1].rstrip("/") for line in lines[:2]]
        assert program.end(signal.SIGINT) == 0
    assert programs_of(folder) == []


@pytest.mark.journey
def test_without_a_display_a_browser_sees_the_kiosk(told):
    address = told[0]
    page = get(f"{address}/").text
    assert get(found(r'<iframe src="([^"]+)"', page)).is_success
    assert get(f"{address}/core/rfb.js").is_success
    screen = found(r'screen = "([^"]+)"', page)
    answer = handshake(screen, address)
    assert answer.startswith(b"HTTP/1.1 101")
    assert b"RFB 003.008" in answer
    assert handshake(screen, "http://elsewhere.example").startswith(b"HTTP/1.1 403")


@pytest.mark.journey
def test_the_page_leads_to_the_console_with_accounts_that_open_it(told):
    address, console = told
    assert found(r'href="([^"]+)" target="console"', get(f"{address}/").text) == console
    accounts = get(f"{address}/api/window").json()["accounts"]
    assert [account["login"] for account in accounts] == ["clerk", "supervisor", "operator"]
    with httpx.Client(timeout=20, trust_env=False, follow_redirects=True) as browser:
        form = browser.get(f"{console}/sign-in").text
        csrf = found(r'name="csrf" value="(\w+)"', form)
        page = browser.post(f"{console}/sign-in", data={"csrf": csrf, **accounts[0]})
    assert page.url == console
    assert "clerk · W301" in page.text


@pytest.mark.journey
def test_the_station_waits_for_a_card_to_make(told):
    address = told[0]

    def hand(act, origin=address):
        headers = {"Origin": origin}
        return httpx.post(f"{address}/api/station/{act}", headers=headers, trust_env=False)

    assert get(f"{address}/api/window").json()["lamp"]["state"] == "idle"
    refused = hand("insert")  # its gate is shut
    assert (refused.status_code, refused.json()["error"][:12]) == (409, "the slot is ")
    assert hand("take").is_success
    assert hand("shake").status_code == 404
    assert hand("insert", "http://elsewhere.example").status_code == 403


@pytest.mark.journey
def test_another_name_for_this_machine_gets_no_codes(told):
    assert get(f"{told[0]}/api/window", Host="elsewhere.example").status_code == 400


@pytest.mark.journey
@pytest.mark.thorough
def test_with_a_display_the_kiosk_is_a_window_of_it(tmp_path):
    with (
        Screen(tmp_path, 1280, 800) as screen,
        running(tmp_path, environment(screen.display)) as run,
    ):
        page = get(run.line("The kiosk", 60).split()[-1]).text
        assert found(r'screen = "([^"]*)"', page) == ""
        run.line("Ctrl-C", 10)
        assert run.end(signal.SIGTERM) == 0
