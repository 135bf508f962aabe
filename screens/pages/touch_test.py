"""The pages of the touch test: the zones, and which of them heard nothing."""

from dataclasses import replace

from kiosk.services.touch_test import COLUMNS, MISSED, ROWS, Missed, TouchTest
from kiosk.visit import Change, Said, Visit
from screens.pages.page import Page
from screens.scene import Scene
from screens.view import Button, Row, View, Zones
from screens.words import N_, Words


def touch_row(scene: Scene) -> Row:
    """The touch screen among the devices."""
    trial = Button("try_touch", scene.tr(N_("自检")), Said(TouchTest()))
    return Row(scene.tr(N_("触摸屏")), scene.tr(N_("用手指逐格试")), trial)


def _grid(_scene: Scene, _visit: Visit, _words: Words, view: View) -> View:
    return replace(view, zones=Zones(COLUMNS, ROWS, lambda missed: Said(Missed(missed))))


def _seen(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    """Which zones are deaf, a row of the glass a row."""
    missed, tr = MISSED.of(visit.facts), scene.tr
    zones = missed.zones if missed else ()
    lead = N_("有 {n} 格没有反应；按得到的地方都能用。") if zones else N_("每一格都有反应。")
    again = Change(drop=("devices_seen", "devices", MISSED.name, "touch_written"))
    return replace(
        view,
        lead=tr(lead).format(n=len(zones)),
        rows=tuple(_deaf(scene, row, zones) for row in range(ROWS) if _of(row, zones)),
        primary=Button("primary", tr(words.primary), Said(again)),
    )


def _deaf(scene: Scene, row: int, zones: tuple[int, ...]) -> Row:
    tr = scene.tr
    places = tr(N_("、")).join(f"{zone % COLUMNS + 1}" for zone in _of(row, zones))
    return Row(
        tr(N_("第 {n} 排")).format(n=row + 1), tr(N_("左起第 {places} 格")).format(places=places)
    )


def _of(row: int, zones: tuple[int, ...]) -> list[int]:
    return [zone for zone in zones if zone // COLUMNS == row]


PAGES: dict[str, Page] = {MISSED.name: _grid, "touch_seen": _seen}
