"""The pages of the rows of a unit's list that are wrong: each mended by itself (F42)."""

from dataclasses import replace

from kiosk.services import batch
from kiosk.services.answers import WantSlip
from kiosk.services.batch_answers import (
    ERRORS,
    FAULTY,
    MEND,
    PICKED,
    UNITS,
    Faulty,
    GoodOnes,
    Mend,
    Picked,
    Remove,
    WantErrors,
    WrongRow,
)
from kiosk.visit import Said, Visit
from regulation.card_list.faults import RowFault
from regulation.card_list.rows import PICTURES
from screens.pages.page import Page
from screens.scene import Scene
from screens.view import Button, Choice, Entry, Row, View
from screens.words import N_, Words
from screens.words.batch import FIELDS

ENTRIES: dict[str, Entry] = {
    "number": Entry("id", 18, 18, Said, (6, 8, 4)),
    "guardian_number": Entry("id", 18, 18, Said, (6, 8, 4)),
    "phone": Entry("digits", 12, 8, Said, (3, 4, 4)),
    "birth": Entry("digits", 8, 8, Said, (4, 2, 2)),
    "valid_to": Entry("digits", 8, 8, Said, (4, 2, 2)),
}
"""How each field of digits is typed."""

CHOICES: dict[str, tuple[str, ...]] = {
    "paper": (N_("身份证"), N_("户口簿")),
    "sex": (N_("男"), N_("女")),
    "minor": (N_("是"), N_("否")),
}
"""What may stand in a field that has only a few words; of banks the settings tell."""

FOREVER = "长期"

LONGEST_NAME = 25

MOST_TILES = 4


def _rows(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """The wrong rows, each with its first fault and a button to mend it (F42)."""
    found, units, tr = FAULTY.of(visit.facts), UNITS.of(visit.facts), scene.tr
    if found is None:
        return view
    good = found.rows - found.wrong
    told = {"rows": found.rows, "wrong": found.wrong, "good": good}
    if units and units.partial and good:
        only = tr(N_("只提交没问题的 {good} 行")).format(good=good)
        primary = Button("good_ones", only, Said(GoodOnes()))
    else:
        primary = Button("read_again", tr(N_("改好了，重新读取")), Said(batch.READ_AGAIN))
    return replace(
        view,
        title=view.title.format(**told),
        lead=view.lead.format(**told),
        rows=tuple(_row(scene, each) for each in found.shown),
        primary=primary,
        secondary=Button("errors", tr(N_("错误清单：打印或扫码")), Said(WantErrors()), "printer"),
    )


def _row(scene: Scene, wrong: WrongRow) -> Row:
    tr, first = scene.tr, wrong.faults[0]
    more = len(wrong.faults) - 1
    told = message(scene, first)
    if more:
        told += tr(N_("（还有 {more} 处）")).format(more=more)
    label = tr(N_("第 {line} 行 {name}")).format(line=wrong.line, name=wrong.name)
    change = Button(f"line_{wrong.line}", tr(N_("改")), Said(Picked(wrong.line)))
    return Row(label, told, change)


def message(scene: Scene, fault: RowFault) -> str:
    """A fault as a sentence, with its cure."""
    field = scene.tr(FIELDS[fault.field]) if fault.field else ""
    return scene.tr(fault.what.zh).format(field=field, row=fault.other)


def _errors(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    drawn = ERRORS.of(visit.facts)
    return replace(
        view,
        picture=drawn.picture if drawn else b"",
        primary=Button("print_errors", scene.tr(words.primary), Said(WantSlip()), "printer"),
        secondary=Button("to_rows", scene.tr(words.secondary), Said(batch.TO_ROWS)),
    )


def picked(visit: Visit) -> WrongRow | None:
    """The row that is being mended."""
    line, found = PICKED.of(visit.facts), FAULTY.of(visit.facts)
    rows: tuple[WrongRow, ...] = found.shown if isinstance(found, Faulty) else ()
    return next((each for each in rows if line and each.line == line.line), None)


def _one_row(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """A tile for each field that may be mended here, and to take the row out."""
    tr, row = scene.tr, picked(visit)
    if row is None:
        return view
    by_field = {each.field: each for each in reversed(row.faults)}
    fields = [field for field in by_field if field in batch.MENDABLE][:MOST_TILES]
    tiles = [
        Choice(
            field,
            tr(N_("改{field}")).format(field=tr(FIELDS[field])),
            Said(Mend(field)),
            message(scene, by_field[field]),
            "pen-line",
        )
        for field in reversed(fields)
    ]
    tiles += _on_medium(scene, row)
    remove = Choice("remove", tr(N_("删去这一行")), Said(Remove()), tr(N_("不给这个人办")), "x")
    title = view.title.format(line=row.line, name=row.name)
    return replace(view, title=title, choices=(*tiles, remove))


def _on_medium(scene: Scene, row: WrongRow) -> list[Choice]:
    """What cannot be typed is mended on stick or phone, and read again."""
    others = [each for each in row.faults if each.field not in batch.MENDABLE]
    if not others:
        return []
    words = N_("换好图片再来") if others[0].field in PICTURES else N_("在名单里改")
    told, again = message(scene, others[0]), Said(batch.READ_AGAIN)
    return [Choice("read_again", scene.tr(words), again, told, "refresh-cw")]


def _titled(scene: Scene, visit: Visit, view: View) -> tuple[str, View]:
    row, mend = picked(visit), MEND.of(visit.facts)
    field = mend.field if mend else ""
    title = view.title.format(line=row.line if row else "", field=scene.tr(FIELDS[field]))
    fault = next((each for each in row.faults if each.field == field), None) if row else None
    return field, replace(view, title=title, lead=message(scene, fault) if fault else "")


def _digits(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    field, shown = _titled(scene, visit, view)
    forever = Button("forever", scene.tr(words.secondary), Said(FOREVER))
    return replace(shown, entry=ENTRIES[field], secondary=forever if field == "valid_to" else None)


def _letters(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    _field, shown = _titled(scene, visit, view)
    return replace(shown, entry=Entry("name", LONGEST_NAME, 1, Said))


def _choice(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    field, shown = _titled(scene, visit, view)
    named = CHOICES.get(field)
    tiles = [(each, scene.tr(each)) for each in named] if named else [(b, b) for b in scene.banks]
    return replace(
        shown,
        choices=tuple(
            Choice(f"choice_{n}", text, Said(said)) for n, (said, text) in enumerate(tiles)
        ),
    )


PAGES: dict[str, Page] = {
    "rows": _rows,
    "errors": _errors,
    "row": _one_row,
    "mend_digits": _digits,
    "mend_letters": _letters,
    "mend_choice": _choice,
}
