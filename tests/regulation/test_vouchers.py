"""What slips say and never say, whatever they are told."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Service, load_rules
from regulation.slips import Code, Heading, Line, Next, Pair, Slip
from regulation.vouchers import (
    Batch,
    BatchPart,
    Card,
    Errors,
    LossByPhone,
    Origin,
    Person,
    Query,
    Receipt,
    Referral,
    RowError,
    batch_voucher,
    doubt,
    error_list,
    loss_by_phone,
    materials,
    mending,
    query,
    receipt,
    referral,
)
from regulation.vouchers.batches import MOST_ERRORS
from regulation.vouchers.receipts import MARKS, REASONS

RULES = load_rules(Path(__file__).parents[2] / "config" / "rules.toml")
CHINA = timezone(timedelta(hours=8))
NUMBER = "CQ-0017-20261123-0042-K"
QR = f"v1|{NUMBER}|00112233445566778899aabbccddeeff"
CELLS = [cell for cell in RULES.cells() if cell.channel is Channel.KIOSK and cell.allowed]
ORIGIN = Origin("渝北区社保服务大厅", "0017", datetime(2026, 11, 23, 9, 41, tzinfo=CHINA))

# characters of names that are in no sentence of a slip
names = st.text("赵钱孙周吴郑冯褚卫蒋沈韩杨朱秦尤许何吕", min_size=2, max_size=4) | st.just(
    "CHAN TAI"
)
numbers = st.from_regex(r"[1-9][0-9]{16}[0-9X]|[EHM][0-9]{8}|[A-Z0-9]{9}", fullmatch=True)
people = st.builds(Person, names, st.sampled_from(Paper), numbers)
phones = st.from_regex(r"1[3-9][0-9]{9}|023-[0-9]{8}", fullmatch=True)
cards = st.builds(
    Card,
    number=st.from_regex(r"62[0-9]{14}", fullmatch=True),
    state=st.sampled_from(["", "正常", "挂失", "临时挂失", "封存（未启用）"]),
    sealed=st.booleans(),
    bank=st.sampled_from(["", "重庆银行", "重庆农村商业银行"]),
    expires_at=st.none() | st.just(datetime(2026, 12, 8, 9, 41, tzinfo=CHINA)),
)
receipts = st.builds(
    Receipt,
    cell=st.sampled_from(CELLS),
    service=st.just("业务名"),
    voucher_no=st.just(NUMBER),
    qr=st.just(QR),
    holder=people,
    agent=st.none() | people,
    origin=st.just(ORIGIN),
    phone=st.none() | phones,
    window=st.sampled_from(["3", "12", "A103"]),
    due_at=st.none() | st.just(datetime(2026, 11, 24, 9, 41, tzinfo=CHINA)),
    reason=st.sampled_from(["", *REASONS]),
    portrait=st.sampled_from(["", "keep", "change"]),
    fee_fen=st.sampled_from([0, 2500, 2550]),
    card=st.none() | cards,
    hotline=st.sampled_from(["", "956023"]),
    marks=st.lists(st.sampled_from([*MARKS, "scene_photo_missing"]), unique=True).map(tuple),
    mended=st.sampled_from([(), ("照片",), ("照片", "签字")]),
    earlier=st.sampled_from(["", "CQ-0017-20261120-0007-M"]),
)
queries = st.builds(
    Query,
    cell=st.sampled_from(CELLS),
    service=st.just("业务名"),
    code=st.just("3F2A-91BC-K"),
    holder=people,
    agent=st.none() | people,
    origin=st.just(ORIGIN),
    voucher_no=st.sampled_from(["", NUMBER]),
    by_paper=st.booleans(),
)
BATCH = next(cell for cell in CELLS if cell.service is Service.NEW_BATCH)
batch_parts = st.builds(
    BatchPart,
    batch_no=st.just(NUMBER),
    qr=st.just(QR),
    taken=st.integers(0, 2000),
    left_out=st.integers(0, 2000),
    due_on=st.dates(date(2026, 11, 23), date(2027, 12, 31)),
    due_sure=st.booleans(),
)
batches = st.builds(
    Batch,
    cell=st.just(BATCH),
    service=st.just("批量新办卡"),
    unit=st.sampled_from(["91500000MA5U000X1Q", "示例科技有限公司"]),
    clerk=people,
    parts=st.lists(batch_parts, min_size=1, max_size=5).map(tuple),
    origin=st.just(ORIGIN),
    outlet=st.sampled_from(["", "W301"]),
    fee_fen=st.sampled_from([0, 50000]),
    pick_up=st.just(()),
)
SOLO = Person("赵小三", Paper.RESIDENT_ID, "11010519491231002X")
AGENT = Person("钱五", Paper.RESIDENT_ID, "500103200002290021")


def row(service, applicant=Applicant.SELF, channel=Channel.KIOSK):
    return RULES.cell(service, applicant, channel)


def told(service, applicant=Applicant.SELF, **more):
    agent = None if applicant is Applicant.SELF else AGENT
    cell = row(service, applicant)
    name = RULES.words[service].zh
    return Receipt(cell, name, NUMBER, QR, SOLO, agent, ORIGIN, **({"window": "3"} | more))


def asked(service, **more):
    return Query(row(service), RULES.words[service].zh, "3F2A-91BC-K", SOLO, None, ORIGIN, **more)


def referred(service, applicant=Applicant.SELF, **more):
    cell = row(service, applicant, Channel.WINDOW)
    ways = RULES.nearest(service, applicant)
    told = Referral(cell, RULES.words[service].zh, "不能在这里办。", cell.clause, ways, ORIGIN)
    return replace(told, **more)


def words(slip: Slip) -> list[str]:
    """Every text on a slip, in order."""
    found = [slip.title]
    for block in slip.blocks:
        match block:
            case Next(text) | Heading(text) | Line(text) | Code(text):
                found.append(text)
            case Pair(label, value):
                found += [label, value]
    return found


def text(slip: Slip) -> str:
    return "\n".join(words(slip))


def value(slip: Slip, label: str) -> list[str]:
    return [each.value for each in slip.blocks if isinstance(each, Pair) and each.label == label]


def codes(slip: Slip) -> list[str]:
    return [each.data for each in slip.blocks if isinstance(each, Code)]


def reads_well(slip: Slip, clause: str) -> None:
    """Laws of every slip."""
    first = slip.blocks[0]
    assert isinstance(first, Next), "what to do next comes first"
    for block in slip.blocks:
        if isinstance(block, Next):  # double size on 58 mm: 16 half columns, unless a word is alien
            assert all(_halves(line) <= 16 for line in block.text.split("\n")), block
        if isinstance(block, Pair):
            assert len(block.label) <= 3 or block.label.startswith("第"), block
            assert block.value
    source = words(slip)[-1]
    assert source.startswith("依据：《重庆市第三代社保卡业务经办服务规程》")
    assert all(each in source for each in clause.split(","))
    assert "工作日" not in text(slip)
    assert "小时" not in text(slip).replace("96小时", "")


def keeps_secret(slip: Slip, *who: Person | None, more: tuple[str | None, ...] = ()) -> None:
    secrets = [secret for each in who if each for secret in (each.name, each.number)]
    said = text(slip)
    assert not [secret for secret in (*secrets, *more) if secret and secret in said]


def _halves(line: str) -> int:
    return sum(1 if character.isascii() else 2 for character in line)


@given(receipts, st.booleans())
def test_a_receipt_reads_well_and_keeps_secrets_1_1_2(told, reprint):
    for slip in (receipt(told, reprint=reprint), mending(told, reprint=reprint)):
        reads_well(slip, told.cell.clause)
        keeps_secret(
            slip, told.holder, told.agent, more=(told.phone, told.card and told.card.number)
        )
        assert slip.title.endswith("（补打）") is reprint
        assert codes(slip) == [QR]
        assert value(slip, "凭证号") == [NUMBER]


@given(queries)
def test_a_query_slip_reads_well_and_keeps_secrets_1_1_2(told):
    for slip in (query(told), doubt(told)):
        reads_well(slip, told.cell.clause)
        keeps_secret(slip, told.holder, told.agent)
        assert codes(slip) == []
        assert "待核" in slip.title


@given(batches)
def test_a_batch_voucher_reads_well_and_keeps_secrets_1_2_2(told):
    slip = batch_voucher(told)
    reads_well(slip, told.cell.clause)
    keeps_secret(slip, told.clerk, more=(told.unit,))
    assert codes(slip) == [part.qr for part in told.parts]
    last = max(part.due_on for part in told.parts)
    (due,) = value(slip, "领卡")
    assert due.startswith(f"{last.year}年{last.month}月{last.day}日")
    assert ("以实际为准" in due) is not all(part.due_sure for part in told.parts)
    taken = sum(part.taken for part in told.parts)
    everybody = taken + sum(part.left_out for part in told.parts)
    assert value(slip, "人数") == [f"名单 {everybody} 人，已收 {taken} 人"]


@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize("applicant", Applicant)
def test_a_referral_reads_well_6_2(service, applicant):
    told = referred(service, applicant)
    for slip in (referral(told), materials(told)):
        reads_well(slip, told.clause)
        assert value(slip, "业务") == [RULES.words[service].zh]
        assert value(slip, "请带")


@given(
    st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
)
def test_a_reason_shows_no_number_1_1_2(number, mobile):
    told = referred(Service.PIN_RESET, reason=f"证件号码{number}有误，电话{mobile}")
    said = text(referral(told))
    assert number not in said
    assert mobile not in said


def test_what_slips_are_made_of_is_not_shown_by_its_repr():
    batch = Batch(BATCH, "批量新办卡", "示例科技有限公司", AGENT, (), ORIGIN)
    shown = f"{told(Service.PIN_RESET, Applicant.AGENT_ADULT, phone='13812341234')!r}{batch!r}"
    secrets = (SOLO.name, SOLO.number, AGENT.name, AGENT.number, "13812341234", batch.unit)
    assert not [secret for secret in secrets if secret in shown]


def test_a_new_card_is_made_at_the_window_1_1_2_2():
    due = datetime(2026, 11, 24, 9, 41, tzinfo=CHINA)
    slip = receipt(told(Service.NEW_INDIVIDUAL, phone="13812341234", due_at=due))
    assert slip.title == "自助业务受理凭证"
    assert slip.blocks[0] == Next("请持本凭证\n到 3 号窗口\n等待制卡")
    assert value(slip, "申办人") == ["赵*三"]
    assert value(slip, "身份证") == ["110***********002X"]
    assert value(slip, "手机") == ["138****1234"]
    assert value(slip, "请带") == ["身份证原件"]
    assert value(slip, "费用") == ["首次申领免费"]
    assert value(slip, "时限") == ["一般当场制卡领取，最迟 2026年11月24日 09:41"]
    assert "023-12333" in value(slip, "查询")[0]


def test_the_agents_paper_is_brought_too_1_1_1_2():
    slip = receipt(told(Service.NEW_INDIVIDUAL, Applicant.AGENT_ADULT))
    assert value(slip, "代办人") == ["钱*"]
    assert value(slip, "请带") == ["申办人身份证原件、代办人身份证原件"]


def test_no_phone_and_landlines_are_told_4():
    assert value(receipt(told(Service.NEW_INDIVIDUAL)), "手机") == ["未留"]
    slip = receipt(told(Service.NEW_INDIVIDUAL, phone="023-12345678"))
    assert value(slip, "电话") == ["023-****5678"]


@pytest.mark.parametrize(
    ("reason", "kind", "old"),
    [
        ("lost", "补领", "找到后也不能再用"),
        ("damaged", "换领", "交回窗口"),
        ("data_changed", "换领", "交回窗口"),
        ("expired", "换发", "交回窗口"),
        ("renewed", "换发", "交回窗口"),
    ],
)
def test_a_replacement_is_paid_and_made_at_the_window_3_1_2_2(reason, kind, old):
    slip = receipt(told(Service.REPLACE_INDIVIDUAL, reason=reason, portrait="change", fee_fen=2500))
    assert "结清费用" in slip.blocks[0].text
    assert value(slip, "业务") == [f"社保卡{kind} · 本人"]
    assert value(slip, "照片") == ["更换照片"]
    assert value(slip, "费用") == ["25 元，以窗口为准，在窗口缴纳或抵扣"]
    assert "城镇低保" in value(slip, "减免")[0]
    assert old in value(slip, "旧卡")[0]
    assert value(slip, "银行") == ["旧卡金融账户请到银行办理"]


def test_a_replacement_promises_no_hours_3_1_3():
    due = datetime(2026, 11, 24, 9, 41, tzinfo=CHINA)
    slip = receipt(told(Service.REPLACE_INDIVIDUAL, reason="lost", due_at=due))
    assert value(slip, "时限") == ["一般现场制卡领取"]
    assert "11月24日" not in text(slip)


def test_a_fee_has_no_float_error_3_1_2():
    slip = receipt(told(Service.REPLACE_INDIVIDUAL, reason="lost", fee_fen=2930))
    assert value(slip, "费用")[0].startswith("29.30 元，")


@pytest.mark.parametrize("service", [Service.PIN_CHANGE, Service.PIN_RESET])
def test_the_bank_pin_is_said_to_be_untouched_5_2_2(service):
    slip = receipt(told(service))
    assert Heading("银行密码没有改变") in slip.blocks
    assert "请取走社保卡" in slip.blocks[0].text


def test_only_an_agents_reset_is_told_to_the_holder_5_1_2():
    """Reading A10: the centre tells the holder's registered phone of an agent's reset alone."""
    assert "登记的手机" in text(receipt(told(Service.PIN_RESET, Applicant.AGENT_ADULT)))
    assert "登记的手机" not in text(receipt(told(Service.PIN_RESET)))


def test_a_loss_is_named_as_the_centre_names_it_6_2_3():
    """Reading A14: kind and end are returned, never computed."""
    until = datetime(2026, 12, 8, 9, 41, tzinfo=CHINA)
    card = Card("6217001234567890", "临时挂失", bank="重庆银行", expires_at=until)
    slip = receipt(told(Service.LOSS_REPORT, card=card, hotline="956023"))
    assert slip.blocks[0] == Next("社保卡已临时挂失\n银行请另外挂失")
    assert value(slip, "到期")[0].startswith("2026年12月8日 09:41")
    assert value(slip, "银行") == ["重庆银行 956023"]
    assert value(slip, "社保卡") == ["尾号 7890 · 重庆银行"]
    assert value(slip, "补领")
    formal = receipt(told(Service.LOSS_REPORT, card=Card("6217001234567890", "挂失")))
    assert value(formal, "到期") == []
    assert "银行客服电话见卡背面" in value(formal, "银行")[0]


def test_a_card_that_was_never_activated_is_released_as_it_was_6_2_3():
    sealed = Card("6217001234567890", "封存（未启用）", sealed=True)
    assert "还没有启用" in text(receipt(told(Service.LOSS_CANCEL, card=sealed)))
    active = Card("6217001234567890", "正常")
    slip = receipt(told(Service.LOSS_CANCEL, card=active))
    assert value(slip, "卡状态") == ["正常"]
    assert "还没有启用" not in text(slip)


def test_a_query_slip_promises_the_voucher_for_24_hours_1_1_2_2():
    slip = query(asked(Service.NEW_INDIVIDUAL))
    assert value(slip, "查询码") == ["3F2A-91BC-K"]
    assert "2026年11月24日 09:41" in text(slip)
    assert "2026年11月24日" not in text(query(asked(Service.NEW_INDIVIDUAL, by_paper=False)))


def test_a_loss_without_an_answer_is_sent_to_the_telephone_6_2_1():
    assert "12333" in query(asked(Service.LOSS_REPORT)).blocks[0].text


def test_a_pin_in_doubt_is_reset_not_tried_5_2_2():
    """F26: a reset may be repeated; trying PINs blocks the card."""
    slip = doubt(asked(Service.PIN_RESET, voucher_no=NUMBER))
    assert "密码重置" in slip.blocks[0].text
    assert "不要反复试密码" in text(slip)
    assert value(slip, "凭证号") == [NUMBER]


def test_a_batch_is_picked_up_where_it_was_handed_in_1_2_3():
    part = BatchPart(NUMBER, QR, 118, 2, date(2026, 12, 7), due_sure=False)
    slip = batch_voucher(
        Batch(BATCH, "批量新办卡", "示例科技有限公司", AGENT, (part,), ORIGIN, "W301")
    )
    assert value(slip, "单位") == ["示******司"]
    assert value(slip, "经办人") == ["钱*"]
    assert value(slip, "领卡") == ["2026年12月7日前制成，以实际为准"]
    assert "原提交" in value(slip, "网点")[0]
    assert value(slip, "未收") == ["2 人，改正后可另行提交"]
    said = text(slip)
    assert all(words in said for words in ("加盖单位公章的介绍信", "96小时", "身份证原件或社保卡"))


def test_errors_are_told_in_the_lists_order_with_their_cure_1_2_1():
    errors = (RowError(12, "手机", "手机应为11位号码"), RowError(3, "姓名", "没有填写，请补上"))
    slip = error_list(Errors("批量新办卡", BATCH.clause, 120, errors, ORIGIN))
    reads_well(slip, BATCH.clause)
    assert value(slip, "名单") == ["共 120 行，2 行有问题"]
    rows = [each for each in slip.blocks if isinstance(each, Pair) and each.label.startswith("第")]
    assert rows == [Pair("第3行", "姓名：没有填写，请补上"), Pair("第12行", "手机应为11位号码")]


def test_an_error_list_has_an_end_and_says_so_1_2_1():
    errors = tuple(RowError(n, "手机", "请补上") for n in range(1, MOST_ERRORS + 8))
    slip = error_list(Errors("批量新办卡", BATCH.clause, 100, errors, ORIGIN, qr="v1|list"))
    rows = [each for each in slip.blocks if isinstance(each, Pair) and each.label.startswith("第")]
    assert len(rows) == MOST_ERRORS
    assert "还有 7 处" in text(slip)
    assert codes(slip) == ["v1|list"]


def test_an_error_list_shows_no_number_a_cure_may_hold_1_2_1():
    errors = (
        RowError(1, "证件号码", f"{SOLO.number}与第2行重复"),
        RowError(0, "", "请另存为.xlsx"),
    )
    slip = error_list(Errors("批量新办卡", BATCH.clause, 2, errors, ORIGIN))
    assert SOLO.number not in text(slip)
    assert value(slip, "文件") == ["请另存为.xlsx"]
    assert value(slip, "名单") == ["共 2 行，1 行有问题"]


def test_a_referral_says_where_with_what_and_why_1_3():
    slip = referral(referred(Service.BATCH_TO_INDIVIDUAL, place="渝北区龙山街道1号"))
    assert slip.blocks[0] == Next("请到就近的\n社保卡服务窗口")
    assert value(slip, "请带") == [
        "本人：身份证、港澳台居民来往内地通行证、护照、军官证原件（任带一种）"
    ]
    assert value(slip, "地点")[0] == "渝北区龙山街道1号"
    assert Heading("不能在这里办。") in slip.blocks


def test_whoever_else_has_to_come_is_named_first_1_3():
    slip = referral(referred(Service.BATCH_TO_INDIVIDUAL, Applicant.AGENT_ADULT))
    assert slip.blocks[0].text.startswith("请本人\n")


def test_a_referral_names_two_ways_at_most_6_2():
    told = referred(Service.LOSS_REPORT)
    assert len(told.ways) > 2
    assert len(value(referral(told), "或者")) == 1


def test_a_referral_without_a_way_gives_the_telephone_6_2():
    slip = referral(referred(Service.LOSS_CANCEL, ways=()))
    assert slip.blocks[0] == Next("有疑问请拨打\n023-12333")


@pytest.mark.parametrize(
    "cell",
    [cell for cell in RULES.cells() if cell.allowed],
    ids=lambda c: f"{c.service}-{c.applicant}-{c.channel}",
)
def test_every_way_can_be_told(cell):
    slip = referral(referred(cell.service, cell.applicant, ways=(cell,)))
    photo_named = any("登记照" in each and "U盘" not in each for each in value(slip, "请带"))
    assert photo_named is (cell.photo not in ("", "no"))
    assert bool(value(slip, "费用")) is bool(cell.fee)
    assert any("明细表" in each for each in value(slip, "请带")) is cell.service.endswith("_batch")


def test_a_loss_goes_to_12333_while_the_centre_is_down_6_2_1():
    slip = loss_by_phone(LossByPhone("6.2(1)", ORIGIN, bank="重庆银行", hotline="956023"))
    reads_well(slip, "6.2(1)")
    assert slip.blocks[0] == Next("请立即拨打\n12333 挂失")
    assert Heading("网络中断，本机没有为您挂失") in slip.blocks
    assert value(slip, "银行") == ["重庆银行 956023"]
    agents = loss_by_phone(LossByPhone("6.2(1)", ORIGIN, by_agent=True))
    reads_well(agents, "6.2(1)")
    assert agents.blocks[0].text.startswith("请持卡人本人")
