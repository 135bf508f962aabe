"""A unit's list: the voucher its clerk keeps for the pick-up, and what is to be mended in it.

Source: services.md 3; 规程 1.2.2(2), 1.2.3.
"""

from collections.abc import Iterable

from regulation.checklist import ENQUIRY
from regulation.masks import mask_name, mask_number, mask_text
from regulation.slips import Block, Code, Heading, Layout, Line, Next, Pair, Rule, Slip
from regulation.vouchers import parts
from regulation.vouchers.told import Batch, Errors

PICK_UP = (
    "凭经办人本人的身份证原件或社保卡领取",
    "更换经办人的，须另带加盖单位公章的介绍信",
    "领取前请先查询，制卡完成后再来",
    "领取后96小时自动启用社保功能",
)
"""规程 1.2.3, where the centre has no words of its own."""

MOST_ERRORS = 60
"""Lines of an error list: half a metre of paper; the rest is on the screen."""


def batch_voucher(told: Batch, *, reprint: bool = False) -> Slip:
    """The voucher of a list that was taken, whole or in several parts."""
    return VOUCHER.slip(told, reprint=reprint)


def error_list(told: Errors) -> Slip:
    """What to mend, row by row, in the order of the list (F42)."""
    return ERRORS.slip(told)


def _due(told: Batch) -> Iterable[Block]:
    last = max(part.due_on for part in told.parts)
    sure = all(part.due_sure for part in told.parts)
    yield Pair("领卡", f"{parts.day(last)}前制成" + ("" if sure else "，以实际为准"))
    outlet = f"（网点 {told.outlet}）" if told.outlet else ""
    yield Pair("网点", f"只在原提交的网点领：{told.origin.site}{outlet}")


def _pick_up(told: Batch) -> Iterable[Block]:
    return (Line(f"{n}. {words}") for n, words in enumerate(told.pick_up or PICK_UP, 1))


def _who(told: Batch) -> Iterable[Block]:
    coded = any(character.isdigit() for character in told.unit)
    yield Pair("单位", mask_number(told.unit) if coded else mask_name(told.unit))
    yield from parts.person("经办人", told.clerk)


def _totals(told: Batch) -> Iterable[Block]:
    taken = sum(part.taken for part in told.parts)
    left_out = sum(part.left_out for part in told.parts)
    yield Pair("人数", f"名单 {taken + left_out} 人，已收 {taken} 人")
    if left_out:
        yield Pair("未收", f"{left_out} 人，改正后可另行提交")


def _fee(told: Batch) -> Iterable[Block]:
    yield Pair(
        "费用", f"{parts.yuan(told.fee_fen)}，以窗口为准" if told.fee_fen else "首次申领免费"
    )


def _batches(told: Batch) -> Iterable[Block]:
    several = len(told.parts)
    for n, part in enumerate(told.parts, 1):
        if several > 1:
            yield Heading(f"第 {n} 份，共 {several} 份（{part.taken} 人）")
        yield Pair("批次号", part.batch_no)
        yield Code(part.qr)
    yield Pair("查询", f"{ENQUIRY}，请报批次号")


def _source(told: Batch) -> Iterable[Block]:
    yield parts.clause(told.cell.clause)


def _wrong(told: Errors) -> Iterable[Block]:
    rows = len({each.row for each in told.errors if each.row})
    yield Pair("名单", f"共 {told.rows} 行，{rows} 行有问题")


def _rows(told: Errors) -> Iterable[Block]:
    listed = sorted(told.errors, key=lambda each: each.row)
    for each in listed[:MOST_ERRORS]:
        column = f"{each.column}：" if each.column and not each.cure.startswith(each.column) else ""
        yield Pair(f"第{each.row}行" if each.row else "文件", mask_text(column + each.cure))
    if (more := len(listed) - MOST_ERRORS) > 0:
        yield Line(f"还有 {more} 处没有打印，请改好以上各行后再检查一次。")


def _errors_end(told: Errors) -> Iterable[Block]:
    if told.qr:
        yield Code(told.qr)
    yield Pair("咨询", ENQUIRY)
    yield parts.clause(told.clause)


VOUCHER: Layout[Batch] = Layout(
    "批量业务受理凭证",
    (
        Next("请保管好本凭证\n领卡时要用"),
        _due,
        _pick_up,
        Line("Keep this slip: the cards are handed out at this outlet only."),
        Rule(),
        parts.service,
        _who,
        _totals,
        _fee,
        parts.origin,
        Rule(),
        _batches,
        _source,
    ),
)

ERRORS: Layout[Errors] = Layout(
    "名单错误清单",
    (
        Next("请逐行改正\n再提交"),
        _wrong,
        Rule(),
        _rows,
        Rule(),
        parts.service,
        parts.origin,
        _errors_end,
    ),
)
