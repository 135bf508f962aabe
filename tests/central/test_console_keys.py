"""The key ceremony's page, over a software HSM that has no keys yet."""

import pytest

from central.audit.records import AuditEntry
from central.centre import Settings
from central.hsm.loader import check_value
from central.hsm.opening import FILE

PATH = "/console/keys"
COMPONENTS = ("00112233445566778899AABBCCDDEEFF", "8F1E2D3C4B5A69708796A5B4C3D2E1F1")


@pytest.fixture
def settings(monkeypatch):
    monkeypatch.setenv("HSM_KEK", "5a" * 32)
    return Settings(hsm=FILE)


def check(component, name="IRK-SM4"):
    return check_value(name, bytes.fromhex(component))


def test_two_officers_load_a_key_and_none_of_them_twice(sign_in, centre):
    one, two = (sign_in("operator", login=login) for login in ("op.one", "op.two"))
    assert "已开始装入 IRK-SM4" in one.post(PATH, {"name": "IRK-SM4", "parts": 2}).text
    entry = f"{PATH}/1/component"
    first, second = ({"component": each, "told": check(each)} for each in COMPONENTS)
    page = one.post(entry, first | {"told": "000000"}, back=PATH)
    assert 'class="note refused"' in page.text
    assert "分量已收下" in one.post(entry, first, back=PATH).text
    assert "每个分量要由不同的保管人输入" in one.post(entry, second, back=PATH).text
    page = two.post(entry, second, back=PATH).text
    key = bytes(a ^ b for a, b in zip(*map(bytes.fromhex, COMPONENTS), strict=True))
    assert f"密钥 IRK-SM4 已装入，校验值 {check(key.hex())}" in page
    assert 'class="note refused"' in two.post(entry, second, back=PATH).text
    with centre.database.read() as session:
        rows = session.query(AuditEntry).where(AuditEntry.action.startswith("key_loading")).all()
    told = "".join(f"{row.action} {row.details}" for row in rows)
    assert not any(each in told for each in COMPONENTS)
    assert len(rows) == 5


def test_a_loading_is_aborted(sign_in):
    officer = sign_in("operator")
    officer.post(PATH, {"name": "IRK-SM4", "parts": 2})
    assert "已中止，分量已销毁" in officer.post(f"{PATH}/1/abort", back=PATH).text
    page = officer.post(PATH, {"name": "../x", "parts": 2})
    assert 'class="note refused"' in page.text


def test_nobody_but_an_operator_loads_keys(sign_in):
    browser = sign_in("clerk", "supervisor")
    assert browser.get(PATH).status_code == 403
    page = browser.post(f"{PATH}/1/component", {"component": COMPONENTS[0], "told": "x"}, back=PATH)
    assert page.status_code == 403
