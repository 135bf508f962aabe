"""The link over real HTTP: what each way of failing means (F32 nothing sent, F33 not known, F34 no)."""

import hashlib
import json
import socket
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

import pytest

from kiosk.link import AWAY, Centre, Rejected, Unknown, Unreachable

PROBLEM = "application/problem+json"
KEY = "0c3f1c1e-0000-4000-8000-000000000001"


class Server(ThreadingHTTPServer):
    """What it shall answer: status, type and body, cut short by `missing`, or nothing at all."""

    reply: tuple[int, str, bytes] = (200, "application/json", b"{}")
    stall, missing = False, 0
    more: Mapping[str, str] = MappingProxyType({})

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard, self.over = [], threading.Event()


class Handler(BaseHTTPRequestHandler):
    """Answers with what the test laid down, and keeps what it was asked."""

    server: Server  # pyright: ignore[reportIncompatibleVariableOverride] - the one it serves for

    def _serve(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.heard.append(
            (self.command, self.path, dict(self.headers), self.rfile.read(length))
        )
        if self.server.stall:
            self.server.over.wait(10)
            return
        status, kind, body = self.server.reply
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) + self.server.missing))
        for name, value in self.server.more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    do_GET = do_POST = do_PUT = _serve  # noqa: N815 - names of the standard library

    def log_message(self, format, *args):  # noqa: A002 - a name of the standard library
        """Say nothing on stderr."""


@pytest.fixture
def server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def centre(server):
    link = Centre(f"http://127.0.0.1:{server.server_address[1]}", timeout_s=0.5)
    yield link
    link.close()


def says(server, status, body, kind="application/json"):
    server.reply = (status, kind, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_a_question_and_its_answer(server, centre):
    says(server, 200, {"outcome": "eligible"})
    assert centre.eligibility({"service": "new_individual"}) == {"outcome": "eligible"}
    method, path, _headers, body = server.heard[0]
    assert (method, path) == ("POST", "/v1/eligibility")
    assert json.loads(body) == {"service": "new_individual"}


def test_an_application_carries_its_key(server, centre):
    says(server, 201, {"voucher_no": "v"})
    assert centre.submit(KEY, {"phone": None}) == {"voucher_no": "v"}
    assert server.heard[0][2]["Idempotency-Key"] == KEY


@pytest.mark.parametrize(
    ("data", "kind"), [(b"\xff\xd8\xff jpeg", "image/jpeg"), (b"\x89PNG\r\n", "image/png")]
)
def test_a_picture_goes_by_its_digest(server, centre, data, kind):
    name = centre.image(data)
    assert name == hashlib.sha256(data).hexdigest()
    method, path, headers, body = server.heard[0]
    assert (method, path, body) == ("PUT", f"/v1/images/{name}", data)
    assert headers["Content-Type"] == kind


def test_nobody_listens_so_nothing_was_sent():
    """F32."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    link = Centre(f"http://127.0.0.1:{port}", timeout_s=0.5)
    with pytest.raises(Unreachable):
        link.submit(KEY, {})
    link.close()


def test_an_answer_that_does_not_come_is_not_a_no(server, centre):
    """F33."""
    server.stall = True
    with pytest.raises(Unknown):
        centre.submit(KEY, {})
    assert len(server.heard) == 1


def test_an_answer_cut_short_is_not_known(server, centre):
    """F33."""
    says(server, 200, {"voucher_no": "v"})
    server.missing = 10
    with pytest.raises(Unknown):
        centre.submit(KEY, {})


def test_something_else_than_http_is_not_known():
    """F33."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"\x00\x01\x02 not a protocol\r\n\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        link = Centre(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout_s=0.5)
        with pytest.raises(Unknown):
            link.submit(KEY, {})
        link.close()
        thread.join()


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b"", b"[1, 2]", b'"yes"', b"null"])
def test_an_answer_that_is_no_object_is_not_known(server, centre, body):
    """F33."""
    says(server, 200, body)
    with pytest.raises(Unknown):
        centre.submit(KEY, {})


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("body", [b"Internal Server Error", b'{"type": "x", "retryable": false}'])
def test_an_error_of_the_centre_is_not_a_no(server, centre, status, body):
    """F33."""
    says(server, status, body, PROBLEM)
    with pytest.raises(Unknown):
        centre.submit(KEY, {})


