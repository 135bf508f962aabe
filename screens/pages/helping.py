"""The pages of an attendant who helps within a visit: its state, never what somebody said."""

from dataclasses import replace

from kiosk.services.attendant_answers import DEVICES, DeviceSeen
from kiosk.services.helping import HELPED, Helped, Look, Outcome
from kiosk.visit import Change, Said, Visit
from screens.failure_words import FAILURES as FAILURE_WORDS
from screens.pages.attendant import detail_of
from screens.pages.menu import TITLES
from screens.pages.page import Page
from screens.scene import Scene
from screens.view import Button, Row, View
from screens.words import N_, STEPS, Words, row_of
from screens.words import attendant as words_of


def _helping(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """What is done, and what stands in the way; nothing here is of a person."""
    seen, tr = HELPED.of(visit.facts), scene.tr
    if seen is None:
        return view
    title = TITLES[seen.service][0] if seen.service in TITLES else N_("选择业务")
    look = Button("look", tr(N_("看设备")), Said(Look.DEVICES))
    rows = [
        Row(tr(N_("业务")), tr(title)),
        Row(tr(N_("做到")), _step(scene, seen)),
        Row(tr(N_("进度")), _progress(scene, seen), look),
    ]
    if seen.failed:
        again = Button("retry", tr(N_("再试一次")), Said(Outcome.RETRY))
        rows.append(Row(tr(N_("出的问题")), _failed(scene, seen), again))
    if seen.may_end:
        end = Button("end", tr(N_("结束")), Said(Look.END))
        rows.append(Row(tr(N_("不办了")), tr(N_("退还证件")), end))
    back = Button("primary", tr(words.primary), Said(Outcome.BACK))
    return replace(view, rows=tuple(rows), primary=back)


def _step(scene: Scene, seen: Helped) -> str:
    own = words_of.STANDS_AT.get(seen.step)
    return scene.tr(own or STEPS[row_of(seen.service, seen.step)].title)


def _progress(scene: Scene, seen: Helped) -> str:
    state = N_("还没有提交")
    if seen.held:
        state = N_("资料已保存，正在确认结果")
    elif seen.printed:
        state = N_("已提交，凭证已打印")
    elif seen.submitted:
        state = N_("已提交，凭证还没有打印")
    elif seen.sealed:
        state = N_("资料已封存，还没有提交")
    told = scene.tr(N_("{state}；已用 {n} 分钟"))
    return told.format(state=scene.tr(state), n=seen.minutes)


def _failed(scene: Scene, seen: Helped) -> str:
    """What the citizen was told is the matter, with the code; no detail of theirs."""
    tr = scene.tr
    text = tr(words_of.FAILED.get(seen.failed) or FAILURE_WORDS[seen.failed].text)
    device = words_of.DEVICES.get(seen.device, "")
    return f"{seen.failed} {text}" + (f" ({tr(device)})" if device else "")


def _help_devices(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    seen, tr = DEVICES.of(visit.facts), scene.tr
    rows = tuple(_device(scene, each) for each in seen.devices) if seen else ()
    back = Button("primary", tr(words.primary), Said(Change(drop=("helping", "devices_seen"))))
    return replace(view, rows=rows, primary=back)


def _device(scene: Scene, seen: DeviceSeen) -> Row:
    name = scene.tr(words_of.DEVICES[seen.name])
    if seen.fine and seen.state != "not_configured":
        return Row(name, scene.tr(N_("正常")))
    return Row(name, detail_of(scene, seen.detail or seen.state))


def _help_end(scene: Scene, _visit: Visit, words: Words, view: View) -> View:
    return replace(view, primary=Button("primary", scene.tr(words.primary), Said(Outcome.END)))


PAGES: dict[str, Page] = {
    "helping": _helping,
    "help_devices": _help_devices,
    "help_end": _help_end,
}
