"""The pages of a replacement: why, the photo, the fee, and the way to the window."""

from dataclasses import replace
from functools import partial

from kiosk.services import cards, handing, people, wishes
from kiosk.services.answers import (
    KnownPhone,
    NoPhone,
    PhotoWish,
    SignAtWindow,
    Submitted,
)
from kiosk.visit import Said, Visit
from regulation.masks import mask_phone
from regulation.reasons import Reason
from regulation.rules import Applicant, Service
from screens.pages.loss import which_card
from screens.pages.page import Page, finish
from screens.scene import Scene
from screens.tables import card_named, change, held, originals, photo_row, to_bring, whose_rows
from screens.view import Button, Choice, Entry, Row, View
from screens.words import N_, Words

REPLACE = Service.REPLACE_INDIVIDUAL

REASONS: tuple[tuple[Reason, str, str, str], ...] = (
    (Reason.LOST, N_("卡丢了"), N_("没挂失的，先在这里挂失，再补领"), "ban"),
    (Reason.DAMAGED, N_("卡坏了"), N_("芯片读不出、断裂、看不清"), "triangle-alert"),
    (Reason.DATA_CHANGED, N_("信息或照片变了"), N_("改了姓名、想换照片"), "pen-line"),
    (Reason.EXPIRED, N_("卡到期了"), N_("过了有效期"), "clock"),
    (Reason.RENEWED, N_("换第三代社保卡"), N_("手里是第二代卡"), "refresh-cw"),
)
"""Reason, in words; the card is then 补领, 换领 or 换发 (services.md 2.3 R1)."""

BUSINESS: dict[Reason, str] = {
    Reason.LOST: N_("补领（卡丢了）"),
    Reason.DAMAGED: N_("换领（卡坏了）"),
    Reason.DATA_CHANGED: N_("换领（信息或照片变了）"),
    Reason.EXPIRED: N_("换发（到期）"),
    Reason.RENEWED: N_("换发（换第三代卡）"),
}


def _why(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    tr = scene.tr
    rows = (Choice(why, tr(title), Said(why), tr(line), icon) for why, title, line, icon in REASONS)
    return replace(view, choices=tuple(rows))


def _notice(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """What to hold ready, and what it costs."""
    tr, cell = scene.tr, people.row(scene.rules, REPLACE, visit.facts)
    rows = (
        *originals(scene, cell),
        Row(tr(N_("照片")), tr(N_("沿用原来的，想换可以现场拍"))),
        Row(tr(N_("费用")), _fee(scene, visit)),
        Row(tr(N_("银行")), tr(N_("不变；要换银行，请直接到窗口办"))),
    )
    return replace(view, rows=rows)


def _fee(scene: Scene, visit: Visit) -> str:
    """What the centre says it costs; the window settles it, and knows who pays nothing."""
    submitted, eligible = handing.SUBMITTED.of(visit.facts), people.ELIGIBLE.of(visit.facts)
    told = submitted or eligible
    if told is None or not told.fee_fen:
        return scene.tr(N_("在窗口交，金额以窗口为准；低保、优抚可减免"))
    yuan = f"{told.fee_fen / 100:g}"
    return scene.tr(N_("{yuan} 元，在窗口交，以窗口为准；低保、优抚可减免")).format(yuan=yuan)


def _portrait_choice(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """Keep it first; a child's card may have had none (规程 3.1.1(2))."""
    child = people.kind(visit.facts, scene.rules.switches.minor_age) is Applicant.AGENT_MINOR
    keeps = N_("原来没有照片的，还是不带照片") if child else N_("新卡上还是原来的照片")
    takes = N_("补上或换上新照片") if child else N_("新照片会印在新卡上")
    rows = (
        (PhotoWish.KEEP, N_("不换，沿用原来的"), keeps, "credit-card"),
        (PhotoWish.TAKE, N_("拍一张新照片"), takes, "camera"),
    )
    choices = (
        Choice(wish, scene.tr(title), Said(wish), scene.tr(line), icon)
        for wish, title, line, icon in rows
    )
    return replace(view, choices=tuple(choices))


def _phone(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """A number that the centre has need not be typed."""
    eligible = people.ELIGIBLE.of(visit.facts)
    known = eligible.phone if eligible else ""
    other = Button("no_phone", scene.tr(words.secondary), Said(NoPhone()))
    if known:
        text = scene.tr(N_("用登记的 {phone}")).format(phone=known)
        other = Button("known_phone", text, Said(KnownPhone()))
    return replace(view, entry=Entry("digits", 11, 11, Said, (3, 4, 4)), secondary=other)


def _review(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    tr, facts = scene.tr, visit.facts
    why, card = cards.WHY.of(facts), cards.chosen(REPLACE, facts)
    rows = [
        Row(tr(N_("业务")), tr(BUSINESS[why]) if why else "", change(scene, "why", "eligibility"))
    ]
    rows += whose_rows(scene, visit)
    if card:
        rows.append(Row(tr(N_("原卡")), card_named(card)))
    rows += [
        Row(tr(N_("手机")), _phone_told(scene, visit), change(scene, "phone")),
        photo_row(scene, visit, tr(N_("沿用原来的照片"))),
        Row(tr(N_("费用")), _fee(scene, visit)),
    ]
    told = tr(N_("提交后请持凭证到 {window} 号窗口交费、领新卡，一般现场制卡。"))
    return replace(view, rows=tuple(rows), notice=told.format(window=scene.window))


def _phone_told(scene: Scene, visit: Visit) -> str:
    phone, eligible = wishes.PHONE.of(visit.facts), people.ELIGIBLE.of(visit.facts)
    if phone:
        return mask_phone(phone)
    if isinstance(visit.facts.get("phone"), KnownPhone) and eligible:
        return eligible.phone
    return scene.tr(N_("没有"))


def _done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    slip, submitted = handing.SLIP.of(visit.facts), handing.SUBMITTED.of(visit.facts)
    shown = replace(view, picture=slip.picture if slip else b"", primary=finish(scene, words))
    if submitted is None:
        return replace(shown, rows=held(scene, visit), good=False)
    number = scene.tr(N_("凭证号 {number}")).format(number=submitted.voucher_no)
    return replace(shown, lead=number, rows=_next(scene, visit, submitted))


def _next(scene: Scene, visit: Visit, submitted: Submitted) -> tuple[Row, ...]:
    """Pay, hand the old card in, wait for the new one: no clause promises a day (reading A8)."""
    tr, lost = scene.tr, cards.WHY.of(visit.facts) is Reason.LOST
    window = tr(N_("持凭证到 **{window} 号窗口** 交费、等新卡")).format(window=submitted.window)
    brings = to_bring(scene, visit)
    if not lost:
        brings = tr(N_("{papers}，和旧卡（交回窗口）")).format(papers=brings)
    rows = (
        Row(tr(N_("下一步")), window, rich=True),
        Row(tr(N_("请带")), brings),
        Row(tr(N_("费用")), _fee(scene, visit)),
        Row(tr(N_("时间")), tr(N_("一般现场制卡，当场领取"))),
    )
    if isinstance(visit.facts.get("signature"), SignAtWindow):
        return (*rows[:-1], Row(tr(N_("签字")), tr(N_("到窗口签字"))))
    return rows


PAGES: dict[str, Page] = {
    "why": _why,
    "replace_individual.notice": _notice,
    "replace_individual.card_choice": partial(which_card, REPLACE),
    "replace_individual.portrait_choice": _portrait_choice,
    "replace_individual.phone": _phone,
    "replace_individual.review": _review,
    "replace_individual.done": _done,
}
