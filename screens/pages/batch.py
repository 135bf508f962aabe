"""The pages of a unit's list: where it is, how far the work is, and what became of it."""

from dataclasses import replace
from datetime import date
from functools import partial

from kiosk.services import batch, handing, people
from kiosk.services.answers import Drawn, SignAtWindow, WantSlip
from kiosk.services.batch_answers import (
    BEFORE,
    FAULTY,
    PHONE_CODE,
    PROMISED,
    TAKEN,
    TEMPLATE_CODE,
    UNITS,
    ListSource,
    Part,
    PhoneDone,
)
from kiosk.visit import Back, Change, Said, Visit
from regulation.masks import mask_name
from regulation.rules import Service
from screens.pages.ending import PAGES as ENDINGS
from screens.pages.page import Page, finish, watching
from screens.pages.people import person_check
from screens.refusals import FILES
from screens.scene import Scene
from screens.view import Button, Choice, Gauge, Row, View
from screens.words import N_, Words
from screens.words.batch import STAGES


def _notice(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """What the clerk has to have with them (规程 1.2.1)."""
    tr = scene.tr
    rows = (
        Row(tr(N_("经办人")), tr(N_("本人身份证或社保卡，一种原件"))),
        Row(tr(N_("名单")), tr(FILES[Service.NEW_BATCH])),
        Row(tr(N_("没有 U 盘")), tr(N_("可以用手机扫码上传"))),
        Row(tr(N_("没有名单")), tr(N_("可以在这里扫码，拿空白名单"))),
    )
    return replace(view, rows=rows)


def _unit(_scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    units = UNITS.of(visit.facts)
    return replace(
        view,
        choices=tuple(
            Choice(f"unit_{n}", each.name, Said(each), icon="building")
            for n, each in enumerate(units.units if units else ())
        ),
    )


SOURCES = (
    (ListSource.STICK, N_("在 U 盘里"), N_("插上 U 盘，自动读取"), "credit-card"),
    (ListSource.PHONE, N_("在手机里"), N_("扫码上传，15 分钟内有效"), "phone"),
    (ListSource.TEMPLATE, N_("还没有名单"), N_("扫码拿空白的制卡明细表"), "list-checks"),
)


def _source(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(
        view,
        choices=tuple(
            Choice(source, scene.tr(title), Said(source), scene.tr(line), icon)
            for source, title, line, icon in SOURCES
        ),
    )


def _template(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    code = TEMPLATE_CODE.of(visit.facts)
    again = Button("primary", scene.tr(words.primary), Said(batch.ANOTHER_LIST))
    return replace(view, picture=code.picture if code else b"", primary=again)


def _stick(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    if scene.progress:
        return replace(view, screen="wait", title=scene.tr(N_("正在看 U 盘里的文件")), lead="")
    return view


def _phone(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """The code; what has come so far, and that it is all, once nothing is on its way."""
    tr, code = scene.tr, PHONE_CODE.of(visit.facts)
    whole, of = (int(word) for word in (scene.progress or "0 0").split())
    told = N_("收到 {whole} 个文件，共 {of} 个") if of else N_("还没有收到文件")
    done = Button("primary", tr(words.primary), Said(PhoneDone())) if of and whole == of else None
    return replace(
        view,
        picture=code.picture if code else b"",
        notice=tr(told).format(whole=whole, of=of),
        primary=done,
    )


def _file(_scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    found = batch.lists(visit.facts)
    return replace(
        view,
        choices=tuple(
            Choice(f"list_{each.place}", each.name, Said(each), icon="list-checks")
            for each in (found.files if found else ())
        ),
    )


def _progress(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    """A bar, how many of how many, how many a second, and the time left."""
    return replace(view, gauge=gauge(scene) if scene.progress else None)


def _stoppable(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    stop = Button("stop", scene.tr(N_("停下来")), Back())
    return replace(_progress(scene, visit, words, view), secondary=stop)


def gauge(scene: Scene) -> Gauge:
    """How far the work is, from its word: stage, done, total, rate a second, seconds left."""
    tr = scene.tr
    stage, *told = scene.progress.split()
    done, total, rate, left = (float(each) for each in told)
    minutes, seconds = divmod(round(left), 60)
    long = tr(N_("大约还要 {minutes} 分 {seconds} 秒"))
    short = tr(N_("大约还要 {seconds} 秒"))
    return Gauge(
        share=done / total if total else 0.0,
        text=tr(STAGES[stage]).format(done=f"{done:,.0f}", total=f"{total:,.0f}"),
        rate=tr(N_("每秒 {rate}")).format(rate=f"{rate:,.0f}"),
        left=(long if minutes else short).format(minutes=minutes, seconds=seconds),
    )


def _before(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """The numbers under which these people were handed in (F44)."""
    before, tr = BEFORE.of(visit.facts), scene.tr
    rows = _numbers(scene, before.parts) if before else ()
    return replace(
        view,
        rows=rows,
        primary=Button("print_again", tr(words.primary), Said(WantSlip()), "printer"),
        secondary=Button("another_list", tr(words.secondary), Said(batch.ANOTHER_LIST)),
    )


def _numbers(scene: Scene, parts: tuple[Part, ...]) -> tuple[Row, ...]:
    tr = scene.tr
    count = tr(N_("{number}　{people} 人"))
    told = "\n".join(count.format(number=each.batch_no, people=each.taken) for each in parts)
    due = max((each.due_on for each in parts), default="")
    sure = all(each.due_sure for each in parts)
    return (Row(tr(N_("批次号")), told), *_due(scene, due, sure=sure))


def _due(scene: Scene, due: str, *, sure: bool) -> tuple[Row, ...]:
    """The day by which the cards are made (规程 1.2.2)."""
    if not due:
        return ()
    day, tr = date.fromisoformat(due), scene.tr
    words = N_("**{year}年{month}月{day}日** 前制成")
    if not sure:
        words = N_("**{year}年{month}月{day}日** 前制成，以实际为准")
    told = tr(words).format(year=day.year, month=day.month, day=day.day)
    return (Row(tr(N_("领卡")), told, rich=True),)


def _review(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """Whose list, how many, by when, and how the cards are picked up (规程 1.2.2, 1.2.3)."""
    tr, facts = scene.tr, visit.facts
    theirs, promised, paper = batch.unit(facts), PROMISED.of(facts), people.applicant_paper(facts)
    found = FAULTY.of(facts)
    people_told = tr(N_("{people} 人")).format(people=promised.rows if promised else 0)
    if found:
        people_told += tr(N_("（{wrong} 行有问题，不提交）")).format(wrong=found.wrong)
    other = Button("list", tr(N_("换名单")), Said(ANOTHER))
    rows = (
        Row(tr(N_("单位")), theirs.name if theirs else ""),
        Row(tr(N_("经办人")), mask_name(paper.name) if paper else ""),
        Row(tr(N_("人数")), people_told, other),
        *(_due(scene, promised.due_on, sure=promised.due_sure) if promised else ()),
        Row(tr(N_("怎么领")), tr(PICK_UP)),
    )
    return replace(view, rows=rows)


ANOTHER = Change(drop=(*batch.LIST_STEPS, "centre_check"))
PICK_UP = N_("在这个网点，凭经办人身份证或社保卡。换人领要带盖公章的介绍信。领后 96 小时自动启用。")


def _done(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    tr, taken = scene.tr, TAKEN.of(visit.facts) or BEFORE.of(visit.facts)
    parts = taken.parts if taken else ()
    rows = [*_numbers(scene, parts), Row(tr(N_("怎么领")), tr(PICK_UP))]
    submitted = TAKEN.of(visit.facts)
    if submitted and submitted.left:
        left = tr(N_("还有 {left} 人没有提交，请再办一次")).format(left=submitted.left)
        rows.append(Row(tr(N_("没提交")), left))
    if isinstance(visit.facts.get("signature"), SignAtWindow):
        rows.append(Row(tr(N_("签字")), tr(N_("到窗口签字"))))
    people_told = tr(N_("共 {people} 人")).format(people=sum(each.taken for each in parts))
    title = view.title if submitted else tr(N_("这批人员已经提交过"))
    return replace(
        view,
        title=title,
        lead=people_told,
        rows=tuple(rows),
        picture=_slip(visit),
        primary=finish(scene, words),
    )


def _held(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    tr = scene.tr
    rows = (
        Row(tr(N_("下一步")), tr(N_("机器会自动接着提交，请不要重复提交"))),
        Row(tr(N_("也可以")), tr(N_("拿查询单到服务窗口询问，电话 023-12333"))),
    )
    return replace(view, rows=rows, picture=_slip(visit), good=False, primary=finish(scene, words))


def _slip(visit: Visit) -> bytes:
    slip = handing.SLIP.of(visit.facts)
    return slip.picture if isinstance(slip, Drawn) else b""


PAGES: dict[str, Page] = {
    "new_batch.notice": _notice,
    "new_batch.person_check": person_check,
    "unit": _unit,
    "list_source": _source,
    "template_shown": _template,
    "stick": _stick,
    "phone_files": _phone,
    "list_file": _file,
    "preflight": _stoppable,
    "centre_check": _stoppable,
    "batch_before": _before,
    "batch_review": _review,
    "new_batch.scene_photo": partial(watching, "camera"),
    "batch_upload": _stoppable,
    "batch_submit": _progress,
    "give_stick": ENDINGS["take_stick"],
    "new_batch.done": _done,
    "batch_held": _held,
}
