"""The way to the centre against real sockets, and switching off by real commands."""

import io
import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kiosk.attendant.network import Network
from kiosk.attendant.power import Power
from kiosk.crawl.answers import NOW
from kiosk.crawl.attendants import WHO
from kiosk.desk import Ask
from kiosk.link import Centre
from kiosk.log import Log
from kiosk.services.attendant import MODE_SERVICE
from kiosk.services.attendant_answers import ATTENDANT
from kiosk.visit import Failed, Visit


class Health(BaseHTTPRequestHandler):
    """A centre that tells its time, or is not well."""

    def do_GET(self):
        body = json.dumps({"time": datetime.now(UTC).isoformat()}).encode()
        self.send_response(200 if self.server.well else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """Nothing on the test's own output."""


@pytest.fixture(scope="module")
def server():
    made = HTTPServer(("127.0.0.1", 0), Health)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def ask():
    return Ask(Visit(MODE_SERVICE, {ATTENDANT.name: WHO}), threading.Event(), lambda _word: None)


def tried(url, ahead=timedelta(0)):
    centre = Centre(url, 2.0)
    try:
        answer = Network(url, None, centre, lambda: datetime.now(UTC) + ahead).trial(ask()).answer
    finally:
        centre.close()
    assert all(hop.ok for hop in answer.hops[:-1])
    return [hop.name for hop in answer.hops], answer.hops[-1]


@pytest.mark.parametrize(("ahead", "fine"), [(0, True), (250, True), (-4000, False)])
def test_a_way_that_is_whole_ends_with_the_clock(server, ahead, fine):
    server.well = True
    names, last = tried(f"http://127.0.0.1:{server.server_port}", timedelta(seconds=ahead))
    assert names == ["dns", "tcp", "answer", "clock"]
    assert last.ok is fine
    assert abs(last.figure - abs(ahead)) <= 2


def test_a_centre_that_is_not_well_is_the_centres(server):
    server.well = False
    names, last = tried(f"http://127.0.0.1:{server.server_port}")
    assert (names[-1], last.ok) == ("answer", False)


def test_who_speaks_no_tls_fails_there(server):
    names, last = tried(f"https://127.0.0.1:{server.server_port}")
    assert (names, last.ok) == (["dns", "tcp", "tls"], False)


def test_a_port_that_is_shut_fails_at_the_connection():
    with socket.socket() as bound:  # bound and not listening: nobody else gets the port
        bound.bind(("127.0.0.1", 0))
        names, last = tried(f"http://127.0.0.1:{bound.getsockname()[1]}")
    assert (names, last.ok) == (["dns", "tcp"], False)


def test_a_name_that_nobody_has_fails_first():
    names, last = tried("https://kiosk.invalid")  # RFC 2606
    assert (names, last.ok) == (["dns"], False)


@pytest.mark.parametrize("command", [("false",), ("/nowhere/poweroff",)])
def test_a_machine_that_does_not_go_off_is_told(command):
    out = io.StringIO()
    assert Power(command, Log(out, lambda: NOW)).off(ask()) == Failed("attendant_failed", "power")
    assert (WHO.id in out.getvalue(), "power_off" in out.getvalue()) == (True, True)


def test_the_command_runs_and_the_program_is_ended_by_it(tmp_path):
    mark, asked = tmp_path / "off", ask()
    asked.cancel.set()  # what a shutdown does: the program is told to end
    power = Power(("touch", str(mark)), Log(io.StringIO(), lambda: NOW))
    assert power.off(asked) is None
    assert mark.exists()
