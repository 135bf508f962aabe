"""The centre over TLS on a real socket: who gets through the handshake, and who past the gate."""

import queue
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from central.app import build_app
from central.audit.records import SYSTEM, Actor, Kind
from central.centre import Settings
from central.database import StoreError
from central.operation import connection
from central.operation.tls import Tls
from central.server import Server, listen
from central.trust import devices
from central.trust.authority import open_authority
from central.trust.settings import Trust
from deploy.certificates import own
from kiosk import identity as kiosk_identity
from kiosk.identity import Identity, NotGiven

KIOSK = Actor(Kind.KIOSK, "0017")


@pytest.fixture
def settings():
    return Settings(trust=Trust(mode="tls", limits=False))


@contextmanager
def serving(centre, tls):
    app, ready = build_app(centre), queue.SimpleQueue()
    with listen("127.0.0.1", 0) as listener:
        server = Server(app, listener, ready.put, tls)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield server, ready.get(timeout=20)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def files(tmp_path):
    (tmp_path / "tls").mkdir()
    return own(tmp_path / "tls")


@pytest.fixture
def served_tls(centre, files):
    with serving(centre, Tls(*files, centre.authority.pem)) as (server, url):
        yield server, url


@pytest.fixture
def url(served_tls):
    return served_tls[1]


@pytest.fixture
def code(centre):
    def code(device=KIOSK):
        with centre.database.write() as session:
            return devices.invite(session, device, SYSTEM, centre.clock())

    return code


@pytest.fixture
def identity(tmp_path, files):
    """A fresh identity in a folder of its own."""
    return lambda name="kiosk": Identity(tmp_path / name, str(files.certificate))


@pytest.fixture
def enrolled(identity, code, url):
    """An identity with its certificate."""

    def enrolled(name="kiosk", device=KIOSK):
        made = identity(name)
        assert made.enrol(url, code(device)) == ""
        return made

    return enrolled


def client(identity, url):
    return httpx.Client(base_url=url, verify=identity.context(), timeout=20)


def ask(http, device="0017"):
    """What the gate says to a renewal: it is too early, or the certificate is not taken."""
    return http.post("/v1/certificates", json={"csr": csr()}).json()["type"].rpartition(":")[2]


def csr():
    return kiosk_identity._csr(kiosk_identity._new_key())


def test_a_kiosk_enrols_and_is_known_by_its_certificate(enrolled, url, tmp_path):
    with client(enrolled(), url) as http:
        assert ask(http) == "renewal-too-early"
    kept = tmp_path / "kiosk" / "identity.pem"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in kept.parent.iterdir()} == {"identity.pem"}


def test_without_a_certificate_one_may_enrol_and_no_more(identity, url):
    with client(identity(), url) as http:
        assert http.get("/v1/health").status_code == 200
        assert ask(http) == "device-unknown"


def test_a_revoked_kiosk_is_refused_on_its_open_connection(centre, enrolled, url):
    with client(enrolled(), url) as http:
        assert ask(http) == "renewal-too-early"
        with centre.database.write() as session:
            devices.revoke(session, KIOSK, SYSTEM, centre.clock())
        assert ask(http) == "certificate-revoked"


def test_a_certificate_of_another_ca_ends_in_the_handshake(centre, identity, url, tmp_path, clock):
    (tmp_path / "ca").mkdir()
    foreign = open_authority(tmp_path / "ca", None, None, clock)
    made = identity()
    key = made._next_key()
    signed = foreign.issue(load_pem_private_key(key, None).public_key(), KIOSK, clock())
    (tmp_path / "kiosk" / "identity.pem").write_bytes(key + signed.public_bytes(Encoding.PEM))
    with client(made, url) as http, pytest.raises(httpx.TransportError):
        ask(http)


def test_a_stolen_certificate_without_its_key_is_of_no_use(enrolled, identity, url, tmp_path):
    """The certificate of one kiosk with the key of another does not even load."""
    enrolled("a")
    other = identity("b")
    key = other._next_key()
    stolen = (tmp_path / "a" / "identity.pem").read_text().partition("-----BEGIN CERTIFICATE")
    (tmp_path / "b" / "identity.pem").write_bytes(key + (stolen[1] + stolen[2]).encode())
    with pytest.raises(ssl.SSLError):
        client(other, url)


def test_an_expired_certificate_gets_a_sentence(enrolled, url, clock):
    made = enrolled()
    clock.now += timedelta(days=30)
    with client(made, url) as http:
        answer = http.post("/v1/certificates", json={"csr": csr()})
        assert answer.json()["type"].endswith("certificate-expired")
        assert "code" in answer.json()["detail"]


