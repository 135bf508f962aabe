"""Cases at the window, on both stores."""

import json

import pytest

from central.audit.records import AuditEntry
from central.centre import Settings
from central.notices.records import Notice
from regulation.vouchers import query_code

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

MARKED = ["portrait_review", "sign_at_window"]


@pytest.fixture
def settings():
    return Settings(agent_daily_limit=2, outlets={"0017": "W301", "0018": "W301", "0021": "W302"})


@pytest.fixture
def taken(submit):
    answer = submit(marks=MARKED)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def case(taken):
    return f"/console/cases/{taken['voucher_no']}"


@pytest.fixture
def audited(centre):
    def audited(action):
        with centre.database.read() as session:
            rows = session.query(AuditEntry).where(AuditEntry.action == action).all()
            return [(row.target, json.loads(row.details)) for row in rows]

    return audited


def accepted(browser, case, version, *confirmed):
    form = {"version": version, "confirmed": ["originals", *confirmed]}
    return browser.post(f"{case}/accept", form, back=case)


def test_the_queue_shows_the_outlets_cases_masked(sign_in, taken):
    page = sign_in("clerk").get("/console/cases").text
    assert taken["voucher_no"] in page
    assert "张*" in page
    assert "张三" not in page
    assert (
        taken["voucher_no"]
        not in sign_in("clerk", login="far", outlet="W302").get("/console/cases").text
    )


@pytest.mark.parametrize("what", ["qr", "voucher_no"])
def test_a_voucher_is_scanned_or_typed(sign_in, taken, what, case):
    browser = sign_in("clerk")
    page = browser.post("/console/cases/find", {"text": f" {taken[what]} "}, back="/console/cases")
    assert page.url.path == case


def test_a_number_is_typed_in_small_letters(sign_in, taken, case):
    told = {"text": taken["voucher_no"].lower()}
    assert (
        sign_in("clerk").post("/console/cases/find", told, back="/console/cases").url.path == case
    )


def test_a_scanner_types_through_caps_lock(sign_in, taken, case):
    browser, told = sign_in("clerk"), {"text": taken["qr"].swapcase()}
    assert browser.post("/console/cases/find", told, back="/console/cases").url.path == case


def test_a_query_slip_leads_to_the_case(sign_in, submit):
    key = "3f2b8c1d-0000-4000-8000-000000000000"
    voucher = submit(key=key).json()["voucher_no"]
    told = {"text": query_code(key)}
    page = sign_in("clerk").post("/console/cases/find", told, back="/console/cases")
    assert page.url.path.endswith(voucher)
    told = {"text": query_code("9" + key[1:])}
    page = sign_in("clerk").post("/console/cases/find", told, back="/console/cases")
    assert "没有这个凭证" in page.text


def test_a_forged_voucher_is_told_so(sign_in, taken, audited):
    forged = taken["qr"][:-1] + ("0" if taken["qr"][-1] != "0" else "1")
    browser = sign_in("clerk")
    page = browser.post("/console/cases/find", {"text": forged}, back="/console/cases")
    assert "可能是伪造的凭证" in page.text
    assert audited("voucher.forged") == [("W301", {})]
    wrong = taken["voucher_no"][:-1] + ("0" if taken["voucher_no"][-1] != "0" else "1")
    page = browser.post("/console/cases/find", {"text": wrong}, back="/console/cases")
    assert "最后一位是校验位" in page.text


def test_what_is_personal_is_shown_on_demand_and_written_down(sign_in, case, audited):
    browser = sign_in("clerk")
    masked = browser.get(case).text
    assert "110***********002X" in masked.replace("<wbr>", "") or "110" in masked
    for secret in ("11010519491231002X", "张三", "13800138000", "示例路"):
        assert secret not in masked
    whole = browser.get(f"{case}/whole").text
    for secret in ("11010519491231002X", "张三", "13800138000", "示例路"):
        assert secret in whole
    voucher = case.rpartition("/")[2]
    assert audited("case.viewed") == [(voucher, {"outlet": "W301"})]
    assert audited("case.viewed_whole") == [(voucher, {"outlet": "W301"})]


def test_pictures_are_shown_and_each_look_is_written_down(sign_in, case, audited):
    browser = sign_in("clerk")
    places = browser.get(f"{case}/pictures", headers={"HX-Request": "true"}).text
    assert f'src="{case}/pictures/0"' in places
    portrait, signature = (browser.get(f"{case}/pictures/{n}") for n in (0, 1))
    assert portrait.headers["content-type"] == "image/jpeg"
    assert portrait.content.startswith(b"\xff\xd8\xff")
    assert signature.headers["content-type"] == "image/png"
    assert signature.headers["cache-control"] == "no-store"
    looked = [details["picture"] for _, details in audited("case.picture_viewed")]
    assert looked == ["portrait", "signature"]
    assert browser.get(f"{case}/pictures/7").status_code == 404


