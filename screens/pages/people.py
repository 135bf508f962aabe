"""The pages of who stands here and for whom."""

from dataclasses import replace
from functools import partial

from kiosk.services import people
from kiosk.services.answers import NotMe, OtherPaper, Ready
from kiosk.visit import Change, Said, Visit
from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Service
from screens.pages.page import Page, camera, saying, watching
from screens.scene import Scene
from screens.tables import PAPER_ICONS, bring, paper_name
from screens.view import Button, Choice, Entry, View
from screens.words import N_, Words


def service_of(visit: Visit) -> Service:
    """The regulation's service that a visit is of."""
    return Service(visit.service.name)


WITH_CARD = (
    N_("带上自己的社保卡"),
    N_("带上他的社保卡，和您的身份证"),
    N_("未满 18 周岁；带孩子的社保卡，和您的身份证"),
)
"""What to bring for a card's PIN: for oneself, for an adult, for a child."""


def _brought(scene: Scene, service: Service) -> tuple[str, str, str]:
    """The same for any service."""
    if service in {Service.PIN_CHANGE, Service.PIN_RESET}:
        return WITH_CARD
    child = scene.rules.cell(service, Applicant.AGENT_MINOR, Channel.KIOSK)
    book = N_("未满 18 周岁；带孩子的身份证或户口簿，和您的身份证")
    card = N_("未满 18 周岁；带孩子的身份证，和您的身份证")
    minor = book if Paper.HOUSEHOLD_REGISTER in child.papers else card
    return N_("带上自己的证件"), N_("带上他的证件，和您的身份证"), minor


def _who(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    own, adult, minor = _brought(scene, service_of(visit))
    rows = (
        (Applicant.SELF, N_("给我自己办"), own, "user"),
        (Applicant.AGENT_ADULT, N_("替成年人办"), adult, "users"),
        (Applicant.AGENT_MINOR, N_("替孩子办"), minor, "baby"),
        (Applicant.UNIT_CLERK, N_("替单位办"), N_("您是单位经办人，办单位职工的卡"), "building"),
    )
    return replace(
        view,
        choices=tuple(
            Choice(who, scene.tr(title), Said(who), scene.tr(line), icon)
            for who, title, line, icon in rows
        ),
    )


def _notice(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    return replace(view, rows=bring(scene, people.row(scene.rules, service_of(visit), visit.facts)))


def _other_paper(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    return replace(
        view,
        choices=tuple(
            Choice(paper, paper_name(scene, paper), Said(paper), icon=PAPER_ICONS[paper])
            for paper in people.other_papers(scene.rules, service_of(visit), visit.facts)
        ),
    )


def _applicant(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    papers = people.accepted(scene.rules, service_of(visit), visit.facts)
    button = Button("other_paper", scene.tr(words.secondary), Said(OtherPaper()))
    shown = _with_slot(scene, papers, view)
    return replace(shown, secondary=button, title=take_first(scene, view.title))


def _agent(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    papers = people.row(scene.rules, service_of(visit), visit.facts).agent_papers
    return replace(_with_slot(scene, papers, view), title=take_first(scene, view.title))


def _with_slot(scene: Scene, papers: tuple[Paper, ...], view: View) -> View:
    """Where a social card serves as the paper, its slot is named too, unless it is broken."""
    if Paper.SS_CARD not in papers or scene.progress == "card_reader":
        return view
    return replace(view, slot="also", lead=scene.tr(N_("没带身份证，也可以把社保卡插进卡槽。")))


def take_first(scene: Scene, title: str) -> str:
    """Two people's papers, one reader: the first is taken back before the second is read."""
    return scene.tr(N_("请先取回刚才的身份证")) if scene.progress == "take_first" else title


def _page_ready(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    shown = camera("document_camera", scene, visit, words, view)
    return replace(shown, primary=saying(shown.primary, Said(Ready("document_camera"))))


def _keep(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    picture = people.PAGE.of(visit.facts)
    redo = Button("again", scene.tr(words.secondary), Said(Change(drop=people.PAGE_STEPS)))
    return replace(view, picture=picture.jpeg if picture else b"", secondary=redo)


def _number(_scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    paper = people.PAPER.of(visit.facts)
    if paper is Paper.HOUSEHOLD_REGISTER:
        return replace(view, entry=Entry("id", 18, 18, Said, (6, 8, 4)))
    return replace(view, entry=Entry("number", 17, 5, Said))


def _name(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("name", 40, 1, Said))


def _until(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("digits", 8, 8, Said, (4, 2, 2)))


def person_check(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    """That it is oneself, or that it is not."""
    return replace(view, secondary=Button("not_me", scene.tr(words.secondary), Said(NotMe())))


PAGES: dict[str, Page] = {
    "who": _who,
    "notice": _notice,
    "applicant": _applicant,
    "other_paper": _other_paper,
    "page_ready": _page_ready,
    "page": partial(watching, "document_camera"),
    "page_keep": _keep,
    "paper_number": _number,
    "paper_name": _name,
    "paper_until": _until,
    "agent": _agent,
    "person_check": person_check,
}
