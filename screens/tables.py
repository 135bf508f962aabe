"""The tables pages show: what to bring, what was said, what happens next. Masked, always."""

from dataclasses import replace
from datetime import datetime

from kiosk.services import handing, people, wishes
from kiosk.services.answers import AddressSays, CardSeen, Drawn, SignAtWindow, Submitted
from kiosk.visit import Change, Said, Step, Visit
from regulation.masks import mask_address, mask_name, mask_number, mask_phone
from regulation.papers import Paper
from regulation.rules import Applicant, Cell, Service
from screens.scene import Scene
from screens.view import Button, Row, View
from screens.words import N_

PAPERS: dict[Paper, str] = {
    Paper.RESIDENT_ID: N_("身份证"),
    Paper.HMT_PERMIT: N_("港澳台居民来往内地通行证"),
    Paper.PASSPORT: N_("护照"),
    Paper.MILITARY_OFFICER: N_("军官证"),
    Paper.HOUSEHOLD_REGISTER: N_("户口簿"),
    Paper.SS_CARD: N_("社保卡"),
}

PAPER_ICONS: dict[Paper, str] = {
    Paper.RESIDENT_ID: "id-card",
    Paper.HMT_PERMIT: "id-card",
    Paper.PASSPORT: "book-user",
    Paper.MILITARY_OFFICER: "id-card",
    Paper.HOUSEHOLD_REGISTER: "book",
    Paper.SS_CARD: "credit-card",
}

KINDS: dict[Applicant, str] = {
    Applicant.SELF: N_("新办社保卡（本人）"),
    Applicant.AGENT_ADULT: N_("新办社保卡（替成年人）"),
    Applicant.AGENT_MINOR: N_("新办社保卡（替孩子）"),
    Applicant.UNIT_CLERK: N_("单位批量新办"),
}


def card_named(card: CardSeen) -> str:
    """A card by the last of its number and its bank."""
    return f"{card.number}　{card.bank}" if card.bank else card.number


def papers_asked(scene: Scene, visit: Visit, step: Step) -> str:
    """Which papers serve at a step, after a paper that does not (F08); "" outside the table."""
    if visit.service.name not in set(Service):
        return ""
    service = Service(visit.service.name)
    agents = people.row(scene.rules, service, visit.facts).agent_papers
    own = people.accepted(scene.rules, service, visit.facts)
    names = [paper_name(scene, paper) for paper in (agents if step.name == "agent" else own)]
    told = scene.tr(N_("这里可以用：{papers}。"))
    return told.format(papers=scene.tr(N_("、")).join(names))


def paper_name(scene: Scene, paper: Paper) -> str:
    """A paper's name in the person's language."""
    return scene.tr(PAPERS[paper])


def originals(scene: Scene, cell: Cell) -> tuple[Row, ...]:
    """The originals to hold ready, from the row of the regulation."""
    own = Row(scene.tr(N_("申办人证件")), _originals(scene, cell))
    if not cell.agent_papers:
        return (own,)
    return own, Row(scene.tr(N_("代办人证件")), _any_of(scene, cell.agent_papers))


def bring(scene: Scene, cell: Cell) -> tuple[Row, ...]:
    """What to hold ready for a first card."""
    rows = [*originals(scene, cell)]
    photo = N_("现场拍照，不带也行") if cell.photo == "required" else N_("可拍可不拍")
    rows.append(Row(scene.tr(N_("照片")), scene.tr(photo)))
    rows.append(Row(scene.tr(N_("费用")), scene.tr(N_("首次办卡免费"))))
    return tuple(rows)


def _originals(scene: Scene, cell: Cell) -> str:
    """The papers of a row: one of them is enough."""
    return _any_of(scene, cell.papers)


def _any_of(scene: Scene, papers: tuple[Paper, ...]) -> str:
    names = [paper_name(scene, paper) for paper in papers]
    if len(names) == 1:
        return scene.tr(N_("{papers}原件")).format(papers=names[0])
    several = scene.tr(N_("、")).join(names)
    return scene.tr(N_("{papers}，带一种原件")).format(papers=several)


def review(scene: Scene, visit: Visit) -> tuple[Row, ...]:
    """Everything that will be submitted, with a button where it may be changed."""
    facts, tr = visit.facts, scene.tr
    first = Row(tr(N_("业务")), tr(KINDS[people.kind(facts, scene.rules.switches.minor_age)]))
    return (first, *whose_rows(scene, visit), *_changeable(scene, visit))


