"""The pages of what is used up and worn: how much is left, and the exchange of each."""

from dataclasses import replace
from datetime import date

from kiosk.services.attendant import TASK_DONE
from kiosk.services.attendant_answers import (
    EXCHANGE,
    EXCHANGED,
    SUPPLIES,
    Exchange,
    Exchanged,
    Metres,
    SuppliesSeen,
    Worn,
)
from kiosk.visit import Said, Visit
from screens.pages.page import Page
from screens.scene import Scene
from screens.view import Button, Choice, Entry, Row, View
from screens.words import N_, Words
from screens.words import attendant as words_of

ROLLS = (80, 50, 30)
"""Metres of the rolls there are."""
M_A_KM = 1000
LONG_DAYS = 180
"""A forecast beyond so many days is told as a long time: the pace of a week says no more."""


def numbered(scene: Scene, lines: tuple[str, ...]) -> tuple[Row, ...]:
    """What is done, a line after the other."""
    return tuple(Row(f"{n}", scene.tr(line)) for n, line in enumerate(lines, start=1))


def _supplies(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    seen, tr = SUPPLIES.of(visit.facts), scene.tr
    if seen is None:
        return view
    paper = Button("exchange_paper", tr(N_("换纸")), Said(Exchange.PAPER))
    cards = Button("exchange_bin", tr(N_("取卡")), Said(Exchange.BIN))
    rows = (
        Row(tr(N_("打印纸")), _paper(scene, seen), paper),
        *(_part(scene, each) for each in seen.parts),
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


def _part(scene: Scene, worn: Worn) -> Row:
    """What a part did, and how long it lasts where its life is known."""
    renew = Button(f"exchange_{worn.part}", scene.tr(N_("换了新的")), Said(worn.part))
    return Row(scene.tr(words_of.PARTS[worn.part]), _worn(scene, worn), renew)


def _worn(scene: Scene, worn: Worn) -> str:
    since, tr = date.fromisoformat(worn.since), scene.tr
    done = tr(N_("{year}年{month}月{day}日起用了 {amount}")).format(
        year=since.year,
        month=since.month,
        day=since.day,
        amount=_amount(scene, worn.part, worn.done),
    )
    life = _life(worn)
    if not life:
        return done
    days = f"{worn.days or 0:.0f}"
    told = tr(life).format(percent=worn.percent, days=days)
    return tr(N_("{done}，{life}")).format(done=done, life=told)


def _life(worn: Worn) -> str:
    """How much of its life is left, "" where nobody knows; before its end it is warned of."""
    if worn.percent is None:
        return ""
    if worn.over:
        return N_("已到寿命（{percent}%），请换新的")
    forecast = worn.days is not None and worn.days <= LONG_DAYS
    if worn.soon and forecast:
        return N_("快到寿命（{percent}%），约 {days} 天，请备好新的")
    if worn.soon:
        return N_("快到寿命（{percent}%），请备好新的")
    if forecast:
        return N_("寿命的 {percent}%，约 {days} 天")
    return N_("寿命的 {percent}%") if worn.days is None else N_("寿命的 {percent}%，还很久")


def _amount(scene: Scene, part: Exchange, much: int) -> str:
    """Metres of paper, or cuts."""
    if part is Exchange.CUTTER:
        return scene.tr(N_("{n} 次")).format(n=much)
    if much < M_A_KM:
        return scene.tr(N_("{n} 米")).format(n=much)
    return scene.tr(N_("{n} 千米")).format(n=f"{much / M_A_KM:.1f}")


def _part_new(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    seen, part = SUPPLIES.of(visit.facts), EXCHANGE.of(visit.facts)
    olds = [each for each in seen.parts if each.part is part] if seen else []
    return replace(view, rows=tuple(replace(_part(scene, old), change=None) for old in olds))


def _paper_load(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, rows=numbered(scene, words_of.GUIDES["paper_out"][:2]))


def _paper_length(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    told = scene.tr(N_("{n} 米"))
    return replace(
        view,
        choices=tuple(Choice(f"roll_{n}", told.format(n=n), Said(Metres(n))) for n in ROLLS),
    )


def _bin_empty(scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    lines = (N_("打开机器前门，拉出回收箱"), N_("取出里面的卡，数清楚"), N_("推回回收箱，关好前门"))
    return replace(view, rows=numbered(scene, lines))


def _bin_count(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, entry=Entry("digits", 3, 1, Said))


def _exchanged(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """What was counted; a bin whose cards are not those that went in has to be looked into."""
    done, what, tr = EXCHANGED.of(visit.facts), EXCHANGE.of(visit.facts), scene.tr
    view = replace(view, primary=Button("finish", tr(words.primary), Said(TASK_DONE)))
    if done is None or what is None:
        return view
    rows = _counted(scene, what, done)
    differ = what is Exchange.BIN and done.counted != done.expected
    told = tr(N_("数目对不上，请再数一遍，并报告主管。")) if differ else ""
    return replace(view, rows=rows, notice=told)


def _counted(scene: Scene, what: Exchange, done: Exchanged) -> tuple[Row, ...]:
    tr = scene.tr
    match what:
        case Exchange.PAPER:
            return (Row(tr(N_("新纸卷")), tr(N_("{n} 米")).format(n=done.counted)),)
        case Exchange.BIN:
            return (
                Row(tr(N_("取出")), tr(N_("{n} 张卡")).format(n=done.counted)),
                Row(tr(N_("应有")), tr(N_("{n} 张卡")).format(n=done.expected)),
            )
        case Exchange.HEAD | Exchange.CUTTER:
            old = Row(tr(N_("换下的用了")), _amount(scene, what, done.counted))
            life = Row(tr(N_("寿命")), _amount(scene, what, done.expected))
            return (old, life) if done.expected else (old,)


PAGES: dict[str, Page] = {
    "supplies": _supplies,
    "paper_load": _paper_load,
    "paper_length": _paper_length,
    "part_new": _part_new,
    "bin_empty": _bin_empty,
    "bin_count": _bin_count,
    "exchanged": _exchanged,
}
