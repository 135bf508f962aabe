"""The slips of requests and answers: what they say, what they never say, and that all is printed."""

import io
import re
from datetime import datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from central.applications.schemas import Order, Taken
from central.batches.schemas import List
from central.batches.schemas import Taken as BatchTaken
from central.cards.views import CardView
from hardware.printer import document as paper
from hardware.printer import layout
from hardware.printer.document import Qr, Text
from hardware.printer.slip import parts
from kiosk.services.answers import OtherPaper
from kiosk.slips import document, png
from kiosk.visit import Refusal
from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Service
from regulation.slips import Code, Heading, Line, Next, Pair, Rule, Slip
from tests.kiosk import slips_page
from tests.kiosk.slips_page import (
    ADULT,
    AGENT,
    CHILD,
    KEY,
    LIST,
    NOW,
    NUMBER,
    SECRETS,
    SERVICES,
    answer,
    body,
    card,
    case,
    part,
    refer,
    words,
)

RULES = slips_page.rules()
SPECIMENS = list(slips_page.specimens(RULES))
MM_80, MM_58 = 576, 384

every = pytest.mark.parametrize("told", SPECIMENS, ids=lambda specimen: specimen.name)
width = pytest.mark.parametrize("dots", [MM_80, MM_58])


@pytest.fixture
def slips():
    return slips_page.slips(RULES)


def pairs(slip):
    return {block.label: block.value for block in slip if isinstance(block, paper.Pair)}


def text(slip):
    return "\n".join(words(slip))


def codes(slip):
    return [block.data for block in slip if isinstance(block, Qr)]


def bare(texts):
    """What is said, whatever its line breaks."""
    return "".join("".join(each.split()) for each in texts)


@every
def test_nothing_personal_is_on_a_slip_1_1_2(told):
    said = text(told.slip)
    assert [secret for secret in SECRETS if secret in said] == []


@every
def test_a_slip_has_its_title_and_what_to_do_next_in_large_type(told):
    title, _line, first, *_ = told.slip
    assert isinstance(title, Text)
    assert title.bold
    assert isinstance(first, Text)
    assert first.size == 2


@every
@width
def test_every_word_is_laid_out_and_no_line_is_too_wide(told, dots):
    items = list(layout.rows(told.slip, dots))
    lines = [item for item in items if isinstance(item, layout.Row)]
    for line in lines:
        for x, piece in line.pieces:
            assert x + layout.width(piece, line.size) <= dots
        for (x, piece), (after, _) in zip(line.pieces, line.pieces[1:], strict=False):
            assert x + layout.width(piece) < after or not piece
    # labels and values stand in columns: so every character is counted, not their order
    laid = "".join(line.text for line in lines)
    told_words = [each for each in words(told.slip) if each not in codes(told.slip)]
    assert sorted(bare([laid])) == sorted(bare(told_words))


@every
@width
def test_a_number_that_is_read_aloud_is_not_broken(told, dots):
    lines = [line.text for line in layout.rows(told.slip, dots) if isinstance(line, layout.Row)]
    for block in told.slip:
        if isinstance(block, paper.Pair) and block.label in {
            "凭证号",
            "批次号",
            "查询码",
            "原凭证",
        }:
            assert any(line.endswith(block.value) for line in lines)


@every
@width
def test_the_picture_has_the_codes_that_can_be_read(told, dots):
    with Image.open(io.BytesIO(png(told.slip, dots))) as picture:
        assert picture.width == dots
        found = sorted(code.text for code in zxingcpp.read_barcodes(picture))
    assert found == sorted(codes(told.slip))


