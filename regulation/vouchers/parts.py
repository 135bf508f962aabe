"""Parts that slips share. Whatever is personal is masked here, before it is a block."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from regulation.cells import Applicant, Cell
from regulation.checklist import ENQUIRY, REGULATION
from regulation.masks import mask_card, mask_name, mask_number, mask_phone
from regulation.slips import Block, Code, Line, Pair
from regulation.vouchers.told import Origin, Person, Receipt

NO_HOTLINE = "银行客服电话见卡背面，也可到银行网点问"
LONGEST_LABEL = 3
"""Characters of a paper's name that stand as a label; a longer one would narrow every value."""


class Taken(Protocol):
    """Something of a service that was asked for here."""

    @property
    def service(self) -> str:
        """The service's name."""
        ...

    @property
    def origin(self) -> Origin:
        """Where and when."""
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
    """Somebody's name and paper, masked."""
    yield Pair(label, mask_name(who.name))
    number, name = mask_number(who.number), who.paper.zh
    if len(name) > LONGEST_LABEL:
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


def service(told: Taken) -> Iterable[Block]:
    """The service."""
    yield Pair("业务", told.service)


def accepted(told: Taken) -> Iterable[Block]:
    """When and where it was taken."""
    yield from _origin(told.origin, "受理")


def done(told: Taken) -> Iterable[Block]:
    """When and where it was done."""
    yield from _origin(told.origin, "办理")


def printed(told: Taken) -> Iterable[Block]:
    """When and where the slip was printed."""
    yield from printed_at(told.origin)


def printed_at(origin: Origin) -> Iterable[Block]:
    """When and where a slip was printed."""
    yield from _origin(origin, "打印")


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
    return Pair("银行电话", f"{bank} {hotline}".strip() if hotline else NO_HOTLINE)


def yuan(fen: int) -> str:
    """25 元, or 25.50 元."""
    return f"{fen // 100}.{fen % 100:02}".removesuffix(".00") + " 元"


def minute(moment: datetime) -> str:
    """A moment as a slip tells it: never only "24 hours"."""
    return f"{day(moment)} {moment:%H:%M}"


def day(moment: date) -> str:
    """A day as a slip tells it: never only "10 working days"."""
    return f"{moment.year}年{moment.month}月{moment.day}日"


def _origin(where: Origin, did: str) -> Iterable[Block]:
    yield Pair(f"{did}时间", minute(where.at))
    yield Pair(f"{did}地点", f"{where.site} · 自助机 {where.kiosk_id}")
