"""At the console: a picture of the attract screen by one, the log by two, each look written down."""

import re
from base64 import b64encode

import pytest

PATH = "/console/fleet"
KIOSK = f"{PATH}/kiosks/0017"
PNG, SEALED = b"\x89PNG\r\n\x1a\n picture", b"KIOSKLOG1\n sealed"


@pytest.fixture
def one(sign_in, signed, report):
    report()
    return sign_in("operator", login="op.one")


def ask(browser, kind):
    return browser.post(f"{KIOSK}/asks", {"kind": kind}, back=KIOSK)


def answer(kiosk, data):
    (asked,) = kiosk("GET", "asks").json()["asks"]
    told = {"state": "answered", "data": b64encode(data).decode()}
    assert kiosk("PUT", f"asks/{asked['id']}", json=told).status_code == 204


def link(page):
    return re.search(rf'href="({KIOSK}/asks/\d+)"', page.text)[1]


def test_a_picture_is_asked_for_waited_for_and_seen(one, kiosk, sign_in):
    assert "已请自助机截屏" in ask(one, "screenshot").text
    assert "等自助机答复" in one.get(KIOSK).text
    answer(kiosk, PNG)
    picture = one.get(link(one.get(KIOSK)))
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert sign_in("supervisor", login="chief").get(link(one.get(KIOSK))).status_code == 403
    audit = sign_in("auditor", login="aud").get("/console/audit").text
    assert "fleet.answer_seen" in audit


def test_a_log_takes_two_and_comes_as_a_sealed_file(one, kiosk, sign_in):
    assert "等另一位同事同意" in ask(one, "logs").text
    assert kiosk("GET", "asks").json()["asks"] == []
    two = sign_in("operator", login="op.two")
    number = re.search(r"/console/approvals/(\d+)/approve", two.get("/console/approvals").text)[1]
    one.post(f"/console/approvals/{number}/approve", {}, back="/console/approvals")
    assert kiosk("GET", "asks").json()["asks"] == []  # nobody approves what they asked for
    two.post(f"/console/approvals/{number}/approve", {}, back="/console/approvals")
    answer(kiosk, SEALED)
    page = one.get(KIOSK)
    assert "op.two" in page.text
    file = one.get(link(page))
    assert file.content == SEALED
    assert re.fullmatch(
        r'attachment; filename="kiosk-0017-\d+\.log\.sealed"', file.headers["content-disposition"]
    )


def test_nobody_is_asked_who_is_not_there(one):
    page = one.post(f"{PATH}/kiosks/0099/asks", {"kind": "screenshot"}, back=PATH)
    assert "没有" in page.text or page.status_code == 404
    assert one.get(f"{KIOSK}/asks/99").status_code == 404
    assert one.post(f"{KIOSK}/asks", {"kind": "camera"}, back=KIOSK).status_code in {200, 422}
    assert "等自助机答复" not in one.get(KIOSK).text
