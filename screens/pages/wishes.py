"""The pages of how to reach the person, which bank, which photo."""

from dataclasses import replace

from kiosk.services import wishes
from kiosk.services.answers import AddressSays, NoPhone, PhotoWish, Ready
from kiosk.visit import Change, Said, Visit
from screens.pages.page import Page, camera, saying
from screens.scene import Scene
from screens.view import Button, Choice, Entry, Row, View
from screens.words import N_, Words


def _phone(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    none = Button("no_phone", scene.tr(words.secondary), Said(NoPhone()))
    return replace(view, entry=Entry("digits", 11, 11, Said, (3, 4, 4)), secondary=none)


def _address(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    address = wishes.known_address(visit.facts)
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


def _portrait_ready(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    shown = camera("camera", scene, visit, words, view)
    scan = Button("scan_photo", scene.tr(words.secondary), Said(Ready("document_camera")))
    primary = saying(shown.primary, Said(Ready()))
    return replace(shown, guide=True, primary=primary, secondary=scan)


def _portrait_scan(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    shown = camera("document_camera", scene, visit, words, view)
    live = Button("live_photo", scene.tr(words.secondary), Said(Change(drop=wishes.PORTRAIT_STEPS)))
    return replace(shown, guide=True, secondary=live)


def _portrait(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    source = wishes.SOURCE.of(visit.facts)
    name = source.source if source else "camera"
    return replace(view, preview=name, guide=True, countdown=scene.progress)


def _keep(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    picture = wishes.PORTRAIT.of(visit.facts)
    redo = Button("again", scene.tr(words.secondary), Said(Change(drop=wishes.PORTRAIT_STEPS)))
    return replace(view, picture=picture.jpeg if picture else b"", secondary=redo)


PAGES: dict[str, Page] = {
    "phone": _phone,
    "address": _address,
    "bank": _bank,
    "portrait_choice": _portrait_choice,
    "portrait_ready": _portrait_ready,
    "portrait_scan": _portrait_scan,
    "portrait": _portrait,
    "portrait_keep": _keep,
}
