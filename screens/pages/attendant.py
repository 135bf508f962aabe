"""The pages of attendant mode: lists of what was found, and a button for what can be done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from kiosk.services.answers import WantSlip
from kiosk.services.attendant import TASK_DONE
from kiosk.services.attendant_answers import (
    CUSTODY,
    DEVICES,
    EXPORTED,
    NETWORK,
    TAKE_OUT,
    TRIED,
    DeviceSeen,
    Exchange,
    Hop,
    Kept,
    Mend,
    PowerOff,
    TakeOut,
    Task,
    Try,
    Wanted,
)
from kiosk.services.card_answers import PinEntry
from kiosk.services.closed import REASONS, By, Closed
from kiosk.services.reprint import CLAIM
from kiosk.visit import Change, Said, Visit
from screens.drawings import drawing_of
from screens.home import CLOSED_FOR
from screens.pages import attendant_proof, attendant_supplies
from screens.pages.attendant_figures import figures
from screens.pages.attendant_supplies import numbered
from screens.pages.page import Page
from screens.pages.pin import PIN_LENGTH
from screens.pages.touch_test import touch_row
from screens.scene import Scene
from screens.view import Button, Choice, Entry, Pin, Row, View
from screens.words import N_, Words
from screens.words import attendant as words_of

TASKS: dict[Task, tuple[str, str, str]] = {
    Task.DEVICES: (N_("设备"), N_("看状态、自检、排除故障"), "list-checks"),
    Task.SUPPLIES: (N_("耗材"), N_("换打印纸、取回收箱里的卡"), "printer"),
    Task.CUSTODY: (N_("保管的物品"), N_("市民忘记拿的证件和卡"), "hand-helping"),
    Task.REPRINT: (N_("补打凭证"), N_("按凭证号，24 小时内"), "rotate-ccw"),
    Task.FIGURES: (N_("今天的业务"), N_("办了多少，还有多少没办结"), "book"),
    Task.EXPORT: (N_("导出日志"), N_("要两位工作人员"), "shield-check"),
    Task.CLOSE: (N_("暂停服务"), N_("市民会看到原因"), "ban"),
    Task.OPEN: (N_("恢复服务"), N_("现在是暂停服务"), "circle-check"),
    Task.NETWORK: (N_("网络"), N_("看连不连得上系统"), "globe"),
    Task.LEVELS: (N_("声音和亮度"), N_("太响、太轻、太亮、太暗"), "volume-2"),
    Task.RESTART: (N_("重新启动 · 关机"), N_("机器不正常时"), "refresh-cw"),
}
"""The tasks in the order they are shown; of closing and opening the one that is due."""

OPEN_OR_CLOSE = (Task.OPEN, Task.CLOSE)
OTHERS_KEEP: dict[By, str] = {
    By.NOT_ENROLLED: N_("本机尚未登记"),
    By.OPERATOR: N_("运营方已暂停服务"),
    By.HOURS: N_("不在服务时间"),
}
"""Who else keeps the kiosk closed: an attendant cannot open it for them."""


def _finish(scene: Scene, words: Words) -> Button:
    return Button("finish", scene.tr(words.primary), Said(TASK_DONE))


def _anew(scene: Scene, words: Words, *drop: str) -> Button:
    return Button("primary", scene.tr(words.primary), Said(Change(drop=drop)))


def _plain(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, primary=_finish(scene, words))


def _id(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("digits", 8, 4, Said))


def _pin(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """Dots, and the pad's keys; no digit is in a view."""
    entry = PinEntry.of(scene.progress)
    if entry is None:
        return replace(view, screen="wait", title=scene.tr(N_("请稍等")), primary=None)
    if scene.keypad is None:
        view = replace(view, primary=None, lead=scene.tr(N_("请在密码键盘上按，按确认键结束。")))
    return replace(view, pin=Pin(entry.dots, PIN_LENGTH, scene.keypad))


