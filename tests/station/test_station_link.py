"""The link: every answer a centre or a gateway may give, and who the station says it is."""

import datetime as dt
import ipaddress
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hardware.social_card.keys import Challenge, Internal, KeysRefused, KeysUnreachable
from station.keys import CentralKeys
from station.link import Centre, Rejected, Tls, Unknown, Unreachable
from tests.station.contract import TEXTS, Contract, served

JOB = {
    "write_id": "0D8F1C1E-7C42-4A6B-9F0B-2E61B0A53F11",
    "expires_at": "2026-11-23T10:02:00+08:00",
    "personalisation": TEXTS,
}


class Says(BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body, date = self.server.answer
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        if date:
            self.send_header("Date", date)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - its name there

    def log_message(self, *_):
        pass


@pytest.fixture
def saying():
    with HTTPServer(("127.0.0.1", 0), Says) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        link = Centre(f"http://127.0.0.1:{server.server_address[1]}/", "W3-1", 2.0)

        def saying(status, body, date=""):
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            server.answer = (status, data, date)
            return link

        yield saying
        link.close()
        server.shutdown()
        thread.join()


def test_a_job_and_its_time_by_the_centres_clock(saying):
    job = saying(200, JOB, "Mon, 23 Nov 2026 02:00:30 GMT").card_write()
    assert job is not None
    assert (job.write_id, job.seconds) == (JOB["write_id"].lower(), 90.0)
    assert "买买提" not in repr(job)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        JOB | {"write_id": "../../x"},
        JOB | {"write_id": 7},
        JOB | {"expires_at": "soon"},
        JOB | {"expires_at": "2026-11-23T10:02:00"},
        JOB | {"personalisation": 1},
        {"write_id": JOB["write_id"]},
        b"[" * 70000,
    ],
)
def test_an_answer_that_is_no_job(saying, body):
    with pytest.raises(Unknown):
        saying(200, body).card_write()


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (409, {"type": "urn:social-card:problem:card-write-over"}, Rejected),
        (503, {"type": "urn:social-card:problem:busy"}, Unknown),
        (409, {"type": "urn:social-card:problem:busy", "retryable": True}, Unknown),
        (403, {"type": "about:blank"}, Unknown),
        (404, b"<html>", Unknown),
        (302, b"", Unknown),
    ],
)
def test_a_no_is_the_centres_own_or_it_is_asked_again(saying, status, body, error):
    with pytest.raises(error):
        saying(status, body).step("id", "confirm", {}, "key")


def test_nobody_is_there():
    link = Centre("http://127.0.0.1:1", "W3-1", 1.0)
    with pytest.raises(Unreachable):
        link.card_write()
    link.close()


ANY = Challenge(bytes(8), bytes(8))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, {"external": "zz"}, KeysUnreachable),
        (200, {}, KeysUnreachable),
        (200, {"external": 1}, KeysUnreachable),
        (500, b"", KeysUnreachable),
        (409, {"type": "urn:social-card:problem:card-not-genuine"}, KeysRefused),
    ],
)
def test_the_cards_keys_in_its_own_words(saying, status, body, error):
    keys = CentralKeys(saying(status, body), "id")
    proof = Internal(bytes(8), bytes(8), bytes(8))
    with pytest.raises(error) as told:
        keys.personalise(bytes(16), "03", proof, ANY)
    assert error is KeysUnreachable or told.value.reason == "card_not_genuine"


def certificate(folder, name, signed_by=None, uri=""):
    """A key and a certificate of it in one PEM; its own authority unless signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signer = signed_by or (subject, key)
    now = dt.datetime.now(dt.UTC)
    san = (
        x509.UniformResourceIdentifier(uri)
        if uri
        else x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    )
    made = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(1))
        .not_valid_after(now + dt.timedelta(1))
        .add_extension(x509.BasicConstraints(ca=signed_by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([san]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return str(path), (subject, key)


def test_a_certificate_says_who_we_are_and_no_header_does(tmp_path):
    ca, authority = certificate(tmp_path, "authority")
    theirs, _ = certificate(tmp_path, "centre", authority)
    ours, _ = certificate(tmp_path, "station", authority, "urn:station:W3-1")
    contract = Contract()
    asks = {"ssl_keyfile": theirs, "ssl_certfile": theirs, "ssl_ca_certs": ca}
    with served(contract, **asks, ssl_cert_reqs=ssl.CERT_REQUIRED):
        known = Centre(contract.url, "W3-1", 5.0, Tls(ours, ours, ca))
        assert known.card_write() is None
        known.close()
        assert contract.devices == {None}
        nobody = Centre(contract.url, "W3-1", 5.0, Tls(ca=ca))
        with pytest.raises((Unknown, Unreachable)):
            nobody.card_write()
        nobody.close()
    with pytest.raises(OSError, match=r"PEM|SSL|pem"):
        Tls(certificate=__file__).context()
