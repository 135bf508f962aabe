"""A view of every moment: pure, tested without a window."""

from dataclasses import replace

from kiosk.services.answers import Agreed, Held, OnScreen, OtherPaper, Ready, SignAtWindow
from kiosk.services.attendant import ENTRY
from kiosk.services.batch import FOR_TEMPLATE, READ_AGAIN, TO_ROWS
from kiosk.services.failures import FAILURES, Way
from kiosk.services.handing import HELD
from kiosk.services.menu import MENU, OVERVIEW, known
from kiosk.services.people import PAPER_STEPS
from kiosk.services.wishes import PORTRAIT_STEPS
from kiosk.visit import (
    ALARMS,
    OF_NOBODY,
    REMINDED,
    Back,
    Begin,
    Change,
    Help,
    Leave,
    Overlay,
    Refusal,
    Resume,
    Said,
    Step,
    Visit,
    advance,
    standing,
)
from regulation.rules import Applicant, Service
from screens import home, pages
from screens.failure_words import FAILURES as FAILURE_WORDS
from screens.failure_words import REASONS, WAYS
from screens.pages import enrolment
from screens.scene import Scene, Translate
from screens.tables import papers_asked
from screens.view import Bar, Button, Dialog, Fixed, View, Wish
from screens.words import N_, STEPS, Words, stages
from screens.words.attendant import DETAILS
from screens.words.ending import THINGS

HEADER = N_("社会保障卡自助服务")


def view(scene: Scene) -> View:
    """The view of a scene."""
    visit = scene.visit
    step = standing(visit) if visit else None
    if visit is None or step is None:
        return _frame(scene, enrolment.at_home(scene, home.body(scene)))
    words = STEPS[pages.words_name(step.name, visit)]
    blank = View(
        screen=words.screen,
        step=step.name,
        header="",
        place="",
        clock="",
        title=scene.tr(words.title),
        lead=scene.tr(words.lead) if words.lead else "",
        notice=scene.tr(words.notice) if words.notice else "",
        bar=_bar(scene, visit, words),
        primary=_agree(scene, words),
    )
    blank = replace(blank, known=visit.service not in OF_NOBODY)
    shown = pages.page_of(visit.service.name, step.name)(scene, visit, words, blank)
    if visit.overlay and visit.overlay != REMINDED:  # it is said aloud, and the page says it
        shown = replace(shown, dialog=dialog(scene, visit, step, visit.overlay))
    if scene.helped:  # whoever was called may come in, whatever lies over the page
        shown = replace(shown, corners=Begin(scene.services[ENTRY]))
    return _frame(scene, shown)


def spoken(shown: View, tr: Translate) -> tuple[str, str]:
    """What is said of a page: its title and what to do, or what lies over it; and its name.

    Of words that are not the same for everybody only the title is said: a voucher's number is read,
    not heard by the hall. Their name is "", so that nothing is kept of them.
    """
    if shown.dialog:
        return f"{shown.dialog.title}。{shown.dialog.text}", ""
    for name, words in STEPS.items():
        if (shown.title, shown.lead) == (tr(words.title), tr(words.lead) if words.lead else ""):
            return f"{shown.title}。{shown.lead}", name
    return shown.title, ""


def _frame(scene: Scene, body: View) -> View:
    return replace(
        body,
        header=scene.tr(HEADER),
        place=scene.site,
        clock=_clock(scene),
        foot=_foot(scene),
        keys=_fixed(scene),
        large=scene.large,
        language=scene.language,
    )


def _missing(scene: Scene) -> str:
    """What to do when the slip did not come out; a query slip has no code to photograph."""
    if scene.visit and HELD.of(scene.visit.facts):
        return N_("没有打印出来？用手机拍下左边的查询单。")
    return N_("没有打印出来？按“帮我”，或用手机拍下左边的二维码。")


RECEIPTS = (Service.LOSS_REPORT, Service.LOSS_CANCEL, Service.PIN_CHANGE, Service.PIN_RESET)
"""The services that are over at the kiosk: their slip is a receipt, nothing to come back with."""


def _take(scene: Scene) -> str:
    """What to take along: papers were given back before, the slip is what still is there."""
    if scene.visit and HELD.of(scene.visit.facts):
        return N_("请取走您的查询单")
    receipt = scene.visit and scene.visit.service.name in RECEIPTS
    return N_("请取走您的回执") if receipt else N_("请取走您的凭证")


def _fixed(scene: Scene) -> Fixed:
    tr = scene.tr
    return Fixed(
        clear=tr(N_("清除")),
        delete=tr(N_("退格")),
        space=tr(N_("空格")),
        hint=tr(N_("请输入拼音，再按要的字")),
        sign=tr(N_("请在这里写您的名字")),
        take=tr(_take(scene)),
        missing=tr(_missing(scene)),
        before=tr(N_("上一页")),
        after=tr(N_("下一页")),
        page=tr(N_("第 {page} 页，共 {of} 页")),
    )


def _clock(scene: Scene) -> str:
    now = scene.now
    day = f"{now.month}月{now.day}日" if scene.language == "zh_CN" else f"{now:%d %b}"
    return f"{day} {now:%H:%M}"


