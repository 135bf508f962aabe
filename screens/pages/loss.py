"""The pages of reporting a card lost, and of releasing it."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from kiosk.services import cards, handing, people
from kiosk.services.answers import Agreed, CardSeen, OtherPaper, SignAtWindow, WantSlip
from kiosk.services.catalogue import begin
from kiosk.visit import Change, Leave, Refusal, Said, Visit, refusal
from regulation.masks import mask_name
from regulation.papers import Paper
from regulation.reasons import Reason
from regulation.rules import Service
from screens.pages.ending import refused_page
from screens.pages.page import Page, finish, with_attendant
from screens.pages.people import take_first
from screens.scene import Scene
from screens.tables import card_named, held
from screens.view import Button, Choice, Row, View
from screens.words import N_, Words

HOTLINE = "12333"
"""The telephone of 规程 6.2(1), where a loss may be reported at any hour."""

NOT_TOLD = {"F32": "call", "F35": "call", "F33": "call_unknown"}
"""A loss the centre was not told, or that nobody knows of, and the words for it."""

NOT_IN_USE = ("F16", "F19", "no_card")
"""Refusals after which there is nothing to be put out of use in a hurry."""


def call_words(visit: Visit) -> str:
    """The words of the page that sends to the telephone; "" where it is any other refusal."""
    why = refusal(visit.facts)
    return NOT_TOLD.get(why.code, "") if why else ""


def which_card(service: Service, scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """One tile a card that the service may be about."""
    fitting = cards.fitting(service, visit.facts)
    return replace(
        view, choices=tuple(_card(scene, place, card) for place, card in enumerate(fitting))
    )


def _card(scene: Scene, place: int, card: CardSeen) -> Choice:
    state = card.state_zh if scene.language == "zh_CN" else card.state_en
    return Choice(f"card_{place}", card_named(card), Said(card), state, "credit-card")


def _in_hand(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, secondary=Button("not_lost", scene.tr(words.secondary), Leave()))


def _confirm(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Whose card, and what reporting it does."""
    tr, card = scene.tr, cards.chosen(Service.LOSS_REPORT, visit.facts)
    rows = (
        Row(tr(N_("社保卡")), card_of(visit, card)),
        Row(tr(N_("社保功能")), tr(N_("马上停用，不能看病、取药、领待遇"))),
        Row(tr(N_("银行账户")), at_the_bank(scene, card), rich=True),
        Row(tr(N_("电子社保卡")), tr(N_("可能也用不了"))),
    )
    shown = with_attendant(scene, visit, words, replace(view, rows=rows))
    if people.by_agent(visit.facts):
        return replace(shown, primary=Button("primary", tr(N_("本人同意，要挂失")), Said(Agreed())))
    return shown


def card_of(visit: Visit, card: CardSeen | None) -> str:
    """Whose card it is, and which, as far as may be shown."""
    paper = people.applicant_paper(visit.facts)
    whose = mask_name(paper.name) if paper else ""
    return f"{whose}　{card_named(card)}" if card else whose


def at_the_bank(scene: Scene, card: CardSeen | None) -> str:
    """The card's account is the bank's, and so is its own hotline."""
    number = scene.hotlines.get(card.bank, "") if card else ""
    bank = card.bank if card else ""
    if number:
        told = scene.tr(N_("须另向{bank}挂失：**{number}**"))
        return told.format(bank=bank, number=number)
    return scene.tr(N_("须另向银行挂失，电话见卡背面或银行网点"))


def _done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Which loss it is now, the bank, and a new card at once."""
    tr, submitted = scene.tr, handing.SUBMITTED.of(visit.facts)
    slip, card = handing.SLIP.of(visit.facts), submitted.card if submitted else None
    rows = (
        Row(tr(N_("社保卡")), _state(scene, card), rich=True),
        Row(tr(N_("银行账户")), at_the_bank(scene, card), rich=True),
        Row(tr(N_("卡找到了")), tr(N_("带身份证来办解除挂失"))),
        *signs_at_window(scene, visit),
    )
    number = tr(N_("回执号 {number}")).format(number=submitted.voucher_no) if submitted else ""
    picture = slip.picture if slip else b""
    end = finish(scene, words)
    shown = replace(view, lead=number, rows=rows, picture=picture, primary=end)
    return _with_replacement(scene, visit, shown, end)


def _with_replacement(scene: Scene, visit: Visit, view: View, end: Button) -> View:
    """Go on to a new card: first of all for whoever came for one and had to report this first."""
    came_for_it = cards.WHY.of(visit.facts) is not None
    notice = {"notice": Agreed()} if "notice" in visit.facts else {}
    known = people.carried(visit.facts, why=Reason.LOST, person_check=Agreed(), **notice)
    new = Service.REPLACE_INDIVIDUAL
    begins = begin(scene.services, scene.rules, new, people.today_of(visit.facts), known)
    text = N_("接着补领新卡") if came_for_it else N_("现在补领新卡")
    onward = Button("replace_now", scene.tr(text), begins)
    if came_for_it:
        return replace(view, primary=onward, secondary=end)
    return replace(view, secondary=onward)


def _state(scene: Scene, card: CardSeen | None) -> str:
    """What the card is now, by the centre's word, and until when (reading A14)."""
    if card is None:
        return scene.tr(N_("已停用"))
    state = card.state_zh if scene.language == "zh_CN" else card.state_en
    told = f"{card.number}　**{state}**"
    if not card.lost_until:
        return told
    until = datetime.fromisoformat(card.lost_until).astimezone(scene.now.tzinfo)
    ends = scene.tr(N_("，到 {month}月{day}日 {time} 自动解除"))
    return told + ends.format(month=until.month, day=until.day, time=f"{until:%H:%M}")


