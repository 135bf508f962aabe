"""From a step and its words to what its page shows: one small function a kind of page."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from kiosk.services import new_card as new
from kiosk.services.answers import (
    AddressSays,
    Agreed,
    Done,
    Drawn,
    NoPhone,
    OnScreen,
    OtherPaper,
    PhotoWish,
    Ready,
    SignAtWindow,
    Strokes,
    WantSlip,
)
from kiosk.visit import Begin, Change, Help, Said, Visit
from regulation.papers import Paper
from regulation.rules import Applicant
from screens.scene import Scene
from screens.tables import PAPER_ICONS, bring, done, paper_name, refused, review
from screens.view import Button, Choice, Entry, Pad, Row, Say, View
from screens.words import N_, Words

Page = Callable[[Scene, Visit, Words, View], View]


def words_name(step: str, visit: Visit, _scene: Scene) -> str:
    """Which words a step speaks: some depend on what is known."""
    if step == "applicant" and new.WHO.of(visit.facts) is not Applicant.SELF:
        return "applicant_of_agent"
    if step == "done" and new.HELD.of(visit.facts):
        return "held"
    return step


def plain(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """A page that needs nothing but its words."""
    return view


def _who(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    rows = (
        (Applicant.SELF, N_("给我自己办"), N_("带上自己的证件"), "user"),
        (Applicant.AGENT_ADULT, N_("替成年人办"), N_("带上他的证件，和您的身份证"), "users"),
        (
            Applicant.AGENT_MINOR,
            N_("替孩子办"),
            N_("未满 18 周岁；带孩子的身份证或户口簿，和您的身份证"),
            "baby",
        ),
    )
    return replace(
        view,
        choices=tuple(
            Choice(who, scene.tr(title), Said(who), scene.tr(line), icon)
            for who, title, line, icon in rows
        ),
    )


def _notice(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    return replace(view, rows=bring(scene, new.row(scene.rules, visit.facts)))


def _other_paper(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    return replace(
        view,
        choices=tuple(
            Choice(paper, paper_name(scene, paper), Said(paper), icon=PAPER_ICONS[paper])
            for paper in new.other_papers(scene.rules, visit.facts)
        ),
    )


def _applicant(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    button = Button("other_paper", scene.tr(words.secondary), Said(OtherPaper()))
    return replace(view, secondary=button, title=_take_first(scene, view.title))


def _agent(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, title=_take_first(scene, view.title))


def _take_first(scene: Scene, title: str) -> str:
    """Two people's papers, one reader: the first is taken back before the second is read."""
    return scene.tr(N_("请先取回刚才的身份证")) if scene.progress == "take_first" else title


