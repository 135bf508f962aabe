"""The window's pages of batches, as a clerk uses them."""

import csv
import io
import re

import pytest

from central.batches.records import Batch
from central.batches.states import BatchState
from central.centre import Settings
from central.console.pages import batches

HEAD = "姓名,证件类型,证件号码,民族,证件有效期止,手机,联系地址,制卡银行"
CLERK = {"paper": "resident_id", "number": "50010319850612019X", "name": "刘强"}


@pytest.fixture
def settings():
    return Settings(outlets={"0017": "W301"})


@pytest.fixture
def browser(sign_in):
    return sign_in("clerk")


def list_of(rows):
    lines = [
        ",".join(
            (row["name"], "身份证", row["number"], "汉", "长期", row["phone"], "路1号", "重庆银行")
        )
        for row in rows
    ]
    return ("\n".join([HEAD, *lines])).encode("gb18030")


@pytest.fixture
def bring(browser):
    """Brings a list to the window, with a form as its page has it."""

    def bring(rows, to="/console/batches/new", **changes):
        form = {
            "service": "new_batch",
            "unit": "91990001MA0000001R",
            "material": "medium",
            "key": re.search(
                r'name="key" value="([^"]+)"', browser.get("/console/batches/new").text
            )[1],
            **CLERK,
            **changes,
        }
        return browser.post(to, form, files={"file": ("名单.csv", list_of(rows), "text/csv")})

    return bring


def state_of(centre, batch_no):
    with centre.database.read() as session:
        return session.get(Batch, batch_no).state


def number_in(answer):
    return re.search(r"CQ-[0-9A-Z]{4}-\d{8}-\d{4}-.", answer.text)[0]


def test_a_list_goes_from_file_to_cards_in_use(bring, browser, people, centre):
    answer = bring(people(3))
    batch_no = number_in(answer)
    here = f"/console/batches/{batch_no}"
    assert answer.url.path == here
    assert "已收 3 人" in answer.text
    assert people(3)[0]["number"] not in answer.text
    for step in ("step/accept", "generate", "step/produce"):
        assert browser.post(f"{here}/{step}").status_code == 200
    exported = browser.post(f"{here}/export")
    rows = list(csv.DictReader(io.StringIO(exported.content.decode("utf-8-sig"))))
    assert exported.headers["Content-Disposition"] == f'attachment; filename="{batch_no}.csv"'
    told = ["序号,结果,卡号,卡识别码,原因"]
    told += [f"{row['序号']},成功,{row['卡号']},500000{row['卡号'][1:]:0>26}," for row in rows]
    file = {"file": ("r.csv", "\n".join(told).encode(), "text/csv")}
    assert "已导入 3 条结果" in browser.post(f"{here}/results", files=file).text
    browser.post(f"{here}/step/finish")
    assert state_of(centre, batch_no) is BatchState.READY
    assert "已交付 3 张卡" in browser.post(f"{here}/pick-up", CLERK).text
    assert "已启用 3 张卡" in browser.post(f"{here}/enable", CLERK).text
    assert state_of(centre, batch_no) is BatchState.ENABLED


def test_the_same_form_twice_is_one_batch(bring, people, centre):
    key = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    first, again = bring(people(2), key=key), bring(people(2), key=key)
    assert number_in(first) == number_in(again)


def test_wrong_rows_are_shown_and_nothing_is_kept(bring, people, centre):
    rows = people(2)
    rows[1] = {**rows[1], "phone": "1"}
    for to in ("/console/batches/new", "/console/batches/new/check"):
        answer = bring(rows, to)
        assert "手机应为11位号码" in answer.text
        assert rows[1]["number"] not in answer.text
    with centre.database.read() as session:
        assert session.query(Batch).where(Batch.taken_by == "W301").count() == 0


def test_copies_need_the_units_letter(bring, people):
    assert "请出示单位介绍信" in bring(people(1), material="copies").text


