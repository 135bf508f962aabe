"""Devices: codes, certificates, renewal, revocation; who may call what. On both stores."""

import base64
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from fastapi.routing import iter_route_contexts

from central.app import build_app
from central.audit.records import SYSTEM, Actor, AuditEntry, Kind
from central.centre import Settings
from central.trust import access, codes, devices
from central.trust.authority import open_authority
from central.trust.settings import Trust

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

KIOSK = Actor(Kind.KIOSK, "0017")
OTHER = Actor(Kind.KIOSK, "0018")


@pytest.fixture
def settings():
    return Settings(agent_daily_limit=2, trust=Trust(mode="proxy", limits=False))


def new_key():
    return ec.generate_private_key(ec.SECP256R1())


def csr(key, name="somebody else"):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return request.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.fixture
def code(centre):
    """A fresh code of a device."""

    def code(device=KIOSK, **options):
        with centre.database.write() as session:
            return devices.invite(session, device, SYSTEM, centre.clock(), **options)

    return code


@pytest.fixture
def enrol(client):
    def enrol(code, key):
        return client.post("/v1/enrolments", json={"code": code, "csr": csr(key)})

    return enrol


@pytest.fixture
def certified(code, enrol):
    """The PEM of a device's fresh certificate."""
    return lambda device=KIOSK, key=None: enrol(code(device), key or new_key()).json()[
        "certificate"
    ]


def shown(pem):
    """The header by which nginx shows a client's certificate."""
    return {"X-SSL-Client-Cert": quote(pem, safe="")}


@pytest.fixture
def order_as(client, order):
    def order_as(pem, **changes):
        headers = shown(pem) | {"Idempotency-Key": "01890a5d-ac96-774b-bcce-b302099a8057"}
        return client.post("/v1/applications", json=order(**changes), headers=headers)

    return order_as


def audited(centre):
    with centre.database.read() as session:
        return [row.action for row in session.query(AuditEntry).order_by(AuditEntry.seq)]


def test_a_code_and_a_key_give_a_certificate_for_thirty_days(centre, client, code, enrol, clock):
    key, text = new_key(), code()
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", text)
    answer = enrol(text, key)
    assert answer.status_code == 201
    given = x509.load_pem_x509_certificate(answer.json()["certificate"].encode())
    san = given.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert san.get_values_for_type(x509.UniformResourceIdentifier) == ["urn:kiosk:0017"]
    assert given.subject.rfc4514_string() == "CN=kiosk:0017"  # the CSR's own name is ignored
    assert given.public_key() == key.public_key()
    assert given.not_valid_after_utc - clock.now == timedelta(days=30)
    ca = x509.load_pem_x509_certificates(answer.json()["chain"].encode())[0]
    given.verify_directly_issued_by(ca)
    assert audited(centre) == ["device.invited", "device.certified"]


def test_the_same_key_asking_again_gets_the_answer_that_was_lost(code, enrol):
    key, text = new_key(), code()
    assert enrol(text, key).json() == enrol(text.lower().replace("-", " "), key).json()


def test_a_code_serves_one_key(code, enrol, problem):
    text = code()
    assert enrol(text, new_key()).status_code == 201
    refused = enrol(text, new_key())
    assert (refused.status_code, problem(refused)) == (403, "enrolment-refused")


def test_a_code_lasts_fifteen_minutes(code, enrol, clock):
    text = code()
    clock.now += timedelta(minutes=15)
    assert enrol(text, new_key()).status_code == 403


def test_a_newer_code_makes_the_earlier_one_void(code, enrol):
    first, second = code(), code()
    assert enrol(first, new_key()).status_code == 403
    assert enrol(second, new_key()).status_code == 201


def test_codes_that_begin_alike_are_each_their_devices(code, enrol, monkeypatch):
    given = ["7K00-0000-0001", "7K00-0000-0002"]
    monkeypatch.setattr(codes, "new_code", iter(given).__next__)
    assert [code(KIOSK), code(OTHER)] == given
    named = [enrol(each, new_key()).json()["device"] for each in reversed(given)]
    assert named == [str(OTHER), str(KIOSK)]


