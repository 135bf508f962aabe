"""Voucher numbers, and what the slips say and never say."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Service, load_rules
from regulation.slips import Code, Heading, Line, Pair, Rule, Slip
from regulation.vouchers import (
    ALPHABET,
    NewCardVoucher,
    Person,
    QuerySlip,
    ReferralSlip,
    check_character,
    is_voucher_number,
    new_card_voucher,
    query_code,
    query_slip,
    referral_slip,
    voucher_number,
)

RULES = load_rules(Path(__file__).parents[2] / "config" / "rules.toml")
CHINA = timezone(timedelta(hours=8))
DAY = date(2026, 11, 23)
NUMBER = voucher_number("0017", DAY, 42)
HOLDER = Person("张小三", Paper.RESIDENT_ID, "11010519491231002X")
AGENT = Person("王五", Paper.RESIDENT_ID, "500103200002290021")
PHONE = "13812341234"
SECRETS = (HOLDER.name, HOLDER.number, AGENT.name, AGENT.number, PHONE)


def row(service=Service.NEW_INDIVIDUAL, applicant=Applicant.SELF, channel=Channel.KIOSK):
    return RULES.cell(service, applicant, channel)


TOLD = NewCardVoucher(
    voucher_no=NUMBER,
    qr=f"v1|{NUMBER}|00112233445566778899aabbccddeeff",
    cell=row(),
    holder=HOLDER,
    agent=None,
    phone=PHONE,
    accepted_at=datetime(2026, 11, 23, 9, 41, tzinfo=CHINA),
    due_at=datetime(2026, 11, 24, 9, 41, tzinfo=CHINA),
    site="渝北区社保服务大厅",
    kiosk_id="0017",
    window="3",
)
BY_AGENT = replace(TOLD, cell=row(applicant=Applicant.AGENT_ADULT), agent=AGENT)
QUERY = QuerySlip(
    code="3F2A-91BC-K",
    service="社保卡申领(个人新办)",
    holder=HOLDER,
    agent=AGENT,
    accepted_at=datetime(2026, 11, 23, 9, 41, tzinfo=CHINA),
    site="渝北区社保服务大厅",
    kiosk_id="0017",
)
REFERRAL = ReferralSlip(
    service="批量转零星",
    reason="单位已为您批量申领，急用请本人到窗口办理。",
    clause="1.3",
    ways=RULES.nearest(Service.BATCH_TO_INDIVIDUAL, Applicant.SELF),
    at=datetime(2026, 11, 23, 9, 41, tzinfo=CHINA),
    site="渝北区社保服务大厅",
    kiosk_id="0017",
    place="渝北区龙山街道1号",
)


def words(slip: Slip) -> list[str]:
    """Every text on a slip, in order."""
    found = [slip.title]
    for block in slip.blocks:
        match block:
            case Heading(text) | Line(text) | Code(text):
                found.append(text)
            case Pair(label, value):
                found += [label, value]
            case Rule():
                pass
    return found


def value(slip: Slip, label: str) -> list[str]:
    return [each.value for each in slip.blocks if isinstance(each, Pair) and each.label == label]


def test_the_check_character_is_of_iso_7064_mod_37_36():
    # the published example of the Global Release Identifier: A1-2425G-ABC1234002-M
    assert check_character("A1-2425G-ABC1234002") == "M"


def test_a_number_has_kiosk_day_and_sequence_1_1_2_2():
    assert NUMBER.startswith("CQ-0017-20261123-0042-")
    assert is_voucher_number(NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NUMBER[:-1],
        NUMBER.lower(),
        NUMBER + "\n",
        NUMBER.replace("-", ""),
        "CQ-0017-20261323-0042-" + check_character("CQ-0017-20261323-0042"),
        "CQ-0017-20261123-0000-" + check_character("CQ-0017-20261123-0000"),
        "CQ-0017-00000101-0001-" + check_character("CQ-0017-00000101-0001"),
    ],
)
def test_other_texts_are_no_numbers_1_1_2_2(text):
    assert not is_voucher_number(text)


numbers = st.builds(
    voucher_number,
    st.text(ALPHABET, min_size=4, max_size=4),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 9999),
)


@given(numbers, st.data())
def test_every_single_substitution_is_caught_1_1_2_2(number, data):
    places = [place for place, character in enumerate(number) if character != "-"]
    place, wrong = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(ALPHABET))
    assert is_voucher_number(number)
    if number[place] != wrong:
        assert not is_voucher_number(number[:place] + wrong + number[place + 1 :])


@given(numbers, st.data())
def test_the_check_alone_catches_single_substitutions_1_1_2_2(number, data):
    body, check = number[:-2], number[-1]
    place = data.draw(st.sampled_from([i for i, char in enumerate(body) if char != "-"]))
    wrong = data.draw(st.sampled_from(ALPHABET))
    if body[place] != wrong:
        assert check_character(body[:place] + wrong + body[place + 1 :]) != check


@pytest.mark.parametrize(
    ("kiosk", "sequence"), [("17", 1), ("00a7", 1), ("0017", 0), ("0017", 10000)]
)
def test_a_number_that_does_not_fit_is_a_mistake(kiosk, sequence):
    with pytest.raises(ValueError, match="kiosk"):
        voucher_number(kiosk, DAY, sequence)


def test_the_voucher_says_what_comes_next_1_1_2_2():
    slip = new_card_voucher(TOLD)
    assert slip.title == "自助业务受理凭证"
    assert value(slip, "凭证号") == [NUMBER]
    assert value(slip, "申办人") == ["张*三"]
    assert value(slip, "身份证") == ["110***********002X"]
    assert value(slip, "手机") == ["138****1234"]
    assert value(slip, "请带") == ["身份证原件"]
    assert value(slip, "费用") == ["首次申领免费"]
    assert Heading("请持本凭证到 3 号窗口等待制卡") in slip.blocks
    assert Code(TOLD.qr) in slip.blocks
    assert "023-12333" in value(slip, "查询")[0]
    assert "1.1.1(1)、1.1.2(2)、1.1.3(1)" in words(slip)[-1]
    assert not value(slip, "签字")
    assert not value(slip, "核验")


def test_the_voucher_gives_an_absolute_time_1_1_3_1():
    assert value(new_card_voucher(TOLD), "时限") == ["一般当场制卡领取，最迟 2026年11月24日 09:41"]


def test_the_agents_paper_is_brought_too_1_1_1_2():
    slip = new_card_voucher(BY_AGENT)
    assert value(slip, "代办人") == ["王*"]
    assert value(slip, "身份证") == ["110***********002X", "500***********0021"]
    assert value(slip, "请带") == ["申办人身份证原件、代办人身份证原件"]


def test_marks_are_printed_when_there_are_any_1_1_2_1():
    slip = new_card_voucher(replace(TOLD, sign_at_window=True, window_review=True, reprint=True))
    assert slip.title.endswith("（补打）")
    assert value(slip, "签字") == ["请到窗口签字确认"]
    assert value(slip, "核验") == ["请窗口核验证件原件"]


def test_no_phone_and_landlines_are_told_4():
    assert value(new_card_voucher(replace(TOLD, phone=None)), "手机") == ["未留"]
    assert value(new_card_voucher(replace(TOLD, phone="023-12345678")), "电话") == ["023-****5678"]


def test_a_paper_outside_the_row_is_a_mistake_1_1_1():
    with pytest.raises(ValueError, match="ss_card"):
        new_card_voucher(replace(TOLD, holder=replace(HOLDER, paper=Paper.SS_CARD)))
    with pytest.raises(ValueError, match="passport"):
        new_card_voucher(replace(BY_AGENT, agent=replace(AGENT, paper=Paper.PASSPORT)))


def test_a_query_slip_promises_the_voucher_for_24_hours_1_1_2_2():
    slip = query_slip(QUERY)
    assert "待核验" in slip.title
    assert value(slip, "查询码") == ["3F2A-91BC-K"]
    assert any("2026年11月24日 09:41" in text for text in words(slip))


def test_a_query_code_is_short_and_checked():
    code = query_code("3f2a91bc-0000-4000-8000-000000000000")
    assert code[:9] == "3F2A-91BC"
    assert code[-1] == check_character("3F2A91BC")


def test_a_referral_says_why_where_and_with_what_1_3():
    slip = referral_slip(REFERRAL)
    assert Heading(REFERRAL.reason) in slip.blocks
    assert value(slip, "办法") == ["就近的社保卡服务窗口，由本人办理"]
    assert value(slip, "请带") == [
        "本人：身份证、港澳台居民来往内地通行证、护照、军官证原件（任带一种）"
    ]
    assert value(slip, "地点") == ["渝北区龙山街道1号"]
    assert words(slip)[-1].endswith("1.3")


def test_a_referral_names_two_ways_at_most_6_2():
    ways = RULES.nearest(Service.LOSS_REPORT, Applicant.SELF)
    assert len(ways) > 2
    assert len(value(referral_slip(replace(REFERRAL, ways=ways)), "办法")) == 2


@pytest.mark.parametrize(
    "cell",
    [cell for cell in RULES.cells() if cell.allowed],
    ids=lambda c: f"{c.service}-{c.applicant}-{c.channel}",
)
def test_every_way_can_be_told(cell):
    slip = referral_slip(replace(REFERRAL, ways=(cell,)))
    assert value(slip, "办法")
    photo_named = any("登记照" in text for text in value(slip, "请带"))
    assert photo_named is (cell.photo not in ("", "no"))


@pytest.mark.parametrize(
    "slip",
    [
        new_card_voucher(BY_AGENT),
        query_slip(QUERY),
        referral_slip(replace(REFERRAL, reason=f"证件号码{HOLDER.number}有误，电话{PHONE}")),
    ],
)
def test_no_slip_has_a_full_name_number_or_phone_1_1_2(slip):
    assert not [secret for secret in SECRETS for text in words(slip) if secret in text]


def test_what_slips_are_made_of_is_not_shown_by_its_repr():
    shown = f"{BY_AGENT!r}{QUERY!r}"
    assert not [secret for secret in SECRETS if secret in shown]
