"""Today's figures on the attendant's page: what agrees with the centre, and what was done."""

from dataclasses import replace
from datetime import datetime

from kiosk.services.attendant import TASK_DONE
from kiosk.services.attendant_answers import FIGURES
from kiosk.services.reconciliation import RECONCILED, Difference, Differs, Reconciled
from kiosk.visit import Change, Said, Visit
from screens.pages.menu import TITLES
from screens.scene import Scene
from screens.view import Button, Row, View
from screens.words import N_, Words

DONE = ("issued", "taken", "before")
"""A case whose slip came out, and a part of a list that the centre has, now or from before."""
AGAIN = Change(drop=("figures_seen", "reconciled", "figures"))


def figures(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """What differs stands first: it is what has to be done about."""
    done = Button("finish", scene.tr(words.primary), Said(TASK_DONE))
    told = RECONCILED.of(visit.facts) or Reconciled(0)
    rows = (*_reconciled(scene, told), *_counted(scene, visit))
    return replace(view, rows=rows, primary=done)


def _reconciled(scene: Scene, told: Reconciled) -> tuple[Row, ...]:
    tr = scene.tr
    again = Button("reconcile", tr(N_("再核对")), Said(AGAIN))
    agree = tr(N_("{n} 笔相符")).format(n=told.agree)
    rows = [Row(tr(N_("与系统核对")), agree, again)]
    if told.unasked:
        cure = tr(N_("{n} 笔：系统没有回答。请看“网络”，再核对")).format(n=told.unasked)
        rows.append(Row(tr(N_("没有核对")), cure))
    if told.differing:
        cure = tr(N_("{n} 笔：请抄下号码，报告主管")).format(n=len(told.differing))
        rows.append(Row(tr(N_("对不上")), cure))
    return (*rows, *(_differs(scene, each) for each in told.differing))


def _differs(scene: Scene, each: Difference) -> Row:
    tr = scene.tr
    opened = datetime.fromisoformat(each.opened).astimezone(scene.now.tzinfo)
    time = f"{opened:%H:%M}"
    if opened.date() != scene.now.date():
        time = tr(N_("{month}月{day}日 {time}")).format(
            month=opened.month, day=opened.day, time=time
        )
    which = f"{_title(scene, each.service)} {time}"
    match each.kind:
        case Differs.MISSING:
            said = tr(N_("系统里没有"))
        case Differs.OTHER if each.here:
            said = tr(N_("号码不同，系统里是 {no}")).format(no=each.there)
        case Differs.OTHER:
            said = tr(N_("这里没有办成，系统里是 {no}")).format(no=each.there)
        case Differs.OPEN if each.there:
            said = tr(N_("还没交上，系统里已有 {no}")).format(no=each.there)
        case Differs.OPEN:
            said = tr(N_("还没交上，会自动再交"))
    return Row(each.here or which, said)


def _counted(scene: Scene, visit: Visit) -> tuple[Row, ...]:
    """How many of each service, and how many the centre has not answered."""
    seen, tr = FIGURES.of(visit.facts), scene.tr
    if seen is None:
        return ()
    services = dict.fromkeys(each.service for each in seen.counts)
    rows = [
        Row(
            _title(scene, name),
            tr(N_("共 {n} 笔，办结 {done}")).format(
                n=sum(each.count for each in seen.counts if each.service == name),
                done=sum(
                    each.count
                    for each in seen.counts
                    if each.service == name and each.state in DONE
                ),
            ),
        )
        for name in services
    ]
    return (*rows, Row(tr(N_("还没有送到系统")), tr(N_("{n} 笔")).format(n=seen.unsettled)))


def _title(scene: Scene, service: str) -> str:
    return scene.tr(TITLES[service][0]) if service in TITLES else service