OWN = b'{"type": "urn:social-card:problem:busy", "retryable": true}'
BUSY = {"Retry-After": "7"}


@pytest.mark.parametrize(
    ("status", "body", "headers", "away"),
    [
        (502, b"<html>Bad Gateway", {}, True),
        (503, b"<html>maintenance", BUSY, True),
        (503, OWN, {}, True),
        (503, OWN, BUSY, False),
        (429, b"too many", {}, False),
        (404, OWN, {}, False),
    ],
    ids=["gateway", "maintenance", "no store", "crowded", "limited", "no"],
)
def test_who_answers_for_a_dead_centre_does_not_bring_it_back(
    server, centre, status, body, headers, away
):
    says(server, status, body, PROBLEM)
    server.more = headers
    for _ in range(AWAY):
        with pytest.raises((Unknown, Rejected)):
            centre.time()
    assert centre.reach.away is away
    says(server, 200, {"time": "2026-11-23T10:00:00+08:00"})
    centre.time()
    assert centre.reach.missed == 0


@pytest.mark.parametrize("status", [409, 425, 429])
def test_a_problem_worth_asking_again_is_not_a_no(server, centre, status):
    """F33: still running under this key, or too many at once."""
    says(server, status, {"type": "urn:still-running", "retryable": True}, PROBLEM)
    with pytest.raises(Unknown, match="still-running"):
        centre.submit(KEY, {})


@pytest.mark.parametrize("body", [b"no", b"[]", b"7"])
def test_a_no_that_cannot_be_read_is_not_known(server, centre, body):
    """F33: a proxy's page says nothing about the application."""
    says(server, 404, body)
    with pytest.raises(Unknown):
        centre.submit(KEY, {})


def test_a_no_says_which_and_by_which_clause(server, centre):
    """F34, F40."""
    problem = {
        "type": "urn:social-card:problem:agent-limit",
        "status": 422,
        "citizen_message_key": "F40",
        "clause": "1.1.2",
        "detail": "five today",
        "retryable": False,
    }
    says(server, 422, problem, PROBLEM)
    with pytest.raises(Rejected) as caught:
        centre.submit(KEY, {})
    no = caught.value
    assert (no.type, no.status, no.code, no.clause) == (
        "urn:social-card:problem:agent-limit",
        422,
        "F40",
        "1.1.2",
    )
    assert no.body == problem


def test_a_no_shows_nothing_of_the_answer(server, centre):
    says(
        server,
        422,
        {"type": "urn:social-card:problem:x", "detail": "张三", "name": "张三"},
        PROBLEM,
    )
    with pytest.raises(Rejected) as caught:
        centre.submit(KEY, {})
    assert "张三" not in f"{caught.value!r} {caught.value}"


def test_a_no_may_pass_through_a_with_block(server, centre):
    """Leaving a context manager sets the traceback of an exception: it must allow that."""

    @contextmanager
    def block():
        yield

    says(server, 422, {"type": "urn:social-card:problem:x"}, PROBLEM)
    with pytest.raises(Rejected), block():
        centre.submit(KEY, {})


@pytest.mark.parametrize("body", [{"detail": "Not Found"}, {"type": "about:blank"}, {"type": 7}])
def test_a_no_of_a_gateway_is_not_the_centres(server, centre, body):
    """A sealed application must not be given up for it."""
    says(server, 404, body)
    with pytest.raises(Unknown):
        centre.submit(KEY, {})