def _foot(scene: Scene) -> tuple[Button, ...]:
    """The fixed buttons, always in the same place."""
    tr, visit = scene.tr, scene.visit
    step = standing(visit) if visit else None
    size = N_("标准字") if scene.large else N_("大字")
    language = Button(
        "language", "English" if scene.language == "zh_CN" else "中文", Wish.LANGUAGE, "globe"
    )
    quiet = N_("静音") if scene.voice else N_("语音")
    icon = "volume-x" if scene.voice else "volume-2"
    voice = Button("voice", tr(quiet), Wish.VOICE, icon)
    own = (
        Button("help", tr(N_("帮我")), Help(), "headphones"),
        Button("large", tr(size), Wish.LARGE, "a-large-small"),
        language if scene.voice is None else voice,
    )
    if visit is None and scene.voice is not None:
        return (*own, language)
    if step is None or step.binding:
        return own
    return (
        Button("back", tr(N_("返回")), _back(scene, visit), "chevron-left"),
        Button("home", tr(N_("首页")), Leave(), "house"),
        *own,
    )


def _back(scene: Scene, visit: Visit | None) -> Back | Begin:
    """One question back; from the first of a service to what else the person can do."""
    if visit is None or OVERVIEW.of(visit.facts) is None or visit.service.name == MENU:
        return Back()
    after = advance(visit, Back())
    stays = after is not None and after.service is visit.service
    return Back() if stays else Begin(scene.services[MENU], known(visit.facts))


def _bar(scene: Scene, visit: Visit, words: Words) -> Bar | None:
    bar = stages(visit.service)
    if words.stage not in bar:
        return None
    at, of = bar.index(words.stage) + 1, len(bar)
    text = scene.tr(N_("第 **{at}** 步，共 {of} 步")).format(at=at, of=of)
    return Bar(at, of, scene.tr(words.stage), text)


def _agree(scene: Scene, words: Words) -> Button | None:
    return Button("primary", scene.tr(words.primary), Said(Agreed())) if words.primary else None


def dialog(scene: Scene, visit: Visit, step: Step, overlay: Overlay) -> Dialog:
    """What lies over a step: the failure's sentence, its cure and its ways out."""
    row, words = FAILURES[overlay.code], FAILURE_WORDS[overlay.code]
    ways = [way for way in (row.primary, row.secondary) if _open(way, visit, step)]
    reason = REASONS.get(overlay.detail) or THINGS.get(step.name)
    told = "" if overlay.device else overlay.detail  # a device's word is not for people
    detail = scene.tr(reason) if reason else told
    return Dialog(
        code=overlay.code,
        title=scene.tr(words.text).format(detail=detail),
        text=_cure(scene, visit, step, overlay, detail),
        buttons=tuple(
            Button(f"way_{way}", scene.tr(WAYS[way]), _says(way, overlay)) for way in ways
        ),
        alarm=overlay in ALARMS,
    )


def _cure(scene: Scene, visit: Visit, step: Step, overlay: Overlay, detail: str) -> str:
    """What to do now; an attendant is told a device's word too."""
    tr, left = scene.tr, max(0, round(scene.left_s or 0))
    cure = tr(FAILURE_WORDS[overlay.code].cure).format(detail=detail, n=left)
    if overlay.code == "F08":
        return cure + papers_asked(scene, visit, step)
    if overlay.code in {"attendant_failed", "attendant_unset"} and overlay.detail in DETAILS:
        return tr(N_("{detail}。{cure}")).format(detail=tr(DETAILS[overlay.detail]), cure=cure)
    return cure


ANSWERS: dict[Way, type] = {
    Way.OTHER_PAPER: OtherPaper,
    Way.SWAP: OtherPaper,
    Way.HELD: Held,
    Way.ON_SCREEN: OnScreen,
    Way.SIGN_AT_WINDOW: SignAtWindow,
}
"""The ways that answer the step: they are open where it takes that answer."""


def _open(way: Way, visit: Visit, step: Step) -> bool:
    """Whether a way leads anywhere from here."""
    match way:
        case Way.NONE:
            return False
        case _ if way in ANSWERS:
            return ANSWERS[way] in step.answers
        case Way.SCAN:
            return step.name == "portrait"
        case Way.SELF:
            return visit.facts.get("who") is not Applicant.SELF and step.name == "agent"
        case Way.HOME | Way.FINISH:
            return not step.holds
        case _:
            return True


SAYS: dict[Way, Said | Leave | Back] = {
    Way.HOME: Leave(),
    Way.BACK: Back(),
    Way.FINISH: Leave(),
    Way.FORGOTTEN: Said(Refusal("pin_forgotten")),
    Way.RETYPE_CODE: Said(Change(drop=("code",))),
    Way.READ_AGAIN: Said(READ_AGAIN),
    Way.TEMPLATE: Said(FOR_TEMPLATE),
    Way.TO_ROWS: Said(TO_ROWS),
    Way.SCAN: Said(Change(drop=PORTRAIT_STEPS, put={"portrait_ready": Ready("document_camera")})),
    # the paper is read anew: a child's household book does not serve a child alone (1.1.1)
    Way.SELF: Said(
        Change(drop=("agent", "eligibility", *PAPER_STEPS), put={"who": Applicant.SELF})
    ),
    **{way: Said(answer()) for way, answer in ANSWERS.items()},
}
"""What a way says; any other goes on with what was under way."""


def _says(way: Way, overlay: Overlay) -> Said | Resume | Leave | Back:
    if way in {Way.WINDOW, Way.SLIP}:
        return Said(Refusal(overlay.code))
    return SAYS.get(way, Resume())
