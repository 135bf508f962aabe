"""The pages of sending again what the window sent back."""

from dataclasses import replace
from datetime import datetime

from kiosk.services import handing as hands
from kiosk.services import people, wishes
from kiosk.services.answers import TAPPED, AddressSays, Drawn, PaperRead, Strokes, Submitted
from kiosk.services.mending import PARTS, asked, mendable
from kiosk.visit import Change, Facts, Said, Visit
from regulation.masks import mask_address, mask_phone
from screens.pages.page import Page, finish
from screens.scene import Scene
from screens.tables import paper_name
from screens.view import Button, Entry, Pad, Row, View
from screens.words import N_, Words

NAMES: dict[str, str] = {
    "phone": N_("手机"),
    "address": N_("地址"),
    "page": N_("证件影像"),
    "portrait": N_("照片"),
    "signature": N_("签名"),
}
"""The parts, as the window names them."""

DROPS: dict[str, tuple[str, ...]] = {
    "page": people.PAGE_STEPS,
    "portrait": wishes.PORTRAIT_STEPS,
}
"""The steps a part is asked in, where they are not one of its name."""


def _mend(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    back, tr = mendable(visit.facts), scene.tr
    if back is None:
        return view
    names = [tr(NAMES[part]) for part in PARTS if part in back.parts]
    rows = (
        Row(tr(N_("窗口说")), back.reason),
        Row(tr(N_("请补")), tr(N_("、")).join(names)),
        Row(tr(N_("凭证号")), back.voucher_no),
    )
    return replace(view, rows=rows)


def _phone(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("digits", 11, 11, Said, (3, 4, 4)))


def _address(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Whole: what is hidden cannot be confirmed. A paper without an address sends to the window."""
    tr, paper = scene.tr, TAPPED.of(visit.facts)
    right = Button("primary", tr(words.primary), Said(AddressSays.RIGHT))
    later = Button("at_window", tr(words.secondary), Said(AddressSays.AT_WINDOW))
    if paper is None or not paper.address:
        lead = tr(N_("这张证件上没有地址，请到窗口登记。"))
        return replace(view, primary=replace(later, name="primary"), lead=lead)
    rows = (Row(tr(N_("地址")), paper.address),)
    return replace(view, primary=right, secondary=later, rows=rows)


def _signature(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, pad=Pad(lambda strokes: Said(Strokes(strokes))))


def _review(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    rows = (_row(scene, visit.facts, part) for part in PARTS if asked(part)(visit.facts))
    return replace(view, rows=tuple(rows))


def _row(scene: Scene, facts: Facts, part: str) -> Row:
    """A part as it will be sent, and a button to do it again."""
    tr, paper = scene.tr, TAPPED.of(facts)
    change = Button(part, tr(N_("修改")), Said(Change(drop=DROPS.get(part, (part,)))))
    pictures = {"page": people.PAGE.of(facts), "portrait": wishes.PORTRAIT.of(facts)}
    picture = pictures.get(part)
    told = {
        "phone": mask_phone(wishes.PHONE.of(facts) or ""),
        "address": mask_address(paper.address) if paper else "",
        "signature": tr(N_("已签")),
    }
    shown = picture.jpeg if picture else b""
    return Row(tr(NAMES[part]), told.get(part, ""), change, picture=shown)


def _done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """What to do with the receipt, and by when."""
    slip, submitted = hands.SLIP.of(visit.facts), hands.SUBMITTED.of(visit.facts)
    picture = slip.picture if isinstance(slip, Drawn) else b""
    shown = replace(view, picture=picture, primary=finish(scene, words))
    if submitted is None:
        here = scene.tr(N_("24 小时内，把同一张身份证放在亮灯处，可打印凭证"))
        return replace(shown, rows=(Row(scene.tr(N_("下一步")), here),), good=False)
    number = scene.tr(N_("凭证号 {number}")).format(number=submitted.voucher_no)
    return replace(shown, lead=number, rows=_taken(scene, TAPPED.of(visit.facts), submitted))


def _taken(scene: Scene, paper: PaperRead | None, submitted: Submitted) -> tuple[Row, ...]:
    tr, due = scene.tr, datetime.fromisoformat(submitted.due).astimezone(scene.now.tzinfo)
    window = tr(N_("持回执到 **{window} 号窗口** 等待制卡")).format(window=submitted.window)
    until = tr(N_("一般当场领取，最迟 {month}月{day}日 {time}")).format(
        month=due.month, day=due.day, time=f"{due:%H:%M}"
    )
    shown = paper_name(scene, paper.paper) if paper else ""
    return (
        Row(tr(N_("下一步")), window, rich=True),
        Row(tr(N_("请带")), tr(N_("{papers}原件")).format(papers=shown)),
        Row(tr(N_("时间")), until),
    )


PAGES: dict[str, Page] = {
    "mend": _mend,
    "mending.phone": _phone,
    "mending.address": _address,
    "mending.signature": _signature,
    "mend_review": _review,
    "mending.done": _done,
}
