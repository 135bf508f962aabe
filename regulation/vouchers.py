"""The slips a citizen takes home: numbers, and the voucher, query and referral slips as data.

Every function masks what it is given: a slip holds no full number, name, phone or address.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from regulation.cells import Cell
from regulation.checklist import ENQUIRY, REGULATION, bring, way
from regulation.masks import mask_name, mask_number, mask_phone, mask_text
from regulation.papers import Paper
from regulation.slips import Block, Code, Heading, Line, Pair, Rule, Slip

__all__ = ["Code", "Heading", "Line", "Pair", "Rule", "Slip"]
__all__ += ["NewCardVoucher", "Person", "QuerySlip", "ReferralSlip"]
__all__ += ["check_character", "is_voucher_number", "query_code", "voucher_number"]
__all__ += ["new_card_voucher", "query_slip", "referral_slip"]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REPRINT = timedelta(hours=24)
"""How long the same ID on the kiosk gets the voucher again."""
MOST_WAYS = 2
"""How many ways a referral names: the nearest ones, not a catalogue."""


def check_character(text: str) -> str:
    """The check character of ISO 7064 MOD 37,36 over the letters and digits of a text."""
    product = 36
    for character in text.upper():
        if character in ALPHABET:
            product = (product + ALPHABET.index(character)) % 36 or 36
            product = product * 2 % 37
    return ALPHABET[(37 - product) % 36]


def voucher_number(kiosk: str, day: date, sequence: int) -> str:
    """`CQ-0017-20261123-0042-?`: kiosk (4 letters or digits), day, 1..9999 of that day, check.

    Raises ValueError for a kiosk or a sequence that does not fit.
    """
    if not re.fullmatch(r"[0-9A-Z]{4}", kiosk):
        raise ValueError("a kiosk id is four digits or capital letters")
    if not 1 <= sequence <= 9999:
        raise ValueError("a kiosk gives the numbers 1 to 9999 a day; use another kiosk id")
    body = f"CQ-{kiosk}-{day:%Y%m%d}-{sequence:04}"
    return f"{body}-{check_character(body)}"


def is_voucher_number(text: str) -> bool:
    """Whether a text is a voucher number: its form, a real day, a number from 1, the check."""
    found = re.fullmatch(r"CQ-([0-9A-Z]{4})-([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{4})-.", text)
    if found is None:
        return False
    kiosk, year, month, day, sequence = found.groups()
    try:
        return text == voucher_number(kiosk, date(int(year), int(month), int(day)), int(sequence))
    except ValueError:
        return False


def query_code(key: str) -> str:
    """A code of 8 and a check character for a request's key: short enough to read to a clerk."""
    short = "".join(character for character in key.upper() if character in ALPHABET)[:8]
    return f"{short[:4]}-{short[4:]}-{check_character(short)}"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a slip, as the paper says; the slip masks it."""

    name: str = field(repr=False)
    paper: Paper
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewCardVoucher:
    """What a voucher for a new card says. `cell` is the row of the rules it was accepted under.

    Times are local. `qr` is opaque, `v1|<voucher number>|<mac>`: no personal data. `window` is a
    number. `window_review`: a clerk has to look at the paper, which no machine could read.
    """

    voucher_no: str
    qr: str
    cell: Cell
    holder: Person
    agent: Person | None
    phone: str | None = field(repr=False)
    accepted_at: datetime
    due_at: datetime
    site: str
    kiosk_id: str
    window: str
    sign_at_window: bool = False
    window_review: bool = False
    photo_review: bool = False
    address_at_window: bool = False
    reprint: bool = False


def new_card_voucher(told: NewCardVoucher) -> Slip:
    """The voucher for a new card (自助业务受理凭证). Source: 规程 1.1.2(2), 1.1.3(1), 2.2(1)."""
    phone = mask_phone(told.phone) if told.phone else "未留"
    blocks: list[Block] = [
        Pair("业务", f"社保卡申领（新办） · {told.cell.applicant.zh}"),
        Pair("凭证号", told.voucher_no),
        Rule(),
        *_people(told.holder, told.agent),
        Pair("手机" if told.phone is None or len(told.phone) == 11 else "电话", phone),
        Pair("受理时间", _minute(told.accepted_at)),
        Pair("受理地点", f"{told.site} · 自助机 {told.kiosk_id}"),
        Rule(),
        Heading(f"请持本凭证到 {told.window} 号窗口等待制卡"),
        Pair("请带", _originals(told)),
        *_marks(told),
        Pair("费用", "首次申领免费"),
        Pair("时限", f"一般当场制卡领取，最迟 {_minute(told.due_at)}"),
        Pair("启用", "窗口发卡时即时启用社保功能"),
        Line(f"Please take this slip and your documents to window {told.window}."),
        Rule(),
        Code(told.qr),
        Pair("查询", f"{ENQUIRY}，请报凭证号"),
        _source(told.cell.clause),
    ]
    return Slip("自助业务受理凭证" + ("（补打）" if told.reprint else ""), tuple(blocks))


@dataclass(frozen=True, slots=True)
class QuerySlip:
    """What a slip says whose result is not known yet. `code` is what a clerk asks for.

    `by_paper`: an ID card was read, and the same one gets the voucher at the kiosk later.
    """

    code: str
    service: str
    holder: Person
    agent: Person | None
    accepted_at: datetime
    site: str
    kiosk_id: str
    by_paper: bool = True


def _later(told: QuerySlip) -> str:
    if not told.by_paper:
        return "请持本单和证件原件到服务窗口，报查询码领取受理凭证。"
    until = _minute(told.accepted_at + REPRINT)
    return f"{until} 前，把同一张身份证放在本机上，即可领取受理凭证。"


def query_slip(told: QuerySlip) -> Slip:
    """The slip for an application whose result is not known yet (查询单, 待核验)."""
    return Slip(
        "业务查询单（待核验）",
        (
            Pair("业务", told.service),
            Pair("查询码", told.code),
            *_people(told.holder, told.agent),
            Pair("办理时间", _minute(told.accepted_at)),
            Pair("办理地点", f"{told.site} · 自助机 {told.kiosk_id}"),
            Rule(),
            Heading("结果正在核验，请不要重复申请"),
            Line("您的材料已安全保存，系统恢复后自动提交，只提交一次。"),
            Line(_later(told)),
            Line("着急办理，请持本单和证件原件到服务窗口。"),
            Line("Your application is safe; please do not apply again."),
            Rule(),
            Pair("咨询", f"{ENQUIRY}，请报查询码"),
        ),
    )


@dataclass(frozen=True, slots=True)
class ReferralSlip:
    """Why something cannot be done here, and the nearest way.

    `reason` is a clerk's sentence, `clause` the regulation's, `ways` the cells of
    `Rules.nearest`, the nearest first; `place` the nearest address, "" if none is known.
    """

    service: str
    reason: str
    clause: str
    ways: tuple[Cell, ...]
    at: datetime
    site: str
    kiosk_id: str
    place: str = ""


def referral_slip(told: ReferralSlip) -> Slip:
    """The slip that sends someone on (提示单): why, by which clause, where to, with what."""
    blocks: list[Block] = [
        Pair("业务", told.service),
        Heading(mask_text(told.reason)),
        Rule(),
    ]
    for cell in told.ways[:MOST_WAYS]:
        blocks.append(Pair("办法", way(cell)))
        blocks.extend(Pair("请带", line) for line in bring(cell))
    if told.place:
        blocks.append(Pair("地点", told.place))
    blocks += [
        Rule(),
        Pair("咨询", ENQUIRY),
        Pair("打印时间", _minute(told.at)),
        Pair("打印地点", f"{told.site} · 自助机 {told.kiosk_id}"),
    ]
    if told.clause:
        blocks.append(_source(told.clause))
    return Slip("业务提示单", tuple(blocks))


def _people(holder: Person, agent: Person | None) -> Iterable[Pair]:
    for label, person in (("申办人", holder), ("代办人", agent)):
        if person:
            yield Pair(label, mask_name(person.name))
            yield Pair(person.paper.zh, mask_number(person.number))


def _originals(told: NewCardVoucher) -> str:
    """The papers that were shown, as the row asks for them (规程 1.1.1)."""
    if told.holder.paper not in told.cell.papers:
        raise ValueError(f"{told.holder.paper} is not a paper of this row of the rules")
    if told.agent is None:
        return f"{told.holder.paper.zh}原件"
    if told.agent.paper not in told.cell.agent_papers:
        raise ValueError(f"{told.agent.paper} is not an agent's paper in this row of the rules")
    return f"申办人{told.holder.paper.zh}原件、代办人{told.agent.paper.zh}原件"


def _marks(told: NewCardVoucher) -> Iterable[Pair]:
    if told.sign_at_window:
        yield Pair("签字", "请到窗口签字确认")
    if told.address_at_window:
        yield Pair("地址", "请到窗口登记联系地址")
    if told.photo_review:
        yield Pair("照片", "请窗口核对照片")
    if told.window_review:
        yield Pair("核验", "请窗口核验证件原件")


def _source(clause: str) -> Line:
    return Line(f"依据：《{REGULATION}》{clause.replace(',', '、')}")


def _minute(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
