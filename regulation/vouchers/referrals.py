"""Slips that send people on: why not here, where instead, with what (提示单), and what to bring."""

from collections.abc import Iterable

from regulation.cells import Cell
from regulation.checklist import ENQUIRY, FEES, bring, call, notes, way
from regulation.masks import mask_text
from regulation.slips import Block, Heading, Layout, Line, Next, Pair, Part, Rule, Slip
from regulation.vouchers import parts
from regulation.vouchers.told import LossByPhone, Referral

MOST_WAYS = 2
"""How many ways a referral names: the nearest ones, not a catalogue."""


def referral(told: Referral) -> Slip:
    """The slip that sends someone on: where to and with what, why, by which clause."""
    return REFERRAL.slip(told)


def materials(told: Referral) -> Slip:
    """What to bring for a service (材料清单), for whoever goes home to fetch it."""
    return MATERIALS.slip(told)


def loss_by_phone(told: LossByPhone) -> Slip:
    """The slip that sends a loss to 12333 at once: here nothing was reported (规程 6.2(1))."""
    return LOSS_BY_PHONE.slip(told)


def _where(told: Referral) -> Iterable[Block]:
    if not told.ways:
        yield Next(f"有疑问请拨打\n{ENQUIRY}")
        return
    yield Next(call(told.ways[0], told.applicant))
    if told.instead:
        yield Pair("改办", told.instead)
    yield from _with(told.ways[0])
    if told.place:
        yield Pair("地点", told.place)


def _why(told: Referral) -> Iterable[Block]:
    if told.reason:
        yield Heading(mask_text(told.reason))


def _other_ways(told: Referral) -> Iterable[Block]:
    for cell in told.ways[1:MOST_WAYS]:
        yield Pair("或者", way(cell))
        if bring(cell) != bring(told.ways[0]):
            yield from _with(cell)


def _notes(told: Referral) -> Iterable[Block]:
    return (Line(each) for cell in told.ways[:1] for each in notes(cell))


def _with(cell: Cell) -> Iterable[Block]:
    yield from (Pair("请带", line) for line in bring(cell))
    if cell.fee:
        yield Pair("费用", FEES)


def _source(told: Referral) -> Iterable[Block]:
    if told.clause:
        yield parts.clause(told.clause)


def _call(told: LossByPhone) -> Iterable[Block]:
    yield Next(("请持卡人本人\n" if told.by_agent else "请") + "立即拨打\n12333 挂失")


def _bank(told: LossByPhone) -> Iterable[Block]:
    yield parts.bank_phone(told.bank, told.hotline)


def _phone_clause(told: LossByPhone) -> Iterable[Block]:
    yield parts.clause(told.clause)


_END: tuple[Part[Referral], ...] = (
    Rule(),
    parts.service,
    Pair("咨询", ENQUIRY),
    parts.origin,
    _source,
)

REFERRAL: Layout[Referral] = Layout(
    "业务提示单", (_where, Rule(), _why, _other_ways, _notes, *_END)
)

MATERIALS: Layout[Referral] = Layout(
    "办理材料清单", (Next("请带齐下列材料"), _where, _other_ways, _notes, *_END)
)

LOSS_BY_PHONE: Layout[LossByPhone] = Layout(
    "挂失提示单",
    (
        _call,
        Heading("网络中断，本机没有为您挂失"),
        Pair("怎么办", "拨打12333，按语音提示操作，请准备好身份证号码"),
        Pair("也可以", "用手机“重庆人社”APP，或到服务窗口"),
        Heading("银行账户请另打银行电话挂失"),
        _bank,
        Line("Nothing was reported here. Please call 12333 now."),
        Rule(),
        parts.origin,
        _phone_clause,
    ),
)
