"""The pages of a card's PIN. No digit of it is ever in a view: the keys go straight to the pad."""

from dataclasses import replace

from kiosk.services import handing, people
from kiosk.services.answers import Done, Drawn, WantSlip
from kiosk.services.card_answers import CODE_LENGTH, CODE_SENT, DOUBT, PinEntry, PinPhase
from kiosk.services.catalogue import begin
from kiosk.visit import Change, Refusal, Said, Visit
from regulation.rules import Service
from screens.pages.page import Page, finish, plain
from screens.scene import Scene
from screens.view import Button, Entry, Pin, Row, View
from screens.words import N_, STEPS, Words
from screens.words.pin import PROGRESS

PIN_LENGTH = 6


def with_card(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """What the card does while work with it goes on."""
    told = PROGRESS.get(scene.progress)
    return replace(view, title=scene.tr(told)) if told else view


def _card(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    without = Button("without_card", scene.tr(words.secondary), Said(Refusal("card_needed")))
    return replace(with_card(scene, visit, words, view), secondary=without)


def _pin(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Dots, and the keys of the pad on the screen while it asks for a PIN."""
    entry = PinEntry.of(scene.progress)
    if entry is None:
        shown = with_card(scene, visit, words, replace(view, screen="wait", primary=None))
        return replace(shown, lead="", notice="")
    if entry.phase is PinPhase.AGAIN:
        again = STEPS["new_pin_again"]
        view = replace(view, title=scene.tr(again.title), lead=scene.tr(again.lead))
    if scene.keypad is None:
        view = replace(view, primary=None, lead=scene.tr(N_("请在密码键盘上按，按确认键结束。")))
    pin = Pin(entry.dots, PIN_LENGTH, scene.keypad)
    return replace(view, notice=_notice(scene, view, entry), pin=pin)


def _notice(scene: Scene, view: View, entry: PinEntry) -> str:
    if entry.left is None:
        return view.notice
    return scene.tr(N_("还可以试 {n} 次。")).format(n=entry.left) + view.notice


def _old_pin(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Whoever forgot it goes on to a reset, with the card that was read."""
    known = people.carried(visit.facts, **{name: visit.facts[name] for name in ("card",)})
    begins = begin(
        scene.services, scene.rules, Service.PIN_RESET, people.today_of(visit.facts), known
    )
    forgotten = Button("forgotten", scene.tr(words.secondary), begins)
    return replace(_pin(scene, visit, words, view), secondary=forgotten)


def _code(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    sent = CODE_SENT.of(visit.facts)
    again = Button("send_again", scene.tr(words.secondary), Said(Change(drop=("code_sent",))))
    lead = view.lead.format(phone=sent.phone if sent else "")
    entry = Entry("digits", CODE_LENGTH, CODE_LENGTH, Said)
    return replace(view, lead=lead, entry=entry, secondary=again)


def _result(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    """What was changed, and what was not; a receipt for whoever wants one."""
    end = Button("finish", scene.tr(words.primary), Said(Done()))
    slip = Button("print_receipt", scene.tr(words.secondary), Said(WantSlip()), "printer")
    return replace(view, rows=_rows(scene), primary=end, secondary=slip)


def _rows(scene: Scene) -> tuple[Row, ...]:
    tr = scene.tr
    return (
        Row(tr(N_("社保卡使用密码")), tr(N_("已经是新密码，马上可以用"))),
        Row(tr(N_("银行密码")), tr(N_("没有改变"))),
        Row(tr(N_("提醒")), tr(N_("请记住新密码，不要告诉别人"))),
    )


def _done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """The receipt; or what to do where nobody knows which PIN the card has (F26)."""
    slip, submitted = handing.SLIP.of(visit.facts), handing.SUBMITTED.of(visit.facts)
    number = (
        scene.tr(N_("回执号 {number}")).format(number=submitted.voucher_no) if submitted else ""
    )
    picture = slip.picture if isinstance(slip, Drawn) else b""
    shown = replace(view, picture=picture, primary=finish(scene, words))
    if DOUBT.of(visit.facts) is None:
        return replace(shown, lead=number, rows=_rows(scene))
    return _with_reset(scene, visit, replace(shown, rows=_doubt(scene), good=False))


def _doubt(scene: Scene) -> tuple[Row, ...]:
    tr = scene.tr
    return (
        Row(tr(N_("怎么办")), tr(N_("再办一次密码重置，就一定是新密码"))),
        Row(tr(N_("也可以")), tr(N_("带社保卡和身份证到服务窗口核对"))),
        Row(tr(N_("银行密码")), tr(N_("没有改变"))),
    )


def _with_reset(scene: Scene, visit: Visit, view: View) -> View:
    """A reset may be done at once: it is harmless to repeat (services.md 2.8)."""
    known = people.carried(visit.facts)
    today = people.today_of(visit.facts)
    begins = begin(scene.services, scene.rules, Service.PIN_RESET, today, known)
    return replace(view, secondary=Button("reset_now", scene.tr(N_("现在重置密码")), begins))


PAGES: dict[str, Page] = {
    "pin_change.applicant": plain,
    "pin_reset.applicant": plain,
    "card": _card,
    "old_pin": _old_pin,
    "new_pin": _pin,
    "pin_write": with_card,
    "reset_ready": with_card,
    "code": _code,
    "result": _result,
    "pin_change.done": _done,
    "pin_reset.done": _done,
}