def _camera(name: str, scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    primary = Button("take_picture", scene.tr(words.primary), Said(Agreed()), "camera")
    return replace(view, preview=name, primary=primary)


def _page_ready(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    shown = _camera("document_camera", scene, visit, words, view)
    return replace(shown, primary=_saying(shown.primary, Said(Ready("document_camera"))))


def _portrait_ready(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    shown = _camera("camera", scene, visit, words, view)
    scan = Button("scan_photo", scene.tr(words.secondary), Said(Ready("document_camera")))
    primary = _saying(shown.primary, Said(Ready()))
    return replace(shown, guide=True, primary=primary, secondary=scan)


def _portrait_scan(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    shown = _camera("document_camera", scene, visit, words, view)
    live = Button("live_photo", scene.tr(words.secondary), Said(Change(drop=new.PORTRAIT_STEPS)))
    return replace(shown, guide=True, secondary=live)


def _portrait(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    source = new.SOURCE.of(visit.facts)
    name = source.source if source else "camera"
    return replace(view, preview=name, guide=True, countdown=scene.progress)


def _watching(name: str, _scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, preview=name)


def _keep(  # noqa: PLR0913, PLR0917 - two are bound in the table below
    fact: str, again: tuple[str, ...], scene: Scene, visit: Visit, words: Words, view: View
) -> View:
    picture = (new.PORTRAIT if fact == "portrait" else new.PAGE).of(visit.facts)
    redo = Button("again", scene.tr(words.secondary), Said(Change(drop=again)))
    return replace(view, picture=picture.jpeg if picture else b"", secondary=redo)


def _number(_scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    paper = new.PAPER.of(visit.facts)
    if paper is Paper.HOUSEHOLD_REGISTER:
        return replace(view, entry=Entry("id", 18, 18, Said, (6, 8, 4)))
    return replace(view, entry=Entry("number", 17, 5, Said))


def _name(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("name", 40, 1, Said))


def _until(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("digits", 8, 8, Said, (4, 2, 2)))


def _phone(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    none = Button("no_phone", scene.tr(words.secondary), Said(NoPhone()))
    return replace(view, entry=Entry("digits", 11, 11, Said, (3, 4, 4)), secondary=none)


def _person_check(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, secondary=Button("ask_attendant", scene.tr(words.secondary), Help()))


def _address(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    address = new.known_address(visit.facts)
    right = Button("primary", scene.tr(words.primary), Said(AddressSays.RIGHT))
    later = Button("at_window", scene.tr(words.secondary), Said(AddressSays.AT_WINDOW))
    if not address:
        later = replace(later, name="primary", text=scene.tr(N_("知道了，到窗口登记地址")))
        lead = scene.tr(N_("还没有您的地址，到窗口登记就可以。"))
        return replace(view, primary=later, lead=lead, title=scene.tr(N_("联系地址")))
    shown = (Row(scene.tr(N_("地址")), address),)  # whole: what is hidden cannot be confirmed
    return replace(view, primary=right, secondary=later, rows=shown)


def _bank(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(
        view,
        choices=tuple(
            Choice(f"bank_{place}", bank, Said(bank), icon="building")
            for place, bank in enumerate(scene.banks)
        ),
    )


def _portrait_choice(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    rows = (
        (PhotoWish.TAKE, N_("拍照片"), N_("照片会印在卡上"), "camera"),
        (PhotoWish.NONE, N_("不拍，卡上不带照片"), N_("以后可以再补"), "credit-card"),
    )
    return replace(
        view,
        choices=tuple(
            Choice(wish, scene.tr(title), Said(wish), scene.tr(line), icon)
            for wish, title, line, icon in rows
        ),
    )


def _review(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    notice = scene.tr(N_("提交后请持凭证到 {window} 号窗口等待制卡，一般当场领取。"))
    return replace(view, rows=review(scene, visit), notice=notice.format(window=scene.window))


def _signature(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    later = Button("sign_at_window", scene.tr(words.secondary), Said(SignAtWindow()))
    return replace(view, secondary=later, pad=Pad(lambda strokes: Said(Strokes(strokes))))


def _done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    return done(scene, visit, replace(view, primary=_finish(scene, words)))


def _finish(scene: Scene, words: Words) -> Button:
    return Button("finish", scene.tr(words.primary), Said(Done()))


def _plain_done(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, primary=_finish(scene, words))


def _reprint_done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """The slip again: in the hand, or on the screen to be photographed."""
    slip = visit.facts.get("slip")
    shown = replace(view, picture=slip.picture if isinstance(slip, Drawn) else b"")
    if isinstance(visit.facts.get("reprint_slip"), OnScreen):
        shown = replace(shown, title=scene.tr(N_("请用手机拍下凭证")))
    return replace(shown, primary=_finish(scene, words))


def _refusal(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    slip = Button("print_referral", scene.tr(words.primary), Said(WantSlip()), "printer")
    return refused(scene, visit, replace(view, primary=slip))


def _reprint(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    slip = Button("print_again", scene.tr(words.primary), Said(WantSlip()), "printer")
    facts = {name: fact for name, fact in visit.facts.items() if name != "claim"}
    other = Button("other_service", scene.tr(words.secondary), Begin(scene.new_card, facts))
    return replace(view, primary=slip, secondary=other)


def _saying(button: Button | None, say: Say) -> Button | None:
    return replace(button, say=say) if button else None


PAGES: dict[str, Page] = {
    "who": _who,
    "notice": _notice,
    "applicant": _applicant,
    "other_paper": _other_paper,
    "page_ready": _page_ready,
    "page": partial(_watching, "document_camera"),
    "page_keep": partial(_keep, "page", new.PAGE_STEPS),
    "paper_number": _number,
    "paper_name": _name,
    "paper_until": _until,
    "agent": _agent,
    "person_check": _person_check,
    "phone": _phone,
    "address": _address,
    "bank": _bank,
    "portrait_choice": _portrait_choice,
    "portrait_ready": _portrait_ready,
    "portrait_scan": _portrait_scan,
    "portrait": _portrait,
    "portrait_keep": partial(_keep, "portrait", new.PORTRAIT_STEPS),
    "review": _review,
    "signature": _signature,
    "scene_photo": partial(_watching, "camera"),
    "done": _done,
    "refusal": _refusal,
    "refusal_done": _plain_done,
    "reprint": _reprint,
    "reprint_done": _reprint_done,
}
"""How each step's page is filled; a step that is not here shows its words alone."""
