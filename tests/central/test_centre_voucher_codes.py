"""The code on a voucher: signed, checked by anybody with the public key, read at the window."""

import base64
import hashlib
import hmac

import pytest
import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import strategies as st

from central.applications.codes import open_codes

NUMBER = "CQ-0017-20261123-0001-X"
HEAD_DOTS, QUIET = 384, 4  # 58 mm paper; modules around a code


@pytest.fixture
def qr(submit):
    return submit().json()["qr"]


@pytest.fixture
def resolve(client):
    def resolve(text):
        return client.post("/v1/vouchers/resolve", json={"qr": text})

    return resolve


def of_before(centre, number):
    mac = hmac.digest(centre.secret, number.encode(), hashlib.sha256)[:16].hex()
    return f"v1|{number}|{mac}"


def signature(qr):
    text = qr.split("|")[2]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_whoever_has_the_public_key_tells_a_genuine_code(qr, client):
    told = client.get("/v1/vouchers/key").json()
    assert (told["version"], told["algorithm"]) == ("v2", "Ed25519")
    key = load_pem_public_key(told["public_key"].encode())
    version, number, _ = qr.split("|")
    key.verify(signature(qr), f"{version}|{number}".encode())
    with pytest.raises(InvalidSignature):
        key.verify(signature(qr), f"{version}|{number[:-1]}0".encode())


def test_it_tells_the_number_and_nothing_of_the_person(qr):
    assert qr.startswith("v2|CQ-0017-20261123-0001-")
    assert len(qr) == 113
    assert "110105" not in qr


def test_it_resolves_and_so_does_one_of_before(qr, resolve, centre):
    number = qr.split("|")[1]
    assert resolve(qr).json()["voucher_no"] == number
    assert resolve(of_before(centre, number)).json()["voucher_no"] == number


def test_a_code_of_another_centre_or_number_is_unknown(qr, resolve, tmp_path, submit, problem, who):
    version, number, signed = qr.split("|")
    another = open_codes(tmp_path, b"another secret")
    other = submit(applicant=who("50010319490315001X", "阿依古丽·买买提")).json()["voucher_no"]
    forged = [
        another.code(number),
        f"v2|{other}|{signed}",
        f"v1|{number}|{signed}",
        f"v2|{number}|",
        f"v2|{number}|{signed}=",
        f"v2|{number}|{signed[:-1]}",
        f"v2|{number}|{'A' * 86}",
        f"v3|{number}|{signed}",
        f"{version}|{number}|{signed}|",
        number,
    ]
    for text in forged:
        assert problem(resolve(text)) == "voucher-unknown", text


def test_the_key_is_made_once_and_is_the_owners_alone(centre, qr):
    file = centre.folder / "voucher_key.pem"
    assert file.stat().st_mode & 0o077 == 0
    assert open_codes(centre.folder, centre.secret).read(qr) == qr.split("|")[1]


@pytest.mark.parametrize("typed", ["{qr}", " {qr} ", "{swapped}", "{before}", "{before_swapped}"])
def test_the_windows_scanner_reads_both_also_through_caps_lock(sign_in, qr, centre, typed):
    before = of_before(centre, qr.split("|")[1])
    told = typed.format(
        qr=qr, swapped=qr.swapcase(), before=before, before_swapped=before.swapcase()
    )
    page = sign_in("clerk").post("/console/cases/find", {"text": told}, back="/console/cases")
    assert page.url.path.endswith(qr.split("|")[1])


def test_it_is_large_enough_to_be_read_from_the_narrow_paper(qr):
    code = segno.make_qr(qr, error="m", boost_error=False)
    modules = code.symbol_size(border=0)[0] + 2 * QUIET
    assert HEAD_DOTS // modules >= 4, code.version  # half a millimetre at 203 dpi


@given(text=st.text(alphabet="v12|CQ-0017ABab_=", max_size=130))
def test_no_other_text_is_a_code(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp() / "codes"
    folder.mkdir(exist_ok=True)
    assert open_codes(folder, b"secret").read(text) is None
