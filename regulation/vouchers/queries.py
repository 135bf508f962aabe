"""What nobody knows yet: a request without an answer (F33), a PIN without a verdict (F26)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from regulation.cells import Service
from regulation.checklist import ENQUIRY
from regulation.slips import Block, Heading, Layout, Line, Next, Pair, Part, Rule, Slip
from regulation.vouchers import parts
from regulation.vouchers.told import Query

REPRINT = timedelta(hours=24)
"""How long the same ID on the kiosk gets the voucher again."""


def query(told: Query) -> Slip:
    """The slip for a request whose result is not known yet (待核验)."""
    return QUERIES.get(told.cell.service, APPLICATION).slip(told)


def doubt(told: Query) -> Slip:
    """The slip for a PIN write that nobody knows the end of (F26): a reset may be repeated."""
    return DOUBT.slip(told)


def _number(told: Query) -> Iterable[Block]:
    yield Pair("凭证号", told.voucher_no) if told.voucher_no else Pair("查询码", told.code)


def _later(told: Query) -> Iterable[Block]:
    if told.by_paper:
        until = parts.minute(told.origin.at + REPRINT)
        yield Line(f"{until} 前，把同一张身份证放在本机上，即可领取受理凭证。")
    else:
        yield Line("请持本单和证件原件到服务窗口，报查询码领取受理凭证。")


def _enquiry(told: Query) -> Iterable[Block]:
    yield Pair("咨询", f"{ENQUIRY}，请报{'凭证号' if told.voucher_no else '查询码'}")
    yield parts.clause(told.cell.clause)


_END: tuple[Part[Query], ...] = (
    Rule(),
    parts.service,
    _number,
    parts.people,
    parts.origin,
    Rule(),
    _enquiry,
)
_QUERY = "业务查询单（待核验）"
_ONCE = Line("您的材料已安全保存，系统恢复后自动提交，只提交一次。")
_SAFE = Line("Your application is safe; please do not apply again.")

APPLICATION: Layout[Query] = Layout(
    _QUERY,
    (
        Next("结果正在核验\n请不要重复申请"),
        _ONCE,
        _later,
        Line("着急办理，请持本单和证件原件到服务窗口。"),
        _SAFE,
        *_END,
    ),
)

PIN_WRITTEN: Layout[Query] = Layout(
    _QUERY,
    (
        Next("新密码已写好\n可以使用"),
        Heading("银行密码没有改变"),
        Line("登记正在核验，系统恢复后自动完成，请不要重复办理。"),
        _later,
        Line("The new card PIN works; its record follows by itself."),
        *_END,
    ),
)

LOSS_UNKNOWN: Layout[Query] = Layout(
    _QUERY,
    (
        Next("结果还不知道\n请立即拨打\n12333 挂失"),
        Line("本机的申请已安全保存，系统恢复后自动提交；和电话挂失不冲突。"),
        Heading("银行账户请另打银行电话挂失"),
        _later,
        Line("Not confirmed yet: please call 12333 now to report the loss."),
        *_END,
    ),
)

RELEASE_UNKNOWN: Layout[Query] = Layout(
    _QUERY,
    (
        Next("解挂正在核验\n请不要重复申请"),
        _ONCE,
        Line("核验完成前，这张卡可能还不能用。"),
        _later,
        _SAFE,
        *_END,
    ),
)

BATCH_UNKNOWN: Layout[Query] = Layout(
    _QUERY,
    (
        Next("名单正在核验\n请不要重复提交"),
        Line("名单已安全保存，系统恢复后从断开的地方接着提交，每人只提交一次。"),
        _later,
        Line("The list is safe; please do not submit it again."),
        *_END,
    ),
)

QUERIES: Mapping[Service, Layout[Query]] = {
    Service.PIN_CHANGE: PIN_WRITTEN,
    Service.PIN_RESET: PIN_WRITTEN,
    Service.LOSS_REPORT: LOSS_UNKNOWN,
    Service.LOSS_CANCEL: RELEASE_UNKNOWN,
    Service.NEW_BATCH: BATCH_UNKNOWN,
}

DOUBT: Layout[Query] = Layout(
    "密码待核实单",
    (
        Next("请到窗口\n或在本机重新\n办理密码重置"),
        Line("写卡时中断了：卡里可能是原来的密码，也可能是新密码。"),
        Heading("请不要反复试密码，试错多次会锁卡"),
        Line("在本机再办一次密码重置就好，可以重复办理，不影响银行密码。"),
        Pair("请带", "社保卡和身份证原件"),
        Line("The card PIN is not certain: please reset it here or at a window."),
        *_END,
    ),
)
