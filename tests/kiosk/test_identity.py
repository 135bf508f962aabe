"""The kiosk's identity against a server that signs, refuses, loses its answer or sends rubbish."""

import json
import queue
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from central.audit.records import Actor, Kind
from central.trust.authority import open_authority
from central.trust.devices import key_of, key_sha256
from deploy.certificates import own
from kiosk import enrol
from kiosk.identity import Identity, NotGiven, Renewal
from kiosk.link import Centre

KIOSK = Actor(Kind.KIOSK, "0017")
CODE = "7K4Q-92MX-TB3W"


class Handler(BaseHTTPRequestHandler):
    """Answers by the server's next word; "lost" signs and hangs up."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        certificate = self.connection.getpeercert(binary_form=True)
        self.server.heard.append((self.path, body, certificate))
        word = self.server.words.get_nowait() if not self.server.words.empty() else "given"
        if word == "lost":
            self.close_connection = True
            return
        status, answer = self.server.says(word, body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.server.heard.append((self.path, None, self.connection.getpeercert(binary_form=True)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments):
        """Say nothing on stderr."""


class Signer(ThreadingHTTPServer):
    """A centre that signs for 30 days from `now`."""

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.authority = open_authority(folder, None, None)
        self.files = own(folder)
        self.now = datetime.now(UTC)
        self.heard, self.words = [], queue.SimpleQueue()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.files)
        context.load_verify_locations(cadata=self.authority.pem)
        context.verify_mode = ssl.CERT_OPTIONAL
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def says(self, word, body):
        if word == "given":
            return 201, self.given(key_of(body["csr"]))
        if word == "another's":
            return 201, self.given(self.authority.key.public_key())
        if word == "confirm":
            return 202, {"state": "to_confirm", "device": "kiosk:0017", "fingerprint": "AAAA"}
        if word == "empty":
            return 201, {"state": "given"}
        if word == "rubbish":
            return 200, [word]
        return 409, {"type": f"urn:social-card:problem:{word}"}

    def given(self, key):
        signed = self.authority.issue(key, KIOSK, self.now)
        pem = signed.public_bytes(Encoding.PEM).decode()
        return {"state": "given", "certificate": pem, "chain": self.authority.pem}


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    with Signer(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def url(server):
    return f"https://127.0.0.1:{server.server_address[1]}"


@pytest.fixture
def identity(tmp_path, server):
    return Identity(tmp_path / "identity", str(server.files.certificate))


def folder_of(tmp_path):
    return {
        path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "identity").iterdir()
    }


def _power_is_lost(path):
    if path.name == "next.key":
        raise OSError("power is lost")


def test_the_key_stays_here_and_is_its_owners_alone(identity, server, url, tmp_path):
    assert identity.enrol(url, CODE) == ""
    path, body, certificate = server.heard[0]
    assert (path, body.keys(), certificate) == ("/v1/enrolments", {"code", "csr"}, None)
    assert "PRIVATE" not in body["csr"]
    assert folder_of(tmp_path) == {"identity.pem": "0o600"}


def test_after_a_lost_answer_the_same_key_asks_again(identity, server, url):
    server.words.put("lost")
    with pytest.raises(NotGiven):
        identity.enrol(url, CODE)
    assert identity.enrol(url, CODE) == ""
    keys = {key_sha256(key_of(body["csr"])) for _, body, _ in server.heard}
    assert len(keys) == 1


@pytest.mark.parametrize("word", ["enrolment-refused", "rubbish", "another's", "empty"])
def test_a_no_leaves_what_there_was(identity, server, url, word):
    identity.enrol(url, CODE)
    before = identity.not_after(), identity.generation
    server.words.put(word)
    with pytest.raises(NotGiven):
        identity.renew(url)
    assert (identity.not_after(), identity.generation) == before


def test_renewal_comes_with_the_certificate_and_a_new_key(identity, server, url):
    identity.enrol(url, CODE)
    identity.renew(url)
    (_, first, _), (path, second, shown) = server.heard
    assert path == "/v1/certificates"
    assert shown is not None
    assert key_of(first["csr"]) != key_of(second["csr"])


def test_a_key_that_power_lost_left_behind_is_not_used_again(
    identity, server, url, tmp_path, monkeypatch
):
    with monkeypatch.context() as patch, pytest.raises(OSError, match="power"):
        patch.setattr(Path, "unlink", lambda path, **_: _power_is_lost(path))
        identity.enrol(url, CODE)
    assert folder_of(tmp_path).keys() == {"identity.pem", "next.key"}
    identity.renew(url)
    (_, first, _), (_, second, shown) = server.heard
    assert shown is not None
    assert key_of(first["csr"]) != key_of(second["csr"])


def test_it_is_due_in_the_last_ten_days(identity, server, url):
    assert not identity.due(server.now)
    identity.enrol(url, CODE)
    assert not identity.due(server.now + timedelta(days=19))
    assert identity.due(server.now + timedelta(days=20, minutes=1))


def test_it_renews_by_itself_and_survives_refusals(identity, server, url):
    server.now -= timedelta(days=25)
    identity.enrol(url, CODE)
    server.now += timedelta(days=25)
    for word in ("renewal-too-early", "lost", "rubbish"):
        server.words.put(word)
    failures = queue.SimpleQueue()
    renewal = Renewal(identity, url, failures.put, look_s=0.05)
    told = [failures.get(timeout=20) for _ in range(3)]
    assert told[0].endswith("renewal-too-early")
    while identity.generation < 2:
        threading.Event().wait(0.01)
    renewal.close()
    assert identity.not_after() > server.now + timedelta(days=29)


def test_the_link_changes_to_the_new_certificate(identity, server, url):
    identity.enrol(url, CODE)
    link = Centre(url, 5.0, identity)
    link.pin_key()
    first = server.heard[-1][2]
    identity.renew(url)
    link.pin_key()
    assert server.heard[-1][2] not in {None, first}
    link.close()


def test_a_server_that_is_not_the_centre_gets_nothing(tmp_path, server, url):
    own_list = Identity(tmp_path / "identity")
    with pytest.raises(NotGiven, match="ConnectError"):
        own_list.enrol(url, CODE)
    assert not server.heard


def test_the_command_waits_for_the_operator(tmp_path, server, url, capsys, monkeypatch):
    monkeypatch.setattr(enrol, "ASK_S", 0.01)
    config = tmp_path / "kiosk.toml"
    config.write_text(
        f'[central]\nidentity_dir = "{tmp_path}/identity"\nca_file = "{server.files.certificate}"\n'
    )
    arguments = ["--code", CODE, "--config", str(config), "--centre", url]
    server.words.put("confirm")
    server.words.put("confirm")
    assert enrol.main(arguments) == 0
    said = capsys.readouterr().err
    assert said.count("the operator compares: AAAA") == 1
    assert "enrolled until" in said
    server.words.put("enrolment-refused")
    assert enrol.main(arguments) == 1
    assert "enrolment-refused" in capsys.readouterr().err


def test_the_command_asks_for_a_folder(capsys):
    assert enrol.main(["--code", CODE]) == 2
    assert "identity_dir" in capsys.readouterr().err
