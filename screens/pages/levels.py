"""The pages of sound and light: how they are, and five steps to choose from."""

from dataclasses import replace

from kiosk.services.attendant import TASK_DONE
from kiosk.services.levels import (
    BRIGHTNESSES,
    LEVEL,
    LEVELS,
    VOLUMES,
    Level,
    LevelsSeen,
    SetTo,
)
from kiosk.visit import Said, Visit
from screens.pages.page import Page
from screens.scene import Scene
from screens.view import Button, Choice, Row, View
from screens.words import N_, Words

NAMES: dict[Level, tuple[str, str, str]] = {
    Level.VOLUME: (N_("声音"), N_("本机没有声音"), "volume-2"),
    Level.BRIGHTNESS: (N_("亮度"), N_("本机不能调亮度"), ""),
}
"""What each is called, and what is said where it cannot be set."""
PERCENTS = {Level.VOLUME: VOLUMES, Level.BRIGHTNESS: BRIGHTNESSES}


def _levels(scene: Scene, visit: Visit, words: Words, view: View) -> View:
    seen = LEVELS.of(visit.facts)
    rows = tuple(_row(scene, each, seen) for each in Level) if seen else ()
    finish = Button("finish", scene.tr(words.primary), Said(TASK_DONE))
    return replace(view, rows=rows, primary=finish)


def _row(scene: Scene, level: Level, seen: LevelsSeen) -> Row:
    title, none, _icon = NAMES[level]
    percent = seen.of(level)
    if percent is None:
        return Row(scene.tr(title), scene.tr(none))
    told = scene.tr(N_("{n}%")).format(n=percent)
    return Row(scene.tr(title), told, Button(level, scene.tr(N_("调")), Said(level)))


def _level(scene: Scene, visit: Visit, _words: Words, view: View) -> View:
    """Five steps; the one that holds is marked."""
    level, seen, tr = LEVEL.of(visit.facts), LEVELS.of(visit.facts), scene.tr
    if level is None or seen is None:
        return view
    title, _none, icon = NAMES[level]
    now = seen.of(level)
    choices = tuple(
        Choice(
            f"level_{n}",
            tr(N_("第 {n} 档")).format(n=n),
            Said(SetTo(percent)),
            tr(N_("现在是这一档")) if percent == now else tr(N_("{n}%")).format(n=percent),
            icon,
        )
        for n, percent in enumerate(PERCENTS[level], start=1)
    )
    return replace(view, title=tr(title), choices=choices)


PAGES: dict[str, Page] = {"levels": _levels, "level": _level}