def test_a_voucher_opens_its_batch(browser, a_list, people, send):
    taken = send(a_list(people(1))).json()
    for text in (taken["qr"], taken["batch_no"].lower()):
        answer = browser.post("/console/batches/find", {"text": text})
        assert answer.url.path.endswith(taken["batch_no"])
    forged = browser.post("/console/batches/find", {"text": taken["qr"][:-1] + "x"})
    assert "没有这个批次" in forged.text


def test_another_outlet_sees_it_and_may_do_nothing(sign_in, a_list, people, send, centre):
    batch_no = send(a_list(people(1))).json()["batch_no"]
    other = sign_in("clerk", login="wang.er", outlet="W302")
    shown = other.get(f"/console/batches/{batch_no}").text
    assert "只能在那里办理" in shown
    assert "step/accept" not in shown
    answer = other.post(f"/console/batches/{batch_no}/step/accept")
    assert "只能在提交网点办理" in answer.text
    assert state_of(centre, batch_no) is BatchState.SUBMITTED
    assert batch_no not in other.get("/console/batches").text


def test_the_queue_has_pages(browser, a_list, people, send, monkeypatch):
    monkeypatch.setattr(batches, "SHOWN", 2)
    sent = {send(a_list([row])).json()["batch_no"] for row in people(3)}
    first = browser.get("/console/batches?state=SUBMITTED").text
    after = re.search(r"after=([^\"]+)", first)[1]
    second = browser.get(f"/console/batches?state=SUBMITTED&after={after}").text
    assert {each for each in sent if each in first + second} == sent
    assert len({each for each in sent if each in first}) == 2


def test_a_long_list_goes_out_with_a_second_person(browser, sign_in, a_list, people, send, window):
    batch_no = send(a_list(people(51))).json()["batch_no"]
    window.produce(batch_no)
    here = f"/console/batches/{batch_no}/export"
    assert "已请另一位负责人同意" in browser.post(here).text
    second = sign_in("supervisor", login="zhao.si")
    number = re.search(r"/console/approvals/(\d+)/approve", second.get("/console/approvals").text)
    second.post(f"/console/approvals/{number[1]}/approve")
    assert browser.post(here).headers["Content-Type"].startswith("text/csv")
    assert "已请另一位负责人同意" in browser.post(here).text


def test_a_rejection_needs_words(browser, a_list, people, send, centre):
    batch_no = send(a_list(people(1))).json()["batch_no"]
    here = f"/console/batches/{batch_no}"
    browser.post(f"{here}/reject", {"reason": ""}, back=here)
    assert state_of(centre, batch_no) is BatchState.SUBMITTED
    assert "照片不清楚" in browser.post(f"{here}/reject", {"reason": "照片不清楚"}).text


def test_another_clerk_picks_up_with_a_sealed_letter(browser, a_list, people, send, window, centre):
    batch_no = send(a_list(people(1))).json()["batch_no"]
    window.make(batch_no)
    here = f"/console/batches/{batch_no}"
    other = {"paper": "resident_id", "number": "11010519491231002X", "name": "张三"}
    assert "加盖单位公章的介绍信" in browser.post(f"{here}/pick-up", other, back=here).text
    assert state_of(centre, batch_no) is BatchState.READY


def test_somebody_without_a_window_sees_nothing(sign_in):
    answer = sign_in("auditor", login="qian.wu").get("/console/batches")
    assert answer.status_code == 403


def test_the_faults_of_a_list_are_read_in_english_too(bring, browser, people):
    rows = people(2)
    rows[0]["phone"] = "1"
    browser.post("/console/language", {"language": "en"}, back="/console")
    answer = bring([*rows, rows[1]], to="/console/batches/new/check")
    assert "A phone number has 11 digits, or begins with 023" in answer.text
    assert "The ID number is the same as in row 2: delete one of the two" in answer.text
    assert not re.search(
        "[\u3400-\u9fff]", answer.text.partition("<table>")[2].partition("</table>")[0]
    )
