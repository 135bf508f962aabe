"""The pages of what a person can do now, best first, and of everything else."""

from dataclasses import replace
from datetime import datetime

from kiosk.services import menu
from kiosk.services.answers import TAPPED, CardSeen
from kiosk.services.catalogue import begin
from kiosk.services.menu import MENDING, OVERVIEW, REPRINT, Offer, Overview, Turn
from kiosk.services.people import WHO
from kiosk.services.referral import REASON
from kiosk.services.reprint import CLAIM
from kiosk.visit import Begin, Facts, Refusal, Said, Visit
from regulation.masks import mask_name
from regulation.rules import Applicant, Service
from screens.failure_words import FAILURES, told
from screens.home import TILES
from screens.pages.page import Page
from screens.scene import Scene
from screens.view import Choice, View
from screens.words import N_, Words

TITLES: dict[str, tuple[str, str]] = {
    MENDING: (N_("补材料"), "pen-line"),
    REPRINT: (N_("补打凭证"), "printer"),
    **{name: (title, icon) for name, title, _line, icon in TILES},
    Service.ACTIVATE: (N_("启用社保卡"), "shield-check"),
    Service.STATUS_QUERY: (N_("应用状态查询"), "list-checks"),
    Service.UNLOCK: (N_("社保卡解锁"), "key-round"),
    Service.INFO_CHANGE: (N_("信息变更"), "map-pin"),
    Service.BATCH_TO_INDIVIDUAL: (N_("批量转零星"), "user-round-plus"),
    Service.REPLACE_BATCH: (N_("单位批量补换"), "users"),
    Service.CANCEL: (N_("注销社保卡"), "circle-x"),
    Service.ROLLBACK: (N_("撤销注销"), "refresh-cw"),
}
"""A service's name on its tile, and its icon."""

WHY: dict[tuple[str, str], str] = {
    (MENDING, "sent_back"): N_("窗口退回：{reason}"),
    (REPRINT, "printed"): N_("24 小时内办的业务，凭证可以再打一次"),
    (Service.PIN_RESET, "blocked"): N_("这张卡的密码已锁定"),
    (Service.BATCH_TO_INDIVIDUAL, "in_batch"): N_("单位已为您批量申领，急用可转"),
    (Service.NEW_INDIVIDUAL, "no_card"): N_("您名下没有社保卡，首次申领免费"),
    (Service.LOSS_CANCEL, "lost"): N_("卡 {card} {since}，找到了可恢复"),
    (Service.REPLACE_INDIVIDUAL, "lost"): N_("卡 {card} {since}，可补领新卡"),
    (Service.LOSS_REPORT, "for_a_term"): N_("卡 {card} 只是临时挂失，可转为正式挂失"),
    (Service.ACTIVATE, "sealed"): N_("卡 {card} 还没有启用"),
    (Service.UNLOCK, "locked"): N_("卡 {card} 已锁定，窗口可解锁"),
    (Service.LOSS_REPORT, "in_use"): N_("卡 {card} 丢了，请马上挂失"),
    (Service.REPLACE_INDIVIDUAL, "in_use"): N_("卡 {card} 丢失、损坏或到期"),
    (Service.PIN_CHANGE, "in_use"): N_("卡 {card}，须带卡"),
    (Service.PIN_RESET, "in_use"): N_("卡 {card}，忘记密码时"),
    (Service.NEW_BATCH, "clerk"): N_("您是单位经办人"),
}
"""Why something is offered, in a line."""

NOT_THEIRS: dict[str, str] = {Service.NEW_BATCH: N_("只有单位经办人能办")}
"""Why not, where the failure speaks of something else than the person."""

FOR_ANOTHER = (
    *(Service.NEW_INDIVIDUAL, Service.REPLACE_INDIVIDUAL, Service.PIN_RESET),
    *(Service.LOSS_REPORT, Service.LOSS_CANCEL),
)
"""What an agent may do at a kiosk (规程 1.1, 3.1, 5.1(2), 6.1(2))."""

UNREACHED = N_("暂时查不到您的卡片情况，下面是按规定可以办的业务。")


