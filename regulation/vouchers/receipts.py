"""What the centre has taken: a row of blocks a service, what to do next first.

Source: services.md 3; 规程 1.1.2(2), 3.1.2(2), 5.2(2), 6.2(3).
"""

from collections.abc import Iterable, Mapping

from regulation.cells import Service
from regulation.slips import Block, Heading, Layout, Line, Next, Pair, Part, Rule, Slip
from regulation.vouchers import parts
from regulation.vouchers.told import Receipt

REASONS = {
    "lost": ("补领", "卡片丢失"),
    "damaged": ("换领", "卡片损坏"),
    "data_changed": ("换领", "个人信息变更"),
    "expired": ("换发", "卡片到期"),
    "renewed": ("换发", "更换新一代社保卡"),
}
"""A request's reason: which of the three it is, and why (规程 3.1)."""

PORTRAITS = {"keep": "沿用原照片", "change": "更换照片"}

MARKS = {
    "sign_at_window": Pair("签字", "请到窗口签字确认"),
    "address_at_window": Pair("地址", "请到窗口登记联系地址"),
    "portrait_review": Pair("照片", "请窗口核对照片"),
    "officer_card_review": Pair("核验", "请窗口核验证件原件"),
}
"""What the window looks after, as the citizen should know it; other marks are the window's own."""


def receipt(told: Receipt, *, reprint: bool = False) -> Slip:
    """The slip of a service that was taken or done; a service without a row has the plain one."""
    return RECEIPTS.get(told.cell.service, DONE).slip(told, reprint=reprint)


def mending(told: Receipt, *, reprint: bool = False) -> Slip:
    """The slip of a case that the window sent back and that was mended here."""
    return MENDED.slip(told, reprint=reprint)


def _to_window(told: Receipt) -> Iterable[Block]:
    yield Next(f"请持本凭证\n到 {told.window} 号窗口\n等待制卡")


def _to_pay(told: Receipt) -> Iterable[Block]:
    yield Next(f"请持本凭证\n到 {told.window} 号窗口\n结清费用后制卡")


def _to_window_again(told: Receipt) -> Iterable[Block]:
    yield Next(f"材料已补正\n请持本回执\n到 {told.window} 号窗口")


def _english(told: Receipt) -> Iterable[Block]:
    yield Line(f"Please take this slip and your documents to window {told.window}.")


def _originals(told: Receipt) -> Iterable[Block]:
    """The papers that were shown (规程 1.1.1, 3.1.1)."""
    holder = f"{told.holder.paper.zh}原件"
    both = told.agent and f"申办人{holder}、代办人{told.agent.paper.zh}原件"
    yield Pair("请带", both or holder)


def _marks(told: Receipt) -> Iterable[Block]:
    return (pair for mark, pair in MARKS.items() if mark in told.marks)


def _latest(told: Receipt) -> Iterable[Block]:
    if told.due_at:
        yield Pair("时限", f"一般当场制卡领取，最迟 {parts.minute(told.due_at)}")


def _which(told: Receipt) -> Iterable[Block]:
    kind, why = REASONS.get(told.reason, (told.service, ""))
    yield Pair("业务", f"社保卡{kind} · {told.cell.applicant.zh}" if why else kind)
    if why:
        yield Pair("原因", why)


def _portrait(told: Receipt) -> Iterable[Block]:
    if told.portrait in PORTRAITS:
        yield Pair("照片", PORTRAITS[told.portrait])


def _fee(told: Receipt) -> Iterable[Block]:
    amount = f"{parts.yuan(told.fee_fen)}，" if told.fee_fen else ""
    yield Pair("费用", f"{amount}以窗口为准，在窗口缴纳或抵扣")
    yield Pair("减免", "享受定期补助、抚恤、残疾抚恤和城镇低保的人员可减免，请向窗口说明")


def _old_card(told: Receipt) -> Iterable[Block]:
    lost = told.reason == "lost"
    yield Pair("旧卡", "找到后也不能再用" if lost else "请一并带来，交回窗口")
    yield Pair("银行", "旧卡金融账户请到银行办理")


def _pin_reset(told: Receipt) -> Iterable[Block]:
    if told.agent:
        yield Next("密码已重置\n请取走社保卡\n交还持卡人")
        yield Heading("已发通知到持卡人登记的手机")
    else:
        yield Next("密码已重置\n请取走社保卡")


def _lost(told: Receipt) -> Iterable[Block]:
    """The kind of loss and its end are the centre's word (reading A14)."""
    state = told.card.state if told.card else ""
    kind = f"社保卡已{state}" if "挂失" in state else "社保卡挂失已受理"
    yield Next(f"{kind}\n银行请另外挂失")
    if told.card and told.card.expires_at:
        yield Pair("到期", f"{parts.minute(told.card.expires_at)} 自动解除，请在这之前办理补领")