def _found(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """The found card in the slot, or an ID card, where the kiosk's policy takes one."""
    papers = people.accepted(scene.rules, Service.LOSS_CANCEL, visit.facts)
    other = Button("other_paper", scene.tr(words.secondary), Said(OtherPaper()))
    view = replace(view, title=take_first(scene, view.title))
    if Paper.RESIDENT_ID in papers:
        return replace(view, secondary=other, slot="also")
    lead = scene.tr(N_("在这里解除挂失，要凭找到的卡。"))
    return replace(
        view, secondary=replace(other, text=scene.tr(N_("卡没有带"))), lead=lead, slot="only"
    )


def _release(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Which card, and what comes back with it."""
    tr, card = scene.tr, cards.chosen(Service.LOSS_CANCEL, visit.facts)
    rows = (
        Row(tr(N_("社保卡")), card_of(visit, card)),
        Row(tr(N_("现在")), _state(scene, card), rich=True),
        Row(tr(N_("社保功能")), tr(N_("马上恢复"))),
        Row(tr(N_("银行账户")), tr(N_("另向银行挂失过的，请到银行解除"))),
    )
    return with_attendant(scene, visit, words, replace(view, rows=rows))


def _released(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """What the card is now, by the centre's word: one that was never activated still is not."""
    tr, submitted = scene.tr, handing.SUBMITTED.of(visit.facts)
    slip = handing.SLIP.of(visit.facts)
    shown = replace(view, picture=slip.picture if slip else b"", primary=finish(scene, words))
    if submitted is None:
        return replace(shown, rows=held(scene, visit), good=False)
    rows = (
        Row(tr(N_("社保卡")), _state(scene, submitted.card), rich=True),
        Row(tr(N_("银行账户")), tr(N_("另向银行挂失过的，请到银行解除"))),
        *signs_at_window(scene, visit),
    )
    number = tr(N_("回执号 {number}")).format(number=submitted.voucher_no)
    return replace(shown, lead=number, rows=rows)


def signs_at_window(scene: Scene, visit: Visit) -> tuple[Row, ...]:
    """What is left for whoever did not sign here."""
    if isinstance(visit.facts.get("signature"), SignAtWindow):
        return (Row(scene.tr(N_("签字")), scene.tr(N_("到窗口签字"))),)
    return ()


def _refusal(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """The telephone where the centre was not told; it is a way for every loss that is refused."""
    if call_words(visit):
        slip = Button("print_referral", scene.tr(words.secondary), Said(WantSlip()), "printer")
        again = Button("again", scene.tr(words.primary), Said(_anew(visit)))
        return replace(view, call=_call(scene, visit), primary=again, secondary=slip)
    shown, why = refused_page(scene, visit, words, view), refusal(visit.facts)
    if why is None or why.code in NOT_IN_USE:
        return shown
    own = not people.by_agent(visit.facts)
    told = N_("马上打 **12333** 电话挂失") if own else N_("请本人马上打 **12333** 电话挂失")
    phone = Row(scene.tr(N_("着急的话")), scene.tr(told), rich=True)
    return replace(shown, rows=(shown.rows[0], phone, *shown.rows[1:]))


def _anew(visit: Visit) -> Change:
    """Ask again, and under another key: a report that was taken after all is then told as such."""
    refused = (name for name, fact in visit.facts.items() if isinstance(fact, Refusal))
    return Change(drop=("seal", *refused))


def _call(scene: Scene, visit: Visit) -> str:
    """What to do, and the number on a line of its own (规程 6.2(1): the holder alone may call)."""
    agent = people.by_agent(visit.facts)
    return scene.tr(N_("请本人立即拨打") if agent else N_("请立即拨打")) + f"\n{HOTLINE}"


PAGES: dict[str, Page] = {
    "loss_report.card_choice": partial(which_card, Service.LOSS_REPORT),
    "loss_report.in_hand": _in_hand,
    "loss_report.confirm": _confirm,
    "loss_report.done": _done,
    "loss_report.refusal": _refusal,
    "loss_cancel.applicant": _found,
    "loss_cancel.card_choice": partial(which_card, Service.LOSS_CANCEL),
    "loss_cancel.confirm": _release,
    "loss_cancel.done": _released,
}