def test_five_wrong_codes_that_begin_alike_lock_the_right_one(code, enrol):
    text = code()
    wrong = text[:2] + "".join("1" if it == "0" else "0" for it in text[2:].replace("-", ""))
    for _ in range(devices.MOST_TRIES):
        assert enrol(wrong, new_key()).status_code == 403
    assert enrol(text, new_key()).status_code == 403


@pytest.mark.parametrize("text", ["7K4Q", "7K4Q-92MX-TB3U", "'; DROP TABLE person", "\u0130" * 12])
def test_what_is_no_code_is_refused(enrol, text):
    assert enrol(text, new_key()).status_code == 403


def test_an_operator_compares_the_key_where_that_is_asked(centre, code, enrol, clock):
    key, text = new_key(), code(confirm=True)
    waiting = enrol(text, key)
    assert waiting.status_code == 202
    assert waiting.json()["state"] == "to_confirm"
    with centre.database.write() as session:
        other = codes.fingerprint(devices.key_sha256(new_key().public_key()))
        assert not devices.confirm(session, KIOSK, other, SYSTEM, clock())
        told = waiting.json()["fingerprint"].lower()
        assert devices.confirm(session, KIOSK, told, SYSTEM, clock())
    assert enrol(text, new_key()).status_code == 403
    assert enrol(text, key).json()["device"] == "kiosk:0017"


@pytest.mark.parametrize(
    "settings", [Settings(trust=Trust(mode="proxy", confirm=True, limits=False))]
)
def test_the_settings_may_ask_for_it_of_every_device(code, enrol, settings):
    assert enrol(code(), new_key()).status_code == 202


def tampered(key):
    """A CSR whose signature is by another key."""
    pem = csr(key)
    der = bytearray(x509.load_pem_x509_csr(pem.encode()).public_bytes(Encoding.DER))
    der[-1] ^= 1
    body = base64.encodebytes(bytes(der)).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"


