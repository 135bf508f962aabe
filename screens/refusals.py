"""Refusing well: why not here, the nearest ways there are, what to bring, and which clause."""

from dataclasses import replace

from kiosk.services import people
from kiosk.visit import Refusal, Visit, refusal
from regulation.papers import Paper
from regulation.rules import Applicant, Cell, Channel, Service
from screens.failure_words import FAILURES, told
from screens.scene import Scene
from screens.tables import paper_name
from screens.view import Row, View
from screens.words import N_

ENQUIRY = "023-12333"
MOST_WAYS = 2
"""How many ways are shown: the nearest ones, as on the slip."""

BY_TABLE = ("F49", "not_this_way")
"""The refusals of the table itself: what to do is one of its other cells."""

WAYS: dict[Channel, str] = {
    Channel.WINDOW: N_("到服务窗口，{who}"),
    Channel.KIOSK: N_("就在本机，{who}"),
    Channel.ONLINE: N_("用手机“重庆人社”APP，{who}"),
    Channel.PHONE: N_("拨打 12333，{who}"),
}

BY_WHOM: dict[Applicant, str] = {
    Applicant.SELF: N_("由本人办理"),
    Applicant.AGENT_ADULT: N_("可由代办人办理"),
    Applicant.AGENT_MINOR: N_("可由代办人替孩子办理"),
    Applicant.UNIT_CLERK: N_("由单位经办人办理"),
}

PHOTOS: dict[str, str] = {
    "required": N_("一寸白底免冠照片一张"),
    "optional": N_("一寸白底免冠照片一张（自愿）"),
    "only_if_changing": N_("换照片的，带一寸白底免冠照片一张"),
    "only_if_adding_or_changing": N_("加照片或换照片的，带一寸白底免冠照片一张"),
}
"""The photo to bring, by the word of the table; of a list's photos `FILES` tells."""

FILES: dict[Service, str] = {
    Service.NEW_BATCH: N_("U 盘：《制卡明细表》、照片、身份证和户口簿扫描件"),
    Service.REPLACE_BATCH: N_("U 盘：《补换卡明细表》、身份证和户口簿扫描件，换照片的带照片"),
}


def refused(scene: Scene, visit: Visit, view: View) -> View:
    """Why not here, what to do instead, what to bring, and which clause says so."""
    why, tr = refusal(visit.facts), scene.tr
    if why is None:
        return view
    asked = Service(visit.service.name) if visit.service.name in tuple(Service) else None
    who = people.kind(visit.facts, scene.rules.switches.minor_age)
    service = asked or Service.NEW_INDIVIDUAL
    clause = why.clause or scene.rules.cell(service, who, Channel.WINDOW).clause
    rows = (
        *_what_to_do(scene, why, service, who),
        Row(tr(N_("依据")), tr(N_("办理规程 {clause}")).format(clause=_listed(scene, clause))),
        Row(tr(N_("咨询")), ENQUIRY),
    )
    title = tr(FAILURES[why.code].text).format(detail=told(why.detail, tr))
    return replace(view, title=title, rows=rows, good=False)


def _what_to_do(scene: Scene, why: Refusal, service: Service, who: Applicant) -> tuple[Row, ...]:
    """The sentence of a failure, or the nearest ways of the table; and what to bring there."""
    tr = scene.tr
    if why.code not in BY_TABLE:
        told_so = tr(FAILURES[why.code].elsewhere).format(detail=told(why.detail, tr), n=0)
        cell = scene.rules.cell(service, who, Channel.WINDOW)
        return (Row(tr(N_("怎么办")), told_so), *_bring(scene, cell))
    nearest = _nearest(scene, service, who)
    first, *others = (_way(scene, cell) for cell in nearest)
    also = tuple(Row(tr(N_("也可以")), way) for way in others)
    return (Row(tr(N_("怎么办")), first), *also, *_bring(scene, nearest[0]))


def _nearest(scene: Scene, service: Service, who: Applicant) -> list[Cell]:
    """The nearest ways; of those of other people this kiosk's is the nearest of all."""
    ways = scene.rules.nearest(service, who)
    theirs = [cell for cell in ways if cell.applicant is ways[0].applicant]
    return sorted(theirs, key=lambda cell: cell.channel is not Channel.KIOSK)[:MOST_WAYS]


def _way(scene: Scene, cell: Cell) -> str:
    return scene.tr(WAYS[cell.channel]).format(who=scene.tr(BY_WHOM[cell.applicant]))


def _bring(scene: Scene, cell: Cell) -> tuple[Row, ...]:
    """What to bring, a line each."""
    tr = scene.tr
    lines = [_any_of(scene, cell.papers)] if cell.papers else []
    if cell.agent_papers:
        agent = tr(N_("代办人的{papers}"))
        lines.append(agent.format(papers=_any_of(scene, cell.agent_papers)))
    lines += [tr(each) for each in (PHOTOS.get(cell.photo), FILES.get(cell.service)) if each]
    if not lines:
        return ()
    dots = [f"• {line}" for line in lines] if len(lines) > 1 else lines
    return (Row(tr(N_("请带")), "\n".join(dots)),)


def _any_of(scene: Scene, papers: tuple[Paper, ...]) -> str:
    names = scene.tr(N_("、")).join(paper_name(scene, paper) for paper in papers)
    text = N_("{papers}，带一种原件") if len(papers) > 1 else N_("{papers}原件")
    return scene.tr(text).format(papers=names)


def _listed(scene: Scene, clauses: str) -> str:
    return clauses.replace(",", scene.tr(N_("、")))
