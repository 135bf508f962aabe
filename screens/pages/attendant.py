"""The pages of attendant mode: lists of what was found, and a button for what can be done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from kiosk.services.answers import WantSlip
from kiosk.services.attendant import TASK_DONE
from kiosk.services.attendant_answers import (
    CUSTODY,
    DEVICES,
    EXCHANGED,
    EXPORTED,
    FIGURES,
    SUPPLIES,
    TAKE_OUT,
    TRIED,
    DeviceSeen,
    Exchange,
    Kept,
    Mend,
    Metres,
    SuppliesSeen,
    TakeOut,
    Task,
    Try,
    Wanted,
)
from kiosk.services.card_answers import PinEntry
from kiosk.services.closed import REASONS, By, Closed
from kiosk.services.reprint import CLAIM
from kiosk.visit import Change, Said, Visit
from screens.home import CLOSED_FOR
from screens.pages.menu import TITLES
from screens.pages.page import Page
from screens.pages.pin import PIN_LENGTH
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
    Task.RESTART: (N_("重新启动"), N_("机器不正常时"), "refresh-cw"),
}
"""The tasks in the order they are shown; of closing and opening the one that is due."""

OPEN_OR_CLOSE = (Task.OPEN, Task.CLOSE)
OTHERS_KEEP: dict[By, str] = {
    By.OPERATOR: N_("运营方已暂停服务"),
    By.HOURS: N_("不在服务时间"),
}
"""Who else keeps the kiosk closed: an attendant cannot open it for them."""

ROLLS = (80, 50, 30)
"""Metres of the rolls there are."""


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
    return Row(name, _detail(scene, seen.detail or seen.state), guide)


def _fine(scene: Scene, seen: DeviceSeen) -> str:
    tr = scene.tr
    if seen.did:
        done = (words_of.SEEN.get(each) or words_of.SEEN[each.split(" ")[0]] for each in seen.did)
        return tr(N_("、")).join(tr(each) for each in done)
    if seen.supplies.get("paper") == "low":
        return tr(N_("正常，纸快用完了"))
    if seen.last:
        last = _detail(scene, seen.last)
        return tr(N_("正常；{time} 时{last}")).format(time=seen.last_at, last=last)
    return tr(N_("正常"))


def _detail(scene: Scene, detail: str) -> str:
    known = words_of.DETAILS.get(detail)
    return scene.tr(known) if known else scene.tr(words_of.BROKEN).format(detail=detail)


def _repair(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    fault = visit.facts.get("devices")
    if not isinstance(fault, Mend):
        return view
    own = words_of.GUIDES.get(f"{fault.device} {fault.detail}")
    guide = own or words_of.GUIDES.get(fault.detail) or words_of.USUAL
    primary = _anew(scene, words, "devices_seen", "devices")
    return replace(view, rows=_numbered(scene, guide), primary=primary)


def _numbered(scene: Scene, lines: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(Row(f"{n}", scene.tr(line)) for n, line in enumerate(lines, start=1))


def _figures(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    seen, tr = FIGURES.of(visit.facts), scene.tr
    if seen is None:
        return view
    services = dict.fromkeys(each.service for each in seen.counts)
    rows = [
        Row(
            tr(TITLES[name][0]) if name in TITLES else name,
            tr(N_("共 {n} 笔，办结 {done}")).format(
                n=sum(each.count for each in seen.counts if each.service == name),
                done=sum(
                    each.count
                    for each in seen.counts
                    if each.service == name and each.state == "issued"
                ),
            ),
        )
        for name in services
    ]
    open_ones = Row(tr(N_("还没有送到系统")), tr(N_("{n} 笔")).format(n=seen.unsettled))
    return replace(view, rows=(*rows, open_ones), primary=_finish(scene, words))


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


def _supplies(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    seen, tr = SUPPLIES.of(visit.facts), scene.tr
    if seen is None:
        return view
    paper = Button("exchange_paper", tr(N_("换纸")), Said(Exchange.PAPER))
    cards = Button("exchange_bin", tr(N_("取卡")), Said(Exchange.BIN))
    rows = (
        Row(tr(N_("打印纸")), _paper(scene, seen), paper),
        Row(tr(N_("回收箱")), tr(N_("{n} 张卡")).format(n=seen.bin), cards),
    )
    return replace(view, rows=rows)


def _paper(scene: Scene, seen: SuppliesSeen) -> str:
    tr = scene.tr
    word = tr(words_of.PAPER.get(seen.paper, words_of.PAPER["unknown"]))
    if seen.paper_mm is None:
        return tr(N_("没有登记过长度；{word}")).format(word=word)
    left = f"{seen.paper_mm / 1000:.1f}"
    if seen.days is None:
        return tr(N_("还有 {left} 米；{word}")).format(left=left, word=word)
    days = f"{seen.days:.0f}"
    return tr(N_("还有 {left} 米，约 {days} 天；{word}")).format(left=left, days=days, word=word)


def _paper_load(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, rows=_numbered(scene, words_of.GUIDES["paper_out"][:2]))


def _paper_length(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    told = scene.tr(N_("{n} 米"))
    return replace(
        view,
        choices=tuple(Choice(f"roll_{n}", told.format(n=n), Said(Metres(n))) for n in ROLLS),
    )


def _bin_empty(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    lines = (N_("打开机器前门，拉出回收箱"), N_("取出里面的卡，数清楚"), N_("推回回收箱，关好前门"))
    return replace(view, rows=_numbered(scene, lines))


def _bin_count(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("digits", 3, 1, Said))


def _exchanged(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """What was counted; a bin whose cards are not those that went in has to be looked into."""
    done, tr = EXCHANGED.of(visit.facts), scene.tr
    view = replace(view, primary=_finish(scene, words))
    if done is None:
        return view
    if visit.facts.get("supplies") is Exchange.PAPER:
        return replace(view, rows=(Row(tr(N_("新纸卷")), tr(N_("{n} 米")).format(n=done.counted)),))
    rows = (
        Row(tr(N_("取出")), tr(N_("{n} 张卡")).format(n=done.counted)),
        Row(tr(N_("应有")), tr(N_("{n} 张卡")).format(n=done.expected)),
    )
    differ = N_("数目对不上，请再数一遍，并报告主管。")
    return replace(view, rows=rows, notice=tr(differ) if done.counted != done.expected else "")


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


PAGES: dict[str, Page] = {
    **dict.fromkeys(("attendant_id", "second_id"), _id),
    **dict.fromkeys(("attendant_pin", "second_pin"), _pin),
    "attendant": _tasks,
    "devices": _devices,
    "tried": _tried,
    "repair": _repair,
    "figures": _figures,
    "custody": _custody,
    "custody_sure": _custody_sure,
    "supplies": _supplies,
    "paper_load": _paper_load,
    "paper_length": _paper_length,
    "bin_empty": _bin_empty,
    "bin_count": _bin_count,
    "exchanged": _exchanged,
    "voucher_no": _voucher_no,
    "no_slip": _no_slip,
    "slip_again": _slip_again,
    "slip_out": _plain,
    "export_what": _export_what,
    "export": _export,
    "exported": _exported,
    "close_reason": _close_reason,
}
