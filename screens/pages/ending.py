"""The pages after a refusal, and of a slip once more."""

from dataclasses import replace
from functools import partial

from kiosk.services import people
from kiosk.services.answers import Drawn, OnScreen, WantSlip
from kiosk.services.menu import MENU, known
from kiosk.services.onward import onward
from kiosk.visit import LIES, Begin, Said, Visit
from regulation.rules import Service
from screens.pages.page import Page, finish
from screens.refusals import refused
from screens.scene import Scene
from screens.view import Button, View
from screens.words import N_, Words


def _plain_done(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, primary=finish(scene, words))


def _reprint_done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """The slip again: in the hand, or on the screen to be photographed."""
    slip = visit.facts.get("slip")
    shown = replace(view, picture=slip.picture if isinstance(slip, Drawn) else b"")
    if isinstance(visit.facts.get("reprint_slip"), OnScreen):
        shown = replace(shown, title=scene.tr(N_("请用手机拍下凭证")))
    return replace(shown, primary=finish(scene, words))


ONWARD: dict[str, str] = {
    Service.NEW_INDIVIDUAL: N_("去新办社保卡"),
    Service.REPLACE_INDIVIDUAL: N_("去补领或换领"),
    Service.LOSS_REPORT: N_("现在挂失"),
    Service.LOSS_CANCEL: N_("去解除挂失"),
    Service.PIN_RESET: N_("去重置密码"),
    Service.PIN_CHANGE: N_("重新设密码"),
    Service.NEW_BATCH: N_("去单位批量新办"),
}
"""The words on the button that leads to another service."""


def refused_page(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """Why not here, and the slip; first of all what may be done here instead."""
    slip = Button("print_referral", scene.tr(N_("打印提示单")), Said(WantSlip()), "printer")
    shown, begins = refused(scene, visit, view), onward(scene.services, scene.rules, visit)
    if begins is None:
        return replace(shown, primary=slip)
    text = scene.tr(ONWARD[begins.service.name])
    return replace(shown, primary=Button("onward", text, begins), secondary=slip)


def _reprint(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    slip = Button("print_again", scene.tr(words.primary), Said(WantSlip()), "printer")
    menu = Begin(scene.services[MENU], known(visit.facts))
    other = Button("other_service", scene.tr(words.secondary), menu)
    return replace(view, primary=slip, secondary=other)


def _asked_back(thing: str, scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """A thing that lies there; until somebody has looked nobody is asked for it."""
    if visit.overlay is None and scene.progress != LIES:
        return replace(view, screen="wait", title=scene.tr(N_("请稍等")), lead="")
    return replace(view, lying=thing)


def _swapped(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Another's paper, wherever it lies."""
    thing = "card" if people.in_slot(visit.facts) else "paper"
    return _asked_back(thing, scene, visit, words, view)


PAGES: dict[str, Page] = {
    **dict.fromkeys(("take_paper", "give_paper"), partial(_asked_back, "paper")),
    **dict.fromkeys(("take_card", "give_card"), partial(_asked_back, "card")),
    "take_stick": partial(_asked_back, "stick"),
    "swap_paper": _swapped,
    "refusal": refused_page,
    "refusal_done": _plain_done,
    "reprint": _reprint,
    "reprint_done": _reprint_done,
}