def _tasks(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    due = Task.OPEN if By.ATTENDANT in scene.keepers else Task.CLOSE
    others = [scene.tr(OTHERS_KEEP[each]) for each in scene.keepers if each in OTHERS_KEEP]
    known = scene.tr(N_("、")).join(others)
    choices = tuple(
        Choice(
            task,
            scene.tr(title),
            Said(task),
            known if known and task is due else scene.tr(line),
            icon,
        )
        for task, (title, line, icon) in TASKS.items()
        if task is due or task not in OPEN_OR_CLOSE
    )
    return replace(view, choices=choices)


def _devices(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    seen = DEVICES.of(visit.facts)
    rows = tuple(_device(scene, each, Said) for each in seen.devices) if seen else ()
    rows = (attendant_proof.last(scene, seen.proved if seen else None), *rows, touch_row(scene))
    every = Button("try_all", scene.tr(words.primary), Said(Try()))
    return replace(view, rows=rows, primary=every)


def _tried(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    seen = TRIED.of(visit.facts)
    rows = tuple(_device(scene, each, _instead) for each in seen.devices) if seen else ()
    return replace(
        view, rows=rows, primary=_anew(scene, words, "devices_seen", "devices", "devices_tried")
    )


def _instead(answer: object) -> Said:
    """From the results to another try, or to how a fault is mended."""
    return Said(Change(drop=("devices_tried",), put={"devices": answer}))


def _device(scene: Scene, seen: DeviceSeen, says: Callable[[object], Said]) -> Row:
    """How a device is, and the button of what can be done about it."""
    tr, name = scene.tr, scene.tr(words_of.DEVICES[seen.name])
    if seen.state == "not_configured":
        return Row(name, tr(words_of.DETAILS["not_configured"]))
    if seen.fine:
        trial = Button(f"try_{seen.name}", tr(N_("自检")), says(Try(seen.name)))
        return Row(name, _fine(scene, seen), trial)
    guide = Button(f"mend_{seen.name}", tr(N_("怎么修")), says(Mend(seen.name, seen.detail)))
    return Row(name, detail_of(scene, seen.detail or seen.state), guide)


def _fine(scene: Scene, seen: DeviceSeen) -> str:
    tr = scene.tr
    if seen.did:
        done = (words_of.SEEN.get(each) or words_of.SEEN[each.split(" ")[0]] for each in seen.did)
        return tr(N_("、")).join(tr(each) for each in done)
    if seen.supplies.get("paper") == "low":
        return tr(N_("正常，纸快用完了"))
    if seen.last:
        last = detail_of(scene, seen.last)
        return tr(N_("正常；{time} 时{last}")).format(time=seen.last_at, last=last)
    return tr(N_("正常"))


def detail_of(scene: Scene, detail: str) -> str:
    """What is the matter with a device, in words."""
    known = words_of.DETAILS.get(detail)
    return scene.tr(known) if known else scene.tr(words_of.BROKEN).format(detail=detail)


def _repair(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    fault = visit.facts.get("devices")
    if not isinstance(fault, Mend):
        return view
    own = words_of.GUIDES.get(f"{fault.device} {fault.detail}")
    guide = own or words_of.GUIDES.get(fault.detail) or words_of.USUAL
    primary = _anew(scene, words, "devices_seen", "devices")
    drawing = drawing_of(fault.device, fault.detail)
    return replace(view, rows=numbered(scene, guide), drawing=drawing, primary=primary)


def _custody(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    seen, tr = CUSTODY.of(visit.facts), scene.tr
    things = seen.things if seen else ()
    if not things:
        return replace(view, lead=tr(N_("现在没有保管的物品。")))
    return replace(view, rows=tuple(_kept(scene, n, each) for n, each in enumerate(things)))


def _kept(scene: Scene, number: int, thing: Kept) -> Row:
    """What is in the bin is taken out with the bin, and counted."""
    tr, name = scene.tr, scene.tr(words_of.DEVICES.get(thing.place, thing.place))
    since = datetime.fromisoformat(thing.since).astimezone(scene.now.tzinfo)
    when = tr(N_("{month}月{day}日 {time} 起")).format(
        month=since.month, day=since.day, time=f"{since:%H:%M}"
    )
    if thing.place == Exchange.BIN:
        return Row(name, when)
    out = Button(f"taken_{number}", tr(N_("已取出")), Said(TakeOut(thing.place)))
    return Row(name, when, out)


def _custody_sure(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    taken = TAKE_OUT.of(visit.facts)
    name = words_of.DEVICES.get(taken.place, taken.place) if taken else ""
    return replace(view, rows=(Row(scene.tr(N_("从")), scene.tr(name)),))


def _voucher_no(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("number", 20, 5, Said))


def _no_slip(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, primary=_anew(scene, words, "voucher_no", "claim"))


def _slip_again(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    claim, tr = CLAIM.of(visit.facts), scene.tr
    rows = (Row(tr(N_("凭证号")), claim.voucher_no),) if claim else ()
    say = Button("primary", tr(words.primary), Said(WantSlip()), "printer")
    return replace(view, rows=rows, primary=say)


def _export_what(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    tr = scene.tr
    errors = Choice("errors", tr(N_("只要出错的")), Said(Wanted.ERRORS), icon="triangle-alert")
    return replace(
        view, choices=(errors, Choice("all", tr(N_("全部")), Said(Wanted.ALL), icon="list-checks"))
    )


def _export(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    if scene.progress == "writing":
        return replace(view, screen="wait", title=scene.tr(N_("正在写入 U 盘")))
    return view


def _exported(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    done, tr = EXPORTED.of(visit.facts), scene.tr
    view = replace(view, primary=_finish(scene, words))
    if done is None:
        return view
    lines = tr(N_("{n} 行")).format(n=done.lines)
    return replace(view, rows=(Row(tr(N_("文件")), done.file), Row(tr(N_("日志")), lines)))


def _close_reason(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(
        view,
        choices=tuple(
            Choice(f"reason_{why}", scene.tr(CLOSED_FOR[why]), Said(Closed(why))) for why in REASONS
        ),
    )


def _restart(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, secondary=Button("power", scene.tr(words.secondary), Said(PowerOff())))


def _network(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    seen = NETWORK.of(visit.facts)
    rows = tuple(_hop(scene, each) for each in seen.hops) if seen else ()
    return replace(view, rows=rows, primary=_finish(scene, words))


def _hop(scene: Scene, hop: Hop) -> Row:
    title, cure = words_of.HOPS[hop.name]
    if not hop.ok:
        return Row(scene.tr(title), scene.tr(cure).format(n=hop.figure))
    told = N_("正常，差 {n} 秒") if hop.name == "clock" else N_("正常，{n} 毫秒")
    return Row(scene.tr(title), scene.tr(told).format(n=hop.figure))


PAGES: dict[str, Page] = {
    **dict.fromkeys(("attendant_id", "second_id"), _id),
    **dict.fromkeys(("attendant_pin", "second_pin"), _pin),
    "attendant": _tasks,
    "devices": _devices,
    "tried": _tried,
    "proof": attendant_proof.proof,
    "repair": _repair,
    "figures": figures,
    "restart_sure": _restart,
    "network": _network,
    "custody": _custody,
    "custody_sure": _custody_sure,
    **attendant_supplies.PAGES,
    "voucher_no": _voucher_no,
    "no_slip": _no_slip,
    "slip_again": _slip_again,
    "slip_out": _plain,
    "export_what": _export_what,
    "export": _export,
    "exported": _exported,
    "close_reason": _close_reason,
}
