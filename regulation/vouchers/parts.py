"""Parts that slips share. Whatever is personal is masked here, before it is a block."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from regulation.cells import Applicant, Cell
from regulation.checklist import ENQUIRY, REGULATION
from regulation.masks import mask_card, mask_name, mask_number, mask_phone
from regulation.papers import Paper
from regulation.slips import Block, Code, Line, Pair
from regulation.vouchers.told import Origin, Person, Receipt

LONGEST_LABEL = 3
"""Characters of a label: on 58 mm paper a voucher's number just fits beside it."""
NO_HOTLINE = "银行客服电话见卡背面，也可到银行网点问"


class Here(Protocol):
    """Something that was asked for, or printed, here."""

    @property
    def origin(self) -> Origin:
        """Where and when."""
        ...


class OfService(Protocol):
    """Something of a service."""

    @property
    def service(self) -> str:
        """The service's name."""
        ...


class OfPeople(Protocol):
    """Something that one person asked for, or another for them."""

    @property
    def cell(self) -> Cell:
        """The row it was asked for under."""
        ...

    @property
    def holder(self) -> Person:
        """Whose card it is."""
        ...

    @property
    def agent(self) -> Person | None:
        """Who acts for them."""
        ...


def people(told: OfPeople) -> Iterable[Block]:
    """Holder and agent, masked."""
    clerk = told.cell.applicant is Applicant.UNIT_CLERK
    yield from person("经办人" if clerk else "申办人", told.holder)
    if told.agent:
        yield from person("代办人", told.agent)


def person(label: str, who: Person) -> Iterable[Block]:
    """Somebody's name and paper, masked. 社保卡 is the label of the card it is all about."""
    yield Pair(label, mask_name(who.name))
    number, name = mask_number(who.number), who.paper.zh
    if len(name) > LONGEST_LABEL or who.paper is Paper.SS_CARD:
        yield Pair("证件", f"{name} {number}")
    else:
        yield Pair(name, number)


def phone(told: Receipt) -> Iterable[Block]:
    """The telephone that was left, masked."""
    landline = told.phone is not None and len(told.phone) != 11
    yield Pair("电话" if landline else "手机", mask_phone(told.phone) if told.phone else "未留")


def card(told: Receipt) -> Iterable[Block]:
    """The card: its last digits, and its bank."""
    if told.card:
        last = mask_card(told.card.number)[-4:]
        yield Pair("社保卡", f"尾号 {last}" + (f" · {told.card.bank}" if told.card.bank else ""))


def number(told: Receipt) -> Iterable[Block]:
    """The number the centre gave."""
    yield Pair("凭证号", told.voucher_no)


def what(told: Receipt) -> Iterable[Block]:
    """The service, and for whom."""
    yield Pair("业务", f"{told.service} · {told.cell.applicant.zh}")


def service(told: OfService) -> Iterable[Block]:
    """The service."""
    yield Pair("业务", told.service)


def origin(told: Here) -> Iterable[Block]:
    """When and where it was taken or done, or the slip was made."""
    yield Pair("时间", minute(told.origin.at))
    yield Pair("地点", f"{told.origin.site}\n自助机 {told.origin.kiosk_id}")


def code(told: Receipt) -> Iterable[Block]:
    """The centre's code, for the window's scanner."""
    yield Code(told.qr)
    yield Pair("查询", f"{ENQUIRY}，请报凭证号")


def source(told: Receipt) -> Iterable[Block]:
    """The clauses of the row it was taken under."""
    yield clause(told.cell.clause)


def clause(text: str) -> Line:
    """The regulation, and its clauses."""
    return Line(f"依据：《{REGULATION}》{text.replace(',', '、')}")


def bank_phone(bank: str, hotline: str) -> Pair:
    """Where the bank's side of a card is reported lost: never here (规程 6 is about 社保功能)."""
    return Pair("银行", f"{bank} {hotline}".strip() if hotline else NO_HOTLINE)


def yuan(fen: int) -> str:
    """25 元, or 25.50 元."""
    return f"{fen // 100}.{fen % 100:02}".removesuffix(".00") + " 元"


def minute(moment: datetime) -> str:
    """A moment as a slip tells it: never only "24 hours"."""
    return f"{day(moment)} {moment:%H:%M}"


def day(moment: date) -> str:
    """A day as a slip tells it: never only "10 working days"."""
    return f"{moment.year}年{moment.month}月{moment.day}日"
