"""Devices at the console: two persons let one in, two put it out; on both stores."""

import re

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from central.trust import records

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

PATH = "/console/devices"


@pytest.fixture
def operator(sign_in):
    return sign_in("operator", login="op.one")


@pytest.fixture
def second(sign_in, operator):
    return sign_in("operator", login="op.two")


@pytest.fixture
def enrol(client):
    """A device that asks with its code, always with the same key."""
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    csr = request.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    return lambda code: client.post("/v1/enrolments", json={"code": code, "csr": csr})


def invite(browser, number="0017"):
    page = browser.post(f"{PATH}/invite", {"kind": "kiosk", "number": number}, back=PATH)
    return re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.text)[0]


def confirm(browser, fingerprint):
    told = {"device": "kiosk:0017", "fingerprint": fingerprint}
    return browser.post(f"{PATH}/confirm", told, back=PATH)


def test_one_gives_the_code_and_another_compares_the_key(operator, second, enrol):
    code = invite(operator)
    fingerprint = enrol(code).json()["fingerprint"]
    assert fingerprint not in operator.get(PATH).text  # it is read at the device
    assert 'class="note refused"' in confirm(operator, fingerprint).text
    assert 'class="note refused"' in confirm(second, "0000-0000-0000-0000").text
    assert enrol(code).status_code == 202
    assert "已确认 kiosk:0017" in confirm(second, fingerprint).text
    assert enrol(code).status_code == 201
    assert "未使用" in operator.get(PATH).text


def test_two_put_a_device_out(operator, second, enrol, centre):
    code = invite(operator)
    confirm(second, enrol(code).json()["fingerprint"])
    enrol(code)
    operator.post(f"{PATH}/revoke", {"device": "kiosk:0017"}, back=PATH)

    def end():
        with centre.database.read() as session:
            return records.certificates(session, "kiosk:0017")[0].end

    assert end() is records.End.EXPIRY
    number = re.search(r"/console/approvals/(\d+)/approve", second.get(approvals_path()).text)[1]
    second.post(f"{approvals_path()}/{number}/approve", {}, back=approvals_path())
    assert end() is records.End.REVOKED
    assert "已停用" in operator.get(PATH).text


def approvals_path():
    return "/console/approvals"


@pytest.mark.parametrize("number", ["17", "", "'; DROP TABLE", "００１７"])
def test_an_impossible_device_is_refused(operator, number):
    page = operator.post(f"{PATH}/invite", {"kind": "kiosk", "number": number}, back=PATH)
    assert 'class="note refused"' in page.text


@pytest.mark.parametrize("role", ["clerk", "supervisor", "auditor"])
def test_others_do_not_see_them(sign_in, role):
    assert sign_in(role, login="some.one").get(PATH).status_code == 403
