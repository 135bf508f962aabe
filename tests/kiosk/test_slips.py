"""The slips of a case of the journal: what they say, and what they never say."""

from datetime import datetime, timedelta
from itertools import chain

import pytest
import zxingcpp
from PIL import Image

from hardware.printer.document import Pair, Qr, Text
from kiosk.application import application
from kiosk.crawl.answers import ADULT, CHILD, GROWN_UP, NOW
from kiosk.journal import Case, State
from kiosk.pace import CHINA
from kiosk.services.answers import SignAtWindow
from kiosk.slips import Slips, png
from kiosk.visit import Refusal
from regulation.papers import Paper
from regulation.rules import Applicant, Service

NUMBER = "CQ-0017-20261123-0042-K"
DUE = NOW + timedelta(hours=24)
ANSWER = {
    "voucher_no": NUMBER,
    "qr": f"v1|{NUMBER}|9F3A",
    "window": "3",
    "submitted_at": NOW.isoformat(),
    "due_at": DUE.isoformat(),
}
KEY = "0c3f1c1e-0000-4000-8000-000000000001"


@pytest.fixture
def slips(rules):
    return Slips(rules, "0017", "重庆 · 渝北区社保服务大厅", lambda why: f"不能办（{why.code}）")


@pytest.fixture
def case(rules):
    def made(facts, answer=ANSWER, state=State.SUBMITTED):
        body = application(rules, "0017", facts, NOW).body
        return Case(KEY, state, NOW, body, answer)

    return made


def pairs(slip):
    return {block.label: block.value for block in slip if isinstance(block, Pair)}


def text(slip):
    """Every word of a slip, but the code's."""
    told = ((block.label, block.value) for block in slip if isinstance(block, Pair))
    lines = (block.text for block in slip if isinstance(block, Text))
    return "\n".join(chain(chain.from_iterable(told), lines))


def minute(moment):
    local = moment.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def test_a_voucher_says_where_with_what_and_until_when(slips, case, own):
    """1.1.2(2), 1.1.3(1)."""
    slip = slips.of(case(own))
    said = pairs(slip)
    assert said["凭证号"] == NUMBER
    assert said["受理时间"] == minute(NOW)
    assert minute(DUE) in said["时限"]
    assert said["请带"] == "身份证原件"
    assert "3 号窗口" in text(slip)
    assert [block.data for block in slip if isinstance(block, Qr)] == [ANSWER["qr"]]


def test_a_voucher_for_a_child_names_both_papers(slips, case, for_a_child):
    """1.1.1(2)."""
    said = pairs(slips.of(case(for_a_child)))
    assert said["请带"] == "申办人户口簿原件、代办人身份证原件"


@pytest.mark.parametrize("child", [False, True])
def test_slips_show_masked_data_only(slips, case, own, for_a_child, child):
    facts = for_a_child if child else own
    for slip in (slips.of(case(facts)), slips.of(case(facts, {}, State.INTENT))):
        said = text(slip)
        for secret in (ADULT.number, CHILD.number, GROWN_UP.number, "13800138000", ADULT.address):
            assert secret not in said
        assert not any(name in said for name in (ADULT.name, GROWN_UP.name, "小明"))
    assert pairs(slips.of(case(facts)))["手机"] == "138****8000"


def test_a_code_holds_nothing_personal(slips, case, own):
    codes = [block.data for block in slips.of(case(own)) if isinstance(block, Qr)]
    assert not any(ADULT.number in code or ADULT.name in code for code in codes)


def test_a_reprint_is_marked(slips, case, own):
    """F31."""
    assert "补打" in text(slips.of(case(own), reprint=True))
    assert "补打" not in text(slips.of(case(own)))


def test_a_signature_left_for_the_window_is_on_the_voucher(slips, case, own):
    assert pairs(slips.of(case(own | {"signature": SignAtWindow()})))["签字"]
    assert "签字" not in pairs(slips.of(case(own)))


def test_an_officers_card_is_looked_at_by_the_window(slips, case, own):
    """1.1.1(1): no machine reads it."""
    typed = {"other_paper": Paper.MILITARY_OFFICER}
    assert "核验" in pairs(slips.of(case(own | typed)))


def test_a_query_slip_while_the_result_is_not_known(slips, case, own):
    """F33: no voucher number, no code for the window, and no second application."""
    slip = slips.of(case(own, {}, State.INTENT))
    assert "待核验" in text(slip)
    assert "不要重复申请" in text(slip)
    assert NUMBER not in text(slip)
    assert not any(isinstance(block, Qr) for block in slip)
    assert pairs(slip)["查询码"].startswith("0C3F-1C1E-")


def test_a_referral_says_why_where_and_with_what(slips):
    """F03."""
    facts = {"who": Applicant.SELF}
    slip = slips.referral(Service.NEW_INDIVIDUAL, facts, Refusal("F03", "1.1.1"), NOW)
    said = text(slip)
    assert "不能办（F03）" in said
    assert "1.1.1" in said
    assert "服务窗口" in said
    assert "身份证" in said


@pytest.mark.parametrize("service", Service)
def test_there_is_a_referral_for_every_service_with_a_clause(slips, rules, service):
    """F49: where to, and by which clause."""
    said = text(slips.referral(service, {}, Refusal("F49"), NOW))
    assert rules.words[service].zh in said
    assert "办法" in said
    assert "依据" in said


def test_what_is_printed_can_be_read_back(slips, case, own, tmp_path):
    path = tmp_path / "voucher.png"
    path.write_bytes(png(slips.of(case(own)), 576))
    with Image.open(path) as picture:
        assert picture.width == 576
        found = zxingcpp.read_barcodes(picture)
    assert [code.text for code in found] == [ANSWER["qr"]]


def test_times_are_the_places_own(slips, case, own):
    """An answer in another offset is the same moment on the slip."""
    utc = {
        **ANSWER,
        "submitted_at": datetime.fromisoformat("2026-11-23T02:42:00+00:00").isoformat(),
    }
    assert pairs(slips.of(case(own, utc)))["受理时间"] == minute(NOW)