def test_a_case_is_taken_up_checked_and_accepted(sign_in, case, audited):
    browser = sign_in("clerk")
    assert "已接手" in browser.post(f"{case}/take-up", {"version": 1}, back=case).text
    page = accepted(browser, case, 2, "portrait_review")
    assert "请先逐项核对并打勾" in page.text
    page = accepted(browser, case, 2, *MARKED)
    assert "已受理" in page.text
    assert audited("case.accept") == [(case.rpartition("/")[2], {"confirmed": 3, "outlet": "W301"})]


def test_a_case_goes_back_with_a_reason_the_citizen_reads(sign_in, case, centre):
    browser = sign_in("clerk")
    browser.post(f"{case}/take-up", {"version": 1}, back=case)
    for reason, words in (("", ""), ("other", "不行"), ("other", "x" * 151), ("nothing", "")):
        told = {"version": 2, "reason": reason, "words": words}
        page = browser.post(f"{case}/send-back", told, back=case)
        assert "请选择退回原因" in page.text
    told = {"version": 2, "reason": "portrait", "parts": ["portrait"], "words": "请<露出>耳朵"}
    assert "短信不能显示的字符" in browser.post(f"{case}/send-back", told, back=case).text
    told |= {"words": "请露出耳朵 13800138000"}
    page = browser.post(f"{case}/send-back", told, back=case).text
    assert "照片不符合制卡要求，请重新拍照后再申请。请露出耳朵 138****8000" in page
    with centre.database.read() as session:
        (notice,) = session.query(Notice)
    assert notice.kind == "APPLICATION_SENT_BACK"
    assert notice.parameters["reason"].endswith("请露出耳朵 138****8000")


def test_two_clerks_at_once(sign_in, case):
    one, other = sign_in("clerk"), sign_in("clerk", login="wang.wei")
    one.post(f"{case}/take-up", {"version": 1}, back=case)
    assert "已由他人处理" in other.post(f"{case}/take-up", {"version": 1}, back=case).text
    assert "正由另一位同事办理" in accepted(other, case, 2, *MARKED).text
    assert "正由另一位同事办理" in other.post(f"{case}/withdraw", {"version": 2}, back=case).text
    assert "已放回队列" in one.post(f"{case}/put-back", {"version": 2}, back=case).text
    assert "已接手" in other.post(f"{case}/take-up", {"version": 3}, back=case).text
    assert "已受理" in accepted(other, case, 4, *MARKED).text


def test_a_supervisor_takes_a_case_over(sign_in, case):
    sign_in("clerk").post(f"{case}/take-up", {"version": 1}, back=case)
    boss = sign_in("supervisor", login="zhao.min", outlet="W302")
    assert "您以业务主管身份办理" in boss.get(case).text
    assert "已接手" in boss.post(f"{case}/take-up", {"version": 2}, back=case).text
    assert "正由另一位同事办理" in accepted(sign_in("clerk"), case, 3, *MARKED).text
    assert "已受理" in accepted(boss, case, 3, *MARKED).text


def test_a_clerk_of_another_outlet_is_told_kindly(sign_in, case):
    browser = sign_in("clerk", outlet="W302")
    assert "请告诉群众去那里办理" in browser.get(case).text
    page = browser.post(f"{case}/take-up", {"version": 1}, back=case)
    assert "这笔业务属于别的网点" in page.text


def test_a_case_is_withdrawn(sign_in, case):
    browser = sign_in("clerk")
    assert (
        "已按申办人的要求撤销" in browser.post(f"{case}/withdraw", {"version": 1}, back=case).text
    )
    page = browser.post(f"{case}/take-up", {"version": 2}, back=case)
    assert "已撤销，不能再办这一步" in page.text


def test_there_is_no_such_case(sign_in):
    browser = sign_in("clerk")
    for voucher in ("CQ-0017-20261123-0001-X", "x", "' OR 1=1 --"):
        answer = browser.get(f"/console/cases/{voucher}")
        assert answer.status_code == 404, voucher
        assert "没有这个凭证" in answer.text


def test_an_auditor_and_an_operator_see_no_case(sign_in, case):
    for role in ("auditor", "operator"):
        browser = sign_in(role, login=role)
        for path in ("/console/cases", case, f"{case}/whole", f"{case}/pictures/0"):
            assert browser.get(path).status_code == 403