def whose_rows(scene: Scene, visit: Visit) -> tuple[Row, ...]:
    """Who it is for, by which paper, and who acts for them."""
    tr, paper, agent = scene.tr, people.applicant_paper(visit.facts), people.AGENT.of(visit.facts)
    rows: list[Row] = []
    if paper:
        rows.append(Row(tr(N_("姓名")), mask_name(paper.name)))
        rows.append(Row(paper_name(scene, paper.paper), mask_number(paper.number)))
    if agent:
        rows.append(Row(tr(N_("代办人")), mask_name(agent.name)))
    return tuple(rows)


def _changeable(scene: Scene, visit: Visit) -> tuple[Row, ...]:
    facts, tr = visit.facts, scene.tr
    phone = wishes.PHONE.of(facts)
    right = wishes.ADDRESS.of(facts) is AddressSays.RIGHT
    address = mask_address(wishes.known_address(facts)) if right else tr(N_("到窗口登记"))
    told = mask_phone(phone) if phone else tr(N_("没有"))
    return (
        Row(tr(N_("手机")), told, change(scene, "phone")),
        Row(tr(N_("地址")), address, change(scene, "address")),
        Row(tr(N_("开户银行")), wishes.BANK.of(facts) or "", change(scene, "bank")),
        photo_row(scene, visit, tr(N_("卡上不带照片"))),
    )


def change(scene: Scene, step: str, *more: str) -> Button:
    """The button that has a step, and others that hang on it, asked again."""
    return Button(step, scene.tr(N_("修改")), Said(Change(drop=(step, *more))))


def photo_row(scene: Scene, visit: Visit, without: str) -> Row:
    """The photo that was taken; `without` says what it means that none was."""
    portrait = wishes.PORTRAIT.of(visit.facts)
    return Row(
        scene.tr(N_("照片")),
        "" if portrait else without,
        change(scene, "portrait", "portrait_choice", *wishes.PORTRAIT_STEPS),
        picture=portrait.jpeg if portrait else b"",
    )


def done(scene: Scene, visit: Visit, view: View) -> View:
    """The result: the next step, what to bring, by when, and the slip."""
    slip, submitted = visit.facts.get("slip"), handing.SUBMITTED.of(visit.facts)
    view = replace(view, picture=slip.picture if isinstance(slip, Drawn) else b"")
    if submitted is None:
        return replace(view, rows=held(scene, visit), good=False)
    number = scene.tr(N_("凭证号 {number}")).format(number=submitted.voucher_no)
    return replace(view, lead=number, rows=_accepted(scene, visit, submitted))


def held(scene: Scene, visit: Visit) -> tuple[Row, ...]:
    """What to do while the result is not known; only an ID that was read gets the slip here."""
    tr = scene.tr
    window = tr(N_("拿查询单到服务窗口询问，电话 023-12333"))
    if not (people.APPLICANT.of(visit.facts) or people.AGENT.of(visit.facts)):
        return (Row(tr(N_("下一步")), window),)
    here = tr(N_("24 小时内，把同一张身份证放在亮灯处，可打印凭证"))
    return Row(tr(N_("下一步")), here), Row(tr(N_("也可以")), window)


def _accepted(scene: Scene, visit: Visit, submitted: Submitted) -> tuple[Row, ...]:
    tr, due = scene.tr, datetime.fromisoformat(submitted.due).astimezone(scene.now.tzinfo)
    window = tr(N_("持凭证到 **{window} 号窗口** 等待制卡")).format(window=submitted.window)
    until = tr(N_("一般当场领取，最迟 {month}月{day}日 {time}")).format(
        month=due.month, day=due.day, time=f"{due:%H:%M}"
    )
    rows = (
        Row(tr(N_("下一步")), window, rich=True),
        Row(tr(N_("请带")), to_bring(scene, visit)),
        Row(tr(N_("时间")), until),
    )
    if isinstance(visit.facts.get("signature"), SignAtWindow):
        return (*rows, Row(tr(N_("签字")), tr(N_("到窗口签字"))))
    return rows


def to_bring(scene: Scene, visit: Visit) -> str:
    """The papers that were shown, the applicant's and the agent's."""
    shown, agent = people.applicant_paper(visit.facts), people.AGENT.of(visit.facts)
    cell = people.row(scene.rules, Service(visit.service.name), visit.facts)
    own = paper_name(scene, shown.paper) if shown else _originals(scene, cell)
    if agent is None:
        return scene.tr(N_("{papers}原件")).format(papers=own)
    both = scene.tr(N_("{own}原件，和代办人{agent}"))
    return both.format(own=own, agent=paper_name(scene, agent.paper))
