"""The window's pages from the fee to the hand-over, in a signed-in browser."""

import re

import pytest

from central.cards.states import CardState
from central.centre import Settings
from central.console.pages.issue import REASONS
from central.console.site import PAGES
from central.custody.records import held
from central.fees.records import fee_of
from central.fees.states import FeeState
from central.issuance import handing, personalisation
from station.journal import Reason


@pytest.fixture
def settings():
    return Settings(hsm="demo", outlets={"0017": "W301"})


@pytest.fixture
def clerk(sign_in):
    return sign_in("clerk", login="wang")


@pytest.fixture
def boss(sign_in):
    return sign_in("supervisor", login="li")


@pytest.fixture
def case(replacing):
    """An accepted replacement."""
    return replacing()


def path(voucher_no, verb=""):
    return f"/console/issue/{voucher_no}" + (f"/{verb}" if verb else "")


def field(text, name):
    return re.search(rf'name="{name}" value="([^"]+)"', text)[1]


def settle(clerk, case, receipt="500026000001"):
    form = {"how": "cash", "receipt_no": receipt}
    return clerk.post(path(case, "settle"), form, back=path(case))


def make(clerk, case, station="W301-1"):
    form = {"write_id": field(clerk.get(path(case)).text, "write_id"), "station": station}
    return clerk.post(path(case, "make"), form, back=path(case)), form


def finish(station, blank):
    """The station does its part."""
    job, (identifier, _) = station.job().json(), blank()
    station.start(job["write_id"], identifier)
    sha256 = personalisation.digest(job["personalisation"], identifier)
    assert station.confirm(job["write_id"], identifier, sha256).status_code == 200
    return job


def test_from_the_fee_to_the_hand_over(clerk, case, station, blank, state_of, look):
    station.job()  # it has asked for work, so the page knows it
    assert "费用结清或减免后才能制卡" in clerk.get(path(case)).text
    assert "已结清 25.00 元" in settle(clerk, case).text
    answer, form = make(clerk, case)
    assert "请在制卡机 W301-1 放入空白卡" in answer.text
    clerk.post(path(case, "make"), form)  # the form sent twice
    progress = clerk.get(path(case, "progress"))
    assert ("等制卡机取走" in progress.text, progress.headers.get("HX-Refresh")) == (True, None)
    number = finish(station, blank)["personalisation"]["card_number"]
    progress = clerk.get(path(case, "progress"))
    assert ("读回一致" in progress.text, progress.headers.get("HX-Refresh")) == (True, "true")
    text = clerk.get(path(case)).text
    assert (number in text, number[-4:] in text, "刘强" in text) == (False, True, False)
    assert "已启用" in clerk.post(path(case, "activate"), back=path(case)).text
    form = {"taker": "holder", "paper": "resident_id", "old_card": "taken"}
    refused = clerk.post(path(case, "hand-over"), form, back=path(case))
    assert "签字后再发卡" in refused.text
    done = clerk.post(path(case, "hand-over"), form | {"signed": "true"}, back=path(case))
    assert "已发给本人" in done.text
    assert state_of("case", case) == "ENABLED"
    assert look(handing.card_of, case).state is CardState.ACTIVE
    receipt = clerk.get(path(case, "receipt")).text
    assert ("25.00" in receipt, "500026000001" in receipt, "刘强" in receipt) == (True, True, False)
    assert [item.place for item in look(held)] == ["W301"]


def test_a_ground_outside_the_table_waits_for_the_supervisor(clerk, boss, case, look):
    form = {"ground": "", "words": "家中失火，证件全毁"}
    assert "由业务主管同意后减免" in clerk.post(path(case, "waive"), form, back=path(case)).text
    assert look(fee_of, case).state is FeeState.DUE
    page = boss.get("/console/approvals").text
    assert "理由: 家中失火，证件全毁" in page
    number = re.search(r"/console/approvals/(\d+)/approve", page)[1]
    boss.post(f"/console/approvals/{number}/approve")
    fee = look(fee_of, case)
    assert (fee.state, fee.by, fee.approved_by) == (FeeState.WAIVED, "user:wang", "user:li")


def test_a_replacement_is_promised_no_day(clerk, case, look):
    page = clerk.get(f"/console/cases/{case}").text
    assert "一般现场制卡" in page