def _released(told: Receipt) -> Iterable[Block]:
    yield Next("社保卡已解挂")
    if told.card and told.card.state:
        yield Pair("卡状态", told.card.state)
    if told.card and told.card.sealed:
        yield Line("这张卡还没有启用，请到服务窗口或在“重庆人社”APP启用后使用。")


def _bank(told: Receipt) -> Iterable[Block]:
    yield parts.bank_phone(told.card.bank if told.card else "", told.hotline)


def _mended(told: Receipt) -> Iterable[Block]:
    if told.mended:
        yield Pair("已补正", "、".join(told.mended))
    if told.earlier:
        yield Pair("原凭证", told.earlier)


_SOURCE: tuple[Part[Receipt], ...] = (Rule(), parts.code, parts.source)
_WHO: tuple[Part[Receipt], ...] = (parts.number, parts.people)
_DONE: tuple[Part[Receipt], ...] = (Rule(), parts.what, *_WHO, parts.card, parts.origin, *_SOURCE)
_VOUCHER = "自助业务受理凭证"
_RECEIPT = "自助业务办理回执"
_ENABLED = Pair("启用", "窗口发卡时即时启用社保功能")
_KEEP_SECRET = Line("请记住新密码，不要告诉别人。工作人员不会问您的密码。")
_BANK_PIN = Heading("银行密码没有改变")

NEW_CARD: Layout[Receipt] = Layout(
    _VOUCHER,
    (
        _to_window,
        _originals,
        _marks,
        _english,
        Rule(),
        parts.what,
        *_WHO,
        parts.phone,
        parts.origin,
        Rule(),
        Pair("费用", "首次申领免费"),
        _latest,
        _ENABLED,
        *_SOURCE,
    ),
)

REPLACEMENT: Layout[Receipt] = Layout(
    _VOUCHER,
    (
        _to_pay,
        _originals,
        _old_card,
        _marks,
        _fee,
        _english,
        Rule(),
        _which,
        *_WHO,
        parts.phone,
        parts.origin,
        _portrait,
        Pair("时限", "一般现场制卡领取"),  # 3.1.3 promises no hours (A8)
        _ENABLED,
        *_SOURCE,
    ),
)

PIN_CHANGE: Layout[Receipt] = Layout(
    _RECEIPT,
    (
        Next("密码已修改\n请取走社保卡"),
        _BANK_PIN,
        _KEEP_SECRET,
        Line("Your card PIN was changed. Your bank PIN was not."),
        *_DONE,
    ),
)

PIN_RESET: Layout[Receipt] = Layout(
    _RECEIPT,
    (
        _pin_reset,
        _BANK_PIN,
        _KEEP_SECRET,
        Line("The card PIN was reset. The bank PIN was not changed."),
        *_DONE,
    ),
)

LOSS_REPORT: Layout[Receipt] = Layout(
    _RECEIPT,
    (
        _lost,
        Heading("银行账户还没有挂失，请马上打银行电话"),
        _bank,
        Pair("补领", "可在本机接着办，也可带身份证到服务窗口"),
        Pair("停用", "社保功能已停用，电子社保卡也可能受限"),
        Pair("找到卡", "在自助机、服务窗口或“重庆人社”APP解挂"),
        Line("Reported lost. Please call your bank: its side is not blocked."),
        *_DONE,
    ),
)

LOSS_CANCEL: Layout[Receipt] = Layout(
    _RECEIPT,
    (
        _released,
        Heading("向银行挂失过的，请另向银行解除"),
        _bank,
        Line("The loss report was cancelled. Please tell your bank as well."),
        *_DONE,
    ),
)

DONE: Layout[Receipt] = Layout(_RECEIPT, (Next("业务已办好\n请收好证件"), *_DONE))

RECEIPTS: Mapping[Service, Layout[Receipt]] = {
    Service.NEW_INDIVIDUAL: NEW_CARD,
    Service.REPLACE_INDIVIDUAL: REPLACEMENT,
    Service.PIN_CHANGE: PIN_CHANGE,
    Service.PIN_RESET: PIN_RESET,
    Service.LOSS_REPORT: LOSS_REPORT,
    Service.LOSS_CANCEL: LOSS_CANCEL,
}

MENDED: Layout[Receipt] = Layout(
    "材料补正回执",
    (
        _to_window_again,
        _originals,
        _marks,
        _mended,
        _english,
        Rule(),
        parts.what,
        *_WHO,
        parts.origin,
        *_SOURCE,
    ),
)