@every
@width
def test_a_printer_in_text_mode_is_told_the_same(told, dots):
    sent = b"".join(part.data for part in parts(told.slip, dots, "text"))
    for code in codes(told.slip):
        assert sent.count(b"1P0" + code.encode()) == codes(told.slip).count(code)
    rules = sum(isinstance(block, paper.Rule) for block in told.slip)
    written = _written(sent)
    assert written.count("-" * (dots // layout.HALF)) == rules
    rows = [item.text for item in layout.rows(told.slip, dots) if isinstance(item, layout.Row)]
    assert bare([written.replace("-" * (dots // layout.HALF), "")]) == bare(rows)


def _written(sent: bytes) -> str:
    """The characters in what is sent to a printer, without its commands."""
    sent = re.sub(rb"\x1d\(k(..)", lambda found: b"\x00" + found[1], sent, flags=re.DOTALL)
    out = b""
    while sent:
        if sent[0] == 0:  # a function of the symbol: its length, then so many bytes
            sent = sent[3 + int.from_bytes(sent[1:3], "little") :]
        elif sent[:1] in {b"\x1b", b"\x1d"}:  # one letter, one number
            sent = sent[3:]
        else:
            out, sent = out + sent[:1], sent[1:]
    return out.decode("gb18030")


@pytest.mark.parametrize(
    "cell",
    [cell for cell in RULES.cells() if cell.allowed and cell.channel is Channel.KIOSK],
    ids=lambda cell: f"{cell.service}-{cell.applicant}",
)
def test_everybody_the_kiosk_serves_gets_a_slip_by_their_clause(slips, cell):
    listed = cell.service is Service.NEW_BATCH
    one = (body(cell.service, cell.applicant), answer(cell.service))
    slip = slips.of(case(*((LIST, part(2)) if listed else one)))
    said = pairs(slip)
    assert said["批次号" if listed else "凭证号"] in codes(slip)[0]
    assert said["时间"] == "2026年11月23日 10:42"
    assert all(clause in text(slip) for clause in cell.clause.split(","))
    assert ("代办人" in said) is cell.applicant.startswith("agent")


@pytest.mark.parametrize("service", sorted(set(Service) - {*SERVICES, Service.NEW_BATCH}))
def test_a_service_without_a_slip_of_its_own_has_a_plain_one(slips, service):
    """The switches may bring one here: activation (A4), the status (A16)."""
    slip = slips.of(case(body(service), answer(service)))
    assert pairs(slip)["凭证号"] == NUMBER
    assert "业务已办好" in text(slip)


def test_every_kind_of_block_is_printed():
    blocks = (Next("下一步"), Heading("标题"), Pair("名", "值"), Line("一句"), Code("v1"), Rule())
    slip = document(Slip("凭证", blocks))
    assert words(slip) == ["凭证", "下一步", "标题", "名", "值", "一句", "v1"]
    assert sum(isinstance(block, paper.Rule) for block in slip) == 2


@pytest.mark.parametrize("service", SERVICES)
def test_the_specimens_are_what_the_centre_takes_and_tells(service):
    Order.model_validate(body(service))
    assert set(answer(service)) <= set(Taken.model_fields)
    assert set(card(service)) <= set(CardView.model_fields)


def test_the_specimen_lists_are_what_the_centre_takes_and_tells():
    assert set(LIST) - {"signature"} == set(List.model_fields)
    assert set(part()) <= set(BatchTaken.model_fields)


def test_a_voucher_for_a_child_names_both_papers_1_1_1_2(slips):
    new = Service.NEW_INDIVIDUAL
    said = pairs(slips.of(case(body(new, Applicant.AGENT_MINOR), answer(new))))
    assert said["请带"] == "申办人户口簿原件、代办人身份证原件"


def test_a_reprint_is_marked(slips):
    """F31."""
    told = case(body(Service.LOSS_REPORT), answer(Service.LOSS_REPORT))
    assert "补打" in text(slips.of(told, reprint=True))
    assert "补打" not in text(slips.of(told))


@pytest.mark.parametrize(
    ("mark", "label"),
    [
        ("sign_at_window", "签字"),
        ("officer_card_review", "核验"),
        ("address_at_window", "地址"),
        ("portrait_review", "照片"),
    ],
)
def test_what_is_left_for_the_window_is_on_the_voucher_1_1_2_1(slips, mark, label):
    new = Service.NEW_INDIVIDUAL
    assert label in pairs(slips.of(case(body(new, marks=[mark]), answer(new))))
    assert label not in pairs(slips.of(case(body(new), answer(new))))


def test_the_bank_has_its_own_hotline_6_2_3(slips):
    loss = Service.LOSS_REPORT
    assert pairs(slips.of(case(body(loss), answer(loss))))["银行"] == "重庆银行 956023"
    strange = answer(loss, card=card(loss, bank=None))
    assert "银行客服电话见卡背面" in pairs(slips.of(case(body(loss), strange)))["银行"]


def test_a_query_slip_while_the_result_is_not_known(slips):
    """F33: no voucher number, no code for the window, and no second application."""
    slip = slips.of(case(body(Service.NEW_INDIVIDUAL), {}))
    assert "待核验" in text(slip)
    assert "不要重复申请" in text(slip)
    assert NUMBER not in text(slip)
    assert codes(slip) == []
    assert pairs(slip)["查询码"].startswith("0C3F-1C1E-")


def test_who_has_no_id_card_is_not_sent_to_lay_it_on_the_reader(slips):
    """F33: the kiosk gives a voucher again to an ID card alone."""
    passport = dict(ADULT, paper=Paper.PASSPORT.value, number="E12345678")
    slip = slips.of(case(body(Service.NEW_INDIVIDUAL, applicant=passport), {}))
    assert "身份证放在本机" not in text(slip)
    assert "报查询码" in text(slip)


@pytest.mark.parametrize("told", [{}, answer(Service.PIN_RESET)], ids=["unanswered", "answered"])
def test_a_pin_that_nobody_knows_has_the_doubt_slip(slips, told):
    """F26, whatever the centre says."""
    slip = slips.of(case(body(Service.PIN_RESET, outcome="unknown"), told))
    assert "办理密码重置" in text(slip)
    assert "密码已重置" not in text(slip)
    assert ("凭证号" in pairs(slip)) is bool(told)


def test_a_batch_of_the_journal_has_its_voucher_1_2_2_2(slips):
    said = pairs(slips.of(case(LIST, part())))
    assert said["批次号"] == "CQ-0017-20261123-0041-K"
    assert said["单位"].startswith("915***")
    assert said["领卡"].startswith("2026年12月7日前")
    assert "不要重复提交" in text(slips.of(case(LIST, {})))


def test_a_long_list_has_all_its_parts_on_one_slip_1_2_2_2(slips):
    slip = slips.batch(LIST, part(1), part(2, left_out=0), unit="示例科技有限公司")
    assert len(codes(slip)) == 2
    assert "第 2 份，共 2 份" in text(slip)
    assert pairs(slip)["人数"] == "名单 238 人，已收 236 人"
    assert pairs(slip)["单位"] == "示******司"


def test_what_was_mended_is_told_with_the_number_sent_back(slips):
    new = Service.NEW_INDIVIDUAL
    slip = slips.mended(case(body(new), answer(new)), ("照片", "签字"), "CQ-0017-20261120-0007-M")
    assert pairs(slip)["已补正"] == "照片、签字"
    assert pairs(slip)["原凭证"] == "CQ-0017-20261120-0007-M"


def test_a_referral_says_why_where_and_with_what():
    """F03."""
    said = text(refer(RULES, Service.NEW_INDIVIDUAL, Applicant.SELF, Refusal("F03", "1.1.1")))
    assert "（F03）" in said
    assert "1.1.1" in said
    assert "服务窗口" in said
    assert "身份证" in said


@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize("kind", Applicant)
def test_there_is_a_referral_for_every_service_and_everybody_with_a_clause(service, kind):
    """F49: where to, and by which clause."""
    slip = refer(RULES, service, kind, Refusal("F49"))
    cell = RULES.cell(service, kind, Channel.WINDOW)
    assert pairs(slip)["业务"] == RULES.words[service].zh
    assert pairs(slip)["请带"]
    assert all(clause in text(slip) for clause in cell.clause.split(","))


def test_the_referral_of_a_visit_goes_by_the_age_in_the_childs_number(slips):
    """The agent said adult; the child's paper says otherwise: the household book serves (A5)."""
    facts = {
        "today": NOW.date(),
        "who": Applicant.AGENT_ADULT,
        "applicant": OtherPaper(),
        "other_paper": Paper.HOUSEHOLD_REGISTER,
        "paper_number": CHILD["number"],
        "paper_name": CHILD["name"],
    }
    slip = slips.referral(Service.REPLACE_INDIVIDUAL, facts, Refusal("F35"), NOW)
    assert "户口簿" in text(slip)
    assert "护照" not in text(slip)


@pytest.mark.parametrize(
    ("code", "instead"),
    [
        ("F12", Service.REPLACE_INDIVIDUAL),
        ("F13", Service.BATCH_TO_INDIVIDUAL),
        ("F20", Service.ACTIVATE),
        ("F22", Service.PIN_RESET),
        ("F16", Service.LOSS_CANCEL),
        ("card_locked", Service.UNLOCK),
    ],
)
def test_who_needs_another_service_is_told_its_ways(code, instead):
    slip = refer(RULES, Service.NEW_INDIVIDUAL, Applicant.SELF, Refusal(code, "1.1.2"))
    assert pairs(slip)["改办"] == RULES.words[instead].zh
    here = RULES.cell(instead, Applicant.SELF, Channel.KIOSK).allowed
    assert ("请在自助机上办理" in text(slip)) is here


@pytest.mark.parametrize("code", ["F14", "F17", "F28"])
def test_nobody_is_sent_to_a_window_that_cannot_help(code):
    slip = refer(RULES, Service.LOSS_CANCEL, Applicant.SELF, Refusal(code, "6.2"))
    assert "请到就近的" not in text(slip)
    assert "023-12333" in text(slip)


def test_who_reports_a_card_lost_again_is_told_of_the_replacement_3_1_2_2():
    slip = refer(RULES, Service.LOSS_REPORT, Applicant.SELF, Refusal("F16", "6.2"))
    assert pairs(slip)["改办"] == RULES.words[Service.REPLACE_INDIVIDUAL].zh


def test_an_agent_for_a_pin_change_is_offered_the_reset_5_1_2():
    slip = refer(RULES, Service.PIN_CHANGE, Applicant.AGENT_ADULT, Refusal("F49"))
    assert pairs(slip)["改办"] == "密码重置"
    assert "申办人：社保卡原件" in text(slip)


@pytest.mark.parametrize("code", ["F32", "F35"])
def test_a_loss_goes_to_12333_while_the_centre_is_down_6_2_1(code):
    slip = refer(RULES, Service.LOSS_REPORT, Applicant.SELF, Refusal(code))
    assert "请立即拨打\n12333 挂失" in text(slip)
    assert "没有为您挂失" in text(slip)
    assert "12333 挂失" not in text(refer(RULES, Service.PIN_RESET, Applicant.SELF, Refusal(code)))


def test_times_are_the_places_own(slips):
    """An answer in another offset is the same moment on the slip."""
    new = Service.NEW_INDIVIDUAL
    utc = datetime.fromisoformat("2026-11-23T02:42:00+00:00").isoformat()
    slip = slips.of(case(body(new), answer(new, submitted_at=utc)))
    assert pairs(slip)["时间"] == "2026年11月23日 10:42"


def test_the_page_is_what_the_slips_are():
    """Cure: python -m tests.kiosk.slips_page > docs/slips.md."""
    assert Path("docs/slips.md").read_text("utf-8") == slips_page.page(RULES)


def test_the_secrets_are_what_the_specimens_hold():
    """A law over secrets that nobody has would never fail."""
    held = {ADULT["name"], ADULT["number"], AGENT["number"], CHILD["number"], LIST["unit"]}
    assert held <= set(SECRETS)
    assert KEY not in SECRETS