def test_a_ground_of_the_table_is_given_at_once(clerk, case, look):
    clerk.post(path(case, "waive"), {"ground": "minimum_living"}, back=path(case))
    assert look(fee_of, case).state is FeeState.WAIVED


def test_no_ground_and_no_words(clerk, case, look):
    answer = clerk.post(path(case, "waive"), {"ground": "", "words": "穷"}, back=path(case))
    assert "至少 5 个字" in answer.text
    assert look(fee_of, case).state is FeeState.DUE


def test_a_try_that_was_not_started_is_ended_by_one(clerk, case, station, state_of):
    station.job()
    settle(clerk, case)
    _, form = make(clerk, case)
    answer = clerk.post(path(case, "end"), {"write_id": form["write_id"]}, back=path(case))
    assert "可以再制一次" in answer.text
    assert state_of("case", case) == "FAILED"
    assert "等制卡机取走" in make(clerk, case)[0].text


def test_a_try_that_was_started_is_ended_by_two(clerk, boss, case, station, blank, state_of, later):
    station.job()
    settle(clerk, case)
    _, form = make(clerk, case)
    station.start(form["write_id"], blank()[0])
    later(11)
    assert case in clerk.get("/console/issue").text  # its end is unknown
    answer = clerk.post(path(case, "end"), {"write_id": form["write_id"]}, back=path(case))
    assert "由业务主管同意后作废" in answer.text
    assert state_of("case", case) == "IN_PRODUCTION"
    number = re.search(r"/console/approvals/(\d+)/approve", boss.get("/console/approvals").text)[1]
    boss.post(f"/console/approvals/{number}/approve")
    assert state_of("case", case) == "FAILED"
    assert "废空白卡" in clerk.get("/console/custody").text


def test_each_reason_of_a_station_has_its_cure():
    assert {reason.value for reason in Reason} <= set(REASONS)


def test_a_failed_try_says_why_and_what_to_do(clerk, case, station, blank):
    station.job()
    settle(clerk, case)
    _, form = make(clerk, case)
    station.start(form["write_id"], identifier := blank()[0])
    station.reverse(form["write_id"], identifier, reason="card_pulled")
    assert "写卡时卡被取出" in clerk.get(path(case)).text


def test_a_blank_nothing_was_written_to_is_not_said_to_be_in_custody(clerk, case, station):
    station.job()
    settle(clerk, case)
    _, form = make(clerk, case)
    station.reverse(form["write_id"], reason="write_failed")
    page = clerk.get(path(case)).text
    assert "这张空白卡没有写入" in page
    assert "坏卡已登记保管" not in page


def test_a_clerk_of_another_outlet_changes_nothing(sign_in, clerk, case, state_of, look, station):
    other = sign_in("clerk", login="far", outlet="W302")
    assert "属于别的网点" in settle(other, case).text
    assert look(fee_of, case).state is FeeState.DUE
    station.job()
    settle(clerk, case)
    for verb in ("activate", "make", "hand-over", "end"):
        form = {"write_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "station": "W302-1"}
        form |= {"taker": "holder", "paper": "resident_id", "signed": "true"}
        assert "属于别的网点" in other.post(path(case, verb), form, back=path(case)).text
    assert state_of("case", case) == "ACCEPTED"


def test_a_station_of_another_outlet_makes_nothing(clerk, case, station, state_of):
    station.job()
    settle(clerk, case)
    assert "不在本网点" in make(clerk, case, "W302-1")[0].text
    assert state_of("case", case) == "ACCEPTED"


def test_left_papers_are_written_down_without_a_name(clerk, look):
    form = {"what": "resident_id", "place": "kiosk:0017"}
    assert "已登记" in clerk.post("/console/custody", form).text
    (item,) = look(held)
    answer = clerk.post(f"/console/custody/{item.id}/destroy", back="/console/custody")
    assert "不能销毁" in answer.text
    clerk.post(f"/console/custody/{item.id}/release", {"end": "returned"}, back="/console/custody")
    assert look(held) == []
    elsewhere = clerk.post("/console/custody", form | {"place": "kiosk:9999"})
    assert (elsewhere.status_code, look(held)) == (200, [])


def test_every_access_key_is_one_pages():
    keys = [page.key for page in PAGES if page.key]
    assert len(set(keys)) == len(keys)
