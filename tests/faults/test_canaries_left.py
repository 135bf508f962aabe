"""Canaries at a real kiosk: nothing that it leaves knows them, but its sealed journal's key."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, generate_latest
from sqlalchemy import text as sql

from central.operation import metrics, serving
from kiosk import app
from kiosk.submission import Handing
from kiosk.zeroise import TOLD, TUNABLES
from tests.canaries import ALL, NAME, NUMBER, PHONE, PIN, found, left_in
from tests.logged import rows

SAID = " ".join(ALL)


def serve_both(citizen):
    """A new card and a loss report, whole: the second person's phone is the first's."""
    citizen.begin("canary", to="phone")
    citizen.type(PHONE)
    citizen.to("done")
    number = citizen.voucher()
    citizen.go_home()
    citizen.begin("canary_with_card", to="done", service="loss_report")
    citizen.go_home()
    return number


class Echo(BaseHTTPRequestHandler):
    """A centre that says everything back, wherever a problem has room for it."""

    def answers(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        words = ("title", "detail", "reason_zh", "clause", "citizen_message_key", "voucher_no")
        kind = self.server.kind + SAID
        body = json.dumps({"type": kind, "status": 409, **dict.fromkeys(words, SAID)}).encode()
        self.send_response(409)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answers  # noqa: N815 - the server's names

    def log_message(self, *_arguments):
        """Say nothing on stderr."""


@pytest.fixture(params=["urn:social-card:problem:", "https://gateway/"])
def echo(request):
    """The address of such a centre; its problems' types begin as a centre's, or as nobody's."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.kind = request.param
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_nothing_a_served_kiosk_leaves_knows_whom_it_served(fleet, tmp_path, centre, capfd):
    citizen = fleet.start()
    number = serve_both(citizen)
    kiosk = citizen.kiosk
    kiosk.failed("phone", ValueError(SAID))
    assert kiosk.house.log.unfit == 0
    fleet.reported("none", 0)
    fleet.stop()
    assert rows(tmp_path / "kiosk", "case_moved", "screen_failed")
    assert number not in str(rows(tmp_path / "kiosk"))
    assert left_in(tmp_path / "kiosk") == {}
    assert found(json.dumps(fleet.server.reports, ensure_ascii=False)) == set()
    assert found(told_to_prometheus(centre)) == set()
    assert found("".join(capfd.readouterr())) == set()


def told_to_prometheus(centre):
    gauges = metrics.StoreGauges(centre.database, serving._times)
    REGISTRY.register(gauges)
    try:
        return generate_latest(REGISTRY)
    finally:
        REGISTRY.unregister(gauges)


def test_the_centre_that_served_them_does_know_them(citizen, centre):
    """The search is worth something: it finds them where they have to be."""
    serve_both(citizen)
    assert found("\n".join(map(str, dumped(centre))))


def dumped(centre):
    with centre.database.read() as session:
        return list(session.execute(sql("SELECT * FROM person")))


def test_a_centre_that_echoes_leaves_nothing(open_kiosk, echo, tmp_path, capfd):
    citizen = open_kiosk(central_url=echo)
    citizen.begin("canary")
    citizen.press("primary")
    citizen.until(lambda: rows(tmp_path / "kiosk", "centre_failed"))
    citizen.close()
    assert left_in(tmp_path / "kiosk") == {}
    assert found("".join(capfd.readouterr())) == set()


def test_work_that_breaks_with_whom_it_was_about_leaves_nothing(
    citizen, tmp_path, monkeypatch, capfd
):
    def breaks(_self, _ask):
        raise ValueError(SAID)

    monkeypatch.setattr(Handing, "_written", lambda *_: breaks(None, None))
    citizen.begin("canary", to="review")
    citizen.press("primary")
    citizen.to("signature")
    citizen.sign()
    citizen.until(lambda: rows(tmp_path / "kiosk", "work_failed"))
    citizen.close()
    assert left_in(tmp_path / "kiosk") == {}
    assert found("".join(capfd.readouterr())) == set()


class Broken:
    """A screen whose loop ends with somebody's data in the exception's text."""

    hopeless = False

    def run(self):
        raise ValueError(SAID)


def test_what_ended_the_program_is_told_without_whom_it_was_about(open_kiosk, capfd, tmp_path):
    citizen = open_kiosk()
    assert app._run(Broken(), Never(citizen.kiosk)) == 1
    told = "".join(capfd.readouterr())
    assert "ValueError" in told
    assert found(told) == set()
    assert left_in(tmp_path / "kiosk") == {}


class Never:
    """A kiosk that was started before."""

    def __init__(self, kiosk):
        self._kiosk = kiosk

    def start(self):
        """It was."""

    def close(self):
        self._kiosk.house.close()


DIES = f"""
import faulthandler, os, resource, signal, sys
from kiosk import __main__ as program, event_catalogue
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
faulthandler.enable()
if "careless" in sys.argv:
    program.leave_no_dump = lambda: None
somebody = [{NAME!r}, {NUMBER!r}, {PIN!r}]
event_catalogue.main = lambda argv: os.kill(os.getpid(), getattr(signal, sys.argv[1]))
program.main(["events"])
"""


def dies(folder, *how):
    """A start of the program that is killed as a fault would; what it said."""
    done = subprocess.run(
        [sys.executable, "-c", DIES, *how],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == -getattr(signal, how[0])
    return done.stdout + done.stderr


BREAKS = f"""
import logging, sys, threading, types, warnings
from kiosk import __main__ as program
class Gone:
    def __del__(self):
        raise KeyError({SAID!r})
def breaks(*_):
    raise ValueError({SAID!r})
def main(_argv):
    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    Gone()
    try:
        breaks()
    except ValueError:
        logging.getLogger("httpx").exception({SAID!r})
    warnings.warn({SAID!r})
    breaks()
sys.modules["kiosk.app"] = types.SimpleNamespace(main=main)
program.main([])
"""


def test_what_nobody_caught_is_told_without_whom_it_was_about():
    done = subprocess.run(
        [sys.executable, "-c", BREAKS],
        env=os.environ | {TOLD: TUNABLES},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    told = [line.partition(" at ")[0] for line in done.stderr.splitlines()]
    assert told == [
        "kiosk: a thread ended: ValueError",
        "kiosk: passed over: KeyError",
        "kiosk: ERROR of httpx",
        "kiosk: UserWarning",
        "kiosk: ended: ValueError",
    ]
    assert found(done.stdout + done.stderr) == set()
    assert done.returncode == 1


@pytest.mark.parametrize("by", ["SIGSEGV", "SIGABRT"])
def test_a_program_that_dies_leaves_no_core_and_names_nobody(tmp_path, by):
    told = dies(tmp_path, by)
    assert b"Fatal Python error" in told
    assert found(told) == set()
    assert list(tmp_path.iterdir()) == []


def test_without_that_a_core_would_know_them(tmp_path):
    """Where the system writes cores into the folder, as by default: the search finds them."""
    if Path("/proc/sys/kernel/core_pattern").read_text().strip() != "core":
        pytest.skip("this system hands its cores elsewhere")
    if resource.getrlimit(resource.RLIMIT_CORE)[1] != resource.RLIM_INFINITY:
        pytest.skip("this system allows no cores")
    dies(tmp_path, "SIGABRT", "careless")
    (core,) = tmp_path.iterdir()
    assert found(core.read_bytes())
