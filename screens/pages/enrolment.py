"""The pages of a kiosk that is not enrolled: closed, the code, and the key to compare."""

from dataclasses import replace

from kiosk.services.attendant import ENROLMENT, ENTRY
from kiosk.services.closed import By
from kiosk.services.enrolling import CODE_LENGTH
from kiosk.visit import Begin, Said, Visit
from screens.pages.page import Page
from screens.scene import Scene
from screens.view import Button, Entry, Row, View
from screens.words import N_, Words


def at_home(scene: Scene, closed: View) -> View:
    """The home page; of a kiosk that is not enrolled, the corners lead to its enrolment."""
    if By.NOT_ENROLLED not in scene.keepers:
        return closed
    way = Begin(scene.services[ENROLMENT], {"today": scene.now.date()})
    corners = way if closed.corners else None
    return replace(closed, title=scene.tr(N_("本机尚未登记")), corners=corners)


def _code(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    """Whoever has an id here goes on to attendant mode: the network can be tried there."""
    entry = Entry("number", CODE_LENGTH, CODE_LENGTH, Said, (4, 4, 4))
    way = Begin(scene.services[ENTRY], {"today": scene.now.date()})
    lead = scene.tr(N_("先核对本机编号：{number}。登记码向运营方要，15 分钟内有效。"))
    return replace(
        view,
        lead=lead.format(number=scene.kiosk_id),
        entry=entry,
        secondary=Button("attendants", scene.tr(words.secondary), way),
    )


def _enrolled(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """While an operator has to confirm the key: what they compare."""
    if not scene.progress:
        return view
    tr = scene.tr
    return replace(
        view,
        screen="notice",
        title=tr(N_("请运营方核对")),
        lead=tr(N_("请在运营方的控制台确认：两边的指纹要一样。")),
        rows=(
            Row(tr(N_("本机编号")), scene.kiosk_id),
            Row(tr(N_("密钥指纹")), scene.progress),
        ),
    )


PAGES: dict[str, Page] = {"enrolment.code": _code, "enrolled": _enrolled}