BAD_CSRS = {
    "no CSR": "hello",
    "RSA": lambda: csr(rsa.generate_private_key(65537, 2048)),
    "P-384": lambda: csr(ec.generate_private_key(ec.SECP384R1())),
    "foreign signature": lambda: tampered(new_key()),
    "a private key": lambda: (
        new_key()
        .private_bytes(
            Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    ),
}


@pytest.mark.parametrize("what", BAD_CSRS)
def test_a_bad_request_for_a_certificate_leaves_the_code_unused(client, code, enrol, problem, what):
    text, bad = code(), BAD_CSRS[what]
    body = {"code": text, "csr": bad if isinstance(bad, str) else bad()}
    refused = client.post("/v1/enrolments", json=body)
    assert problem(refused) == "csr-not-taken"
    assert enrol(text, new_key()).status_code == 201


def renew(client, pem, key):
    return client.post("/v1/certificates", json={"csr": csr(key)}, headers=shown(pem))


def test_it_is_renewed_in_its_last_ten_days_and_the_old_one_ends(
    centre, client, certified, clock, problem
):
    old = certified()
    assert problem(renew(client, old, new_key())) == "renewal-too-early"
    clock.now += timedelta(days=20, seconds=1)
    key = new_key()
    answer = renew(client, old, key)
    assert answer.status_code == 201
    assert renew(client, old, key).json() == answer.json()  # the answer may have been lost
    new = answer.json()["certificate"]
    assert problem(renew(client, new, new_key())) == "renewal-too-early"  # its first use
    assert problem(renew(client, old, new_key())) == "renewal-too-early"  # an hour yet
    clock.now += devices.OVERLAP
    assert problem(renew(client, old, new_key())) == "certificate-superseded"
    assert "device.certificate-used" in audited(centre)


def test_a_key_is_not_used_twice(client, certified, clock, problem):
    key = new_key()
    old = certified(key=key)
    renew(client, old, new_key())
    clock.now += timedelta(days=21)
    assert problem(renew(client, old, key)) == "csr-not-taken"


def test_it_ends_after_thirty_days_and_begins_an_hour_early(client, certified, clock, problem):
    pem = certified()
    clock.now -= timedelta(hours=1)
    assert problem(renew(client, pem, new_key())) == "renewal-too-early"
    clock.now -= timedelta(seconds=1)
    assert problem(renew(client, pem, new_key())) == "certificate-expired"
    clock.now += timedelta(days=30, hours=1)
    assert renew(client, pem, new_key()).status_code == 201
    clock.now += timedelta(seconds=1)
    assert problem(renew(client, pem, new_key())) == "certificate-expired"


def test_a_revoked_device_is_refused_at_once(
    centre, client, certified, code, enrol, problem, clock
):
    pem = certified()
    assert problem(renew(client, pem, new_key())) == "renewal-too-early"
    waiting = code()
    with centre.database.write() as session:
        assert devices.revoke(session, KIOSK, SYSTEM, clock()) == 1
    refused = renew(client, pem, new_key())
    assert (refused.status_code, problem(refused)) == (401, "certificate-revoked")
    assert refused.json()["retryable"]  # a case of a kiosk is not lost by this
    assert enrol(waiting, new_key()).status_code == 403
    assert audited(centre)[-1] == "device.revoked"


def test_a_certificate_of_another_ca_is_nobody(centre, client, certified, tmp_path, clock, problem):
    certified()
    (tmp_path / "other").mkdir()
    foreign = open_authority(tmp_path / "other", None, None, clock).issue(
        new_key().public_key(), KIOSK, clock()
    )
    refused = renew(client, foreign.public_bytes(Encoding.PEM).decode(), new_key())
    assert (refused.status_code, problem(refused)) == (401, "device-unknown")


@pytest.mark.parametrize("header", ["", "garbage", "%ff%fe", "-----BEGIN CERTIFICATE-----"])
def test_a_header_that_shows_no_certificate(client, header, problem):
    refused = client.post(
        "/v1/certificates", json={"csr": "x"}, headers={"X-SSL-Client-Cert": header}
    )
    assert problem(refused) == "device-unknown"


@pytest.mark.parametrize(
    "settings", [Settings(trust=Trust(mode="proxy", proxies=("10.0.0.1",), limits=False))]
)
def test_the_header_counts_from_the_proxy_alone(client, certified, settings, problem):
    refused = renew(client, certified(), new_key())
    assert problem(refused) == "device-unknown"


def test_what_a_device_says_of_itself_is_air(client, problem):
    refused = client.post("/v1/eligibility", json={}, headers={"X-Device": "kiosk:0017"})
    assert problem(refused) == "device-unknown"


def test_a_kiosk_acts_as_itself_alone(client, certified, order_as, problem):
    refused = order_as(certified(OTHER), kiosk_id="0017")
    assert (refused.status_code, problem(refused)) == (403, "kiosk-is-another")
    allowed = order_as(certified(KIOSK), kiosk_id="0017")
    assert problem(allowed) == "image-unknown"  # the next thing that is asked


def test_a_kiosk_uses_the_card_keys_as_itself_alone(client, certified, problem):
    body = {"kiosk_id": "0017", "card_id": "50" * 16, "algorithm": "03"}
    body["internal"] = {"factor": "00" * 8, "source": "00" * 8, "answer": "00" * 8}
    body["external"] = {"factor": "00" * 8, "source": "00" * 8}
    answers = {}
    for device in (KIOSK, OTHER):
        got = client.post("/v1/card-keys/holder", json=body, headers=shown(certified(device)))
        answers[device] = problem(got)
    assert answers[OTHER] == "kiosk-is-another", answers
    assert answers[KIOSK] != "kiosk-is-another"


def test_other_kinds_of_devices_have_other_routes(client, certified, problem):
    station = shown(certified(Actor(Kind.STATION, "W3-1")))
    assert problem(client.post("/v1/eligibility", json={}, headers=station)) == "device-forbidden"
    assert client.get("/v1/health").status_code == 200
    assert problem(client.get("/v1/nothing")) == "not-found"
    assert problem(client.delete("/v1/health")) == "method-not-allowed"


def routes():
    return sorted(
        (method, route.path)
        for route in iter_route_contexts(build_app(None).routes)
        for method in route.methods or ()
        if route.path and route.path.startswith("/v1")
    )


def test_without_a_certificate_no_route_of_devices_answers(client, problem):
    for method, path in routes():
        row = access.row(method, re.sub(r"\{[^}]*\}", "x", path))
        if row.who is not None:
            answer = client.request(method, path)
            assert answer.status_code == 401, (method, path)
            assert method == "HEAD" or problem(answer) == "device-unknown"