def _menu(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    tr, paper = scene.tr, TAPPED.of(visit.facts)
    found = menu.offers(visit.facts)
    more = (
        Choice(
            "for_another",
            tr(N_("替别人办")),
            Said(Turn.ANOTHER),
            tr(N_("家人、朋友的业务")),
            "users",
        ),
        Choice(
            "others",
            tr(N_("其他业务")),
            Said(Turn.OTHERS),
            tr(N_("现在不能办的，告诉您怎么办")),
            "list-checks",
        ),
    )
    tiles = tuple(_offer(scene, visit.facts, offer) for offer in found)
    title = view.title if found else tr(N_("现在没有您能在这里办的业务"))
    name = mask_name(paper.name) if paper else ""
    lead = tr(N_("{name}，请按一下要办的业务。")).format(name=name)
    notice = _notice(scene, OVERVIEW.of(visit.facts), offered=bool(found))
    return replace(view, title=title, lead=lead, notice=notice, choices=(*tiles, *more))


def _offer(scene: Scene, facts: Facts, offer: Offer) -> Choice:
    title, icon = TITLES[offer.name]
    return Choice(
        offer.name,
        scene.tr(title),
        _begins(scene, facts, offer.name),
        _why(scene, facts, offer),
        icon,
    )


def _why(scene: Scene, facts: Facts, offer: Offer) -> str:
    """Why it is offered: the card and since when, or what the tile at home says."""
    line = WHY.get((offer.name, offer.why))
    if line is None:
        return scene.tr(_at_home(offer.name))
    seen = OVERVIEW.of(facts)
    reason = seen.mendable.reason if seen and seen.mendable else ""
    card = offer.card.number if offer.card else ""
    return scene.tr(line).format(card=card, since=_since(scene, offer.card), reason=reason)


def _at_home(name: str) -> str:
    return next(line for service, _title, line, _icon in TILES if service == name)


def _since(scene: Scene, card: CardSeen | None) -> str:
    """What the card's state is, and since which day."""
    if card is None:
        return ""
    state = card.state_zh if scene.language == "zh_CN" else card.state_en
    if not card.since:
        return state
    day = datetime.fromisoformat(card.since).astimezone(scene.now.tzinfo)
    told_so = scene.tr(N_("{month}月{day}日起{state}"))
    return told_so.format(month=day.month, day=day.day, state=state)


def _begins(scene: Scene, facts: Facts, name: str) -> Begin:
    """What a tile begins: whoever laid down the paper has answered for whom, and shown it."""
    seen, who = OVERVIEW.of(facts), Applicant.UNIT_CLERK if name in CLERKS else Applicant.SELF
    known = {**menu.known(facts), WHO.name: who}
    if name == REPRINT and seen and seen.claim:
        return Begin(scene.services[REPRINT], known | {CLAIM.name: seen.claim})
    if name == MENDING:
        return Begin(scene.services[MENDING], known)
    return begin(scene.services, scene.rules, Service(name), scene.now.date(), known)


CLERKS = (Service.NEW_BATCH, Service.REPLACE_BATCH)


def _notice(scene: Scene, seen: Overview | None, *, offered: bool) -> str:
    """What else there is to know: how far a case is, or why nothing can be done."""
    tr = scene.tr
    if seen is None:
        return ""
    if not seen.asked:
        return tr(UNREACHED)
    if seen.mendable and not seen.mendable.here:
        back = tr(N_("窗口退回了您的申请：{reason}。请带证件原件到服务窗口补办。"))
        return back.format(reason=seen.mendable.reason)
    if seen.cases:
        case = seen.cases[0]
        far = case.progress_zh if scene.language == "zh_CN" else case.progress_en
        return tr(N_("您的申请 {number}：{progress}")).format(number=case.voucher_no, progress=far)
    why = seen.stands(Service.NEW_INDIVIDUAL)
    in_the_way = why is not None and (not offered or why.code == "F14")
    return _sentence(scene, why) if why and in_the_way else ""


def _sentence(scene: Scene, why: Refusal) -> str:
    words, detail = FAILURES[why.code], told(why.detail, scene.tr)
    text, way = (
        scene.tr(each).format(detail=detail, n=0) for each in (words.text, words.elsewhere)
    )
    return f"{text}。{way}"


def _others(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """What a kiosk does and not for this person now, each with why not; then the other places."""
    tr = scene.tr
    rows = tuple(_why_not(scene, visit.facts, name, why) for name, why in menu.refused(visit.facts))
    further = Choice(
        "elsewhere",
        tr(N_("到窗口办的业务")),
        Said(Turn.ELSEWHERE),
        tr(N_("启用、解锁、注销等")),
        "landmark",
    )
    return replace(view, choices=(*rows, further))


def _why_not(scene: Scene, facts: Facts, name: Service, why: Refusal) -> Choice:
    title, icon = TITLES[name]
    begins = _begins(scene, facts, name)
    begins = replace(begins, facts={**begins.facts, REASON: why})
    return Choice(name, scene.tr(title), begins, _reason(scene, name, why), icon)


def _reason(scene: Scene, name: Service, why: Refusal) -> str:
    """Why not, in a line; of a no in the centre's own words those alone."""
    if why.code == "F34" and why.detail and name not in NOT_THEIRS:
        return why.detail.removeprefix("：")
    line = NOT_THEIRS.get(name) or FAILURES[why.code].text
    return scene.tr(line).format(detail=told(why.detail, scene.tr))


def _for_another(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """What an agent may do: for whom is asked, and the paper that lies there is the agent's."""
    known = menu.known(visit.facts)
    return replace(
        view,
        choices=tuple(
            Choice(
                name,
                scene.tr(TITLES[name][0]),
                begin(scene.services, scene.rules, name, scene.now.date(), known),
                scene.tr(_at_home(name)),
                TITLES[name][1],
            )
            for name in FOR_ANOTHER
        ),
    )


def _elsewhere(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """The services of other places; for whom is asked, unless a paper said so."""

    def begins(name: Service) -> Begin:
        if TAPPED.of(visit.facts):
            return _begins(scene, visit.facts, name)
        return begin(scene.services, scene.rules, name, scene.now.date())

    return replace(
        view,
        choices=tuple(
            Choice(name, scene.tr(TITLES[name][0]), begins(name), icon=TITLES[name][1])
            for name in menu.ELSEWHERE
        ),
    )


PAGES: dict[str, Page] = {
    "menu": _menu,
    "others": _others,
    "for_another": _for_another,
    "elsewhere": _elsewhere,
}