def test_a_kiosk_renews_and_its_link_goes_on(enrolled, url, clock):
    made = enrolled()
    before = made.not_after()
    with pytest.raises(NotGiven, match="renewal-too-early"):
        made.renew(url)
    clock.now += timedelta(days=25)
    made.renew(url)
    assert made.not_after() - before == timedelta(days=25)
    with client(made, url) as http:
        assert ask(http) == "renewal-too-early"


def test_a_station_enrols_with_openssl(centre, code, url, files, tmp_path):
    """The recipe of docs/centre/trust.md."""
    page = Path("docs/centre/trust.md").read_text("utf-8")
    made, asked = [line for line in page.splitlines() if line.startswith("openssl ")]
    for command in (made, asked):
        subprocess.run(command, shell=True, cwd=tmp_path, check=True, timeout=30)
    told = {
        "code": code(Actor(Kind.STATION, "W3-1")),
        "csr": (tmp_path / "station.csr").read_text(),
    }
    given = httpx.post(
        f"{url}/v1/enrolments",
        json=told,
        verify=ssl.create_default_context(cafile=str(files.certificate)),
    ).json()
    (tmp_path / "station.pem").write_text(given["certificate"] + given["chain"])
    context = ssl.create_default_context(cafile=str(files.certificate))
    context.load_cert_chain(tmp_path / "station.pem", tmp_path / "station.key")
    with httpx.Client(base_url=url, verify=context, timeout=20) as http:
        assert ask(http) == "renewal-too-early"
        assert http.get("/v1/stations/self/card-write").status_code == 204


def test_the_servers_certificate_is_exchanged_while_it_serves(served_tls, files, identity):
    server, url = served_tls
    host = ("127.0.0.1", httpx.URL(url).port)
    before = ssl.get_server_certificate(host)
    own(files.certificate.parent)
    server.renew()
    after = ssl.get_server_certificate(host)
    assert before != after == files.certificate.read_text()
    files.key.write_text("no key")
    with pytest.raises(StoreError):
        server.renew()
    assert ssl.get_server_certificate(host) == after


def test_the_same_connection_without_tls_is_closed(url):
    host, port = httpx.URL(url).host, httpx.URL(url).port
    with socket.create_connection((host, port), timeout=10) as plain:
        plain.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert closed_within(plain, 10)


def closed_within(sock, seconds):
    """Whether the other side ends the connection in time."""
    sock.settimeout(seconds)
    try:
        while sock.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


@pytest.mark.parametrize("begun", [b"", b"GET /v1/health HT", b"GET /v1/health HTTP/1.1\r\nX: "])
def test_who_never_ends_a_head_is_let_go(centre, monkeypatch, begun):
    monkeypatch.setattr(connection, "HEAD_S" if begun else "FIRST_S", 0.3)
    with serving(centre, None) as (_server, url):
        port = httpx.URL(url).port
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(begun)
            assert closed_within(slow, 10)


def test_a_second_request_has_its_time_too(centre, monkeypatch):
    monkeypatch.setattr(connection, "HEAD_S", 0.5)
    with (
        serving(centre, None) as (_server, url),
        socket.create_connection(("127.0.0.1", httpx.URL(url).port)) as slow,
    ):
        slow.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in slow.recv(65536)
        assert not closed_within(slow, 1.0)  # it may rest between requests
        slow.sendall(b"GET /v1/hea")
        assert closed_within(slow, 10)


def test_who_does_not_read_an_answer_is_let_go(centre, monkeypatch):
    monkeypatch.setattr(connection, "WRITE_S", 0.5)
    with serving(centre, None) as (server, url):
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", httpx.URL(url).port))
        with slow:
            request = b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
            slow.sendall(request * 200)
            end = time.monotonic() + 20
            while server.server_state.connections and time.monotonic() < end:
                threading.Event().wait(0.05)
            assert not server.server_state.connections


def test_what_has_begun_is_answered_and_what_is_new_told_to_come_again(centre):
    app_entered, go = threading.Event(), threading.Event()
    with serving(centre, None) as (server, url), httpx.Client(base_url=url, timeout=20) as http:
        app = server._app

        @app.get("/slow")
        def slow():
            app_entered.set()
            assert go.wait(10)
            return "done"

        answers = queue.SimpleQueue()
        worker = threading.Thread(target=lambda: answers.put(http.get("/slow")))
        worker.start()
        assert app_entered.wait(10)
        server.should_exit = True
        while not getattr(app.state, "closing", False):
            threading.Event().wait(0.01)
        refused = httpx.get(f"{url}/v1/health")
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "5"
        assert refused.json()["retryable"]
        go.set()
        assert answers.get(timeout=10).json() == "done"
        worker.join()
