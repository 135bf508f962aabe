"""What the kiosk proved of itself, on the attendant's pages."""

from dataclasses import replace
from datetime import datetime

from kiosk.services.attendant_answers import Mend
from kiosk.services.proved import PROVED, Proof, ProveAgain, Proved
from kiosk.visit import Change, Said, Visit
from screens.scene import Scene
from screens.view import Button, Row, View
from screens.words import N_, Words
from screens.words.attendant import BROKEN, DETAILS, DEVICES
from screens.words.proofs import DEGREES, PROOFS, REASONS


def last(scene: Scene, proved: Proved | None) -> Row:
    """When the kiosk last proved itself, what failed, and the button to have it do so again."""
    tr = scene.tr
    again = Button("prove", tr(N_("再自检")), Said(ProveAgain()))
    told = tr(N_("还没有做过")) if proved is None else _told(scene, proved)
    return Row(tr(N_("整机自检")), told, again)


def _told(scene: Scene, proved: Proved) -> str:
    tr = scene.tr
    at = datetime.fromisoformat(proved.at).astimezone(scene.now.tzinfo)
    failed = [tr(PROOFS[each.name]) for each in proved.proofs if each.failed]
    said = (
        N_("{month}月{day}日 {time} 不通过：{names}")
        if failed
        else N_("{month}月{day}日 {time} 全部通过")
    )
    names = tr(N_("、")).join(failed)
    return tr(said).format(month=at.month, day=at.day, time=f"{at:%H:%M}", names=names)


def proof(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """What came of each proof; what failed stands first, with what is done about it."""
    proved = PROVED.of(visit.facts)
    there = [each for each in proved.proofs if each.degree != "absent"] if proved else []
    there.sort(key=lambda each: not each.failed)
    drop = Change(drop=("devices_seen", "devices", "proved"))
    primary = Button("primary", scene.tr(words.primary), Said(drop))
    return replace(view, rows=tuple(_row(scene, each) for each in there), primary=primary)


def _row(scene: Scene, each: Proof) -> Row:
    tr, name = scene.tr, scene.tr(PROOFS[each.name])
    if not each.failed:
        return Row(name, tr(DEGREES[each.degree]))
    if each.reason in REASONS:
        return Row(name, tr(REASONS[each.reason]))
    known = DETAILS.get(each.reason)
    why = tr(known) if known else tr(BROKEN).format(detail=each.reason)
    if each.device not in DEVICES:
        return Row(name, why)
    mend = Change(drop=("proved",), put={"devices": Mend(each.device, each.reason)})
    return Row(name, why, Button(f"mend_{each.name}", tr(N_("怎么修")), Said(mend)))
