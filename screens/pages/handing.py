"""The pages of looking once more, signing, and the result."""

from dataclasses import replace
from functools import partial

from kiosk.services.answers import SignAtWindow, Strokes
from kiosk.visit import Said, Visit
from screens.pages.page import Page, finish, watching
from screens.scene import Scene
from screens.tables import done, review
from screens.view import Button, Pad, View
from screens.words import N_, Words


def _review(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    notice = scene.tr(N_("提交后请持凭证到 {window} 号窗口等待制卡，一般当场领取。"))
    return replace(view, rows=review(scene, visit), notice=notice.format(window=scene.window))


def _signature(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    later = Button("sign_at_window", scene.tr(words.secondary), Said(SignAtWindow()))
    return replace(view, secondary=later, pad=Pad(lambda strokes: Said(Strokes(strokes))))


def _done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    return done(scene, visit, replace(view, primary=finish(scene, words)))


PAGES: dict[str, Page] = {
    "review": _review,
    "signature": _signature,
    "scene_photo": partial(watching, "camera"),
    "done": _done,
}
