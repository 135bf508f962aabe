"""Drawings of repairs: each step of the words has its place on the drawing, and it is painted."""

from dataclasses import replace
from itertools import combinations
from math import dist

import pytest

from screens.drawings import DRAWINGS, HIGH, SHOWN, WIDE, drawing_of
from screens.layouts.page import KioskPage
from screens.layouts.repair import RepairBody
from screens.theme import CANVAS_WIDTH, Theme
from screens.theme_kv import theme
from screens.view import Row, View
from screens.widgets.drawing import MARK, RepairDrawing
from screens.words.attendant import GUIDES, USUAL
from tests.screens.conftest import WIDTH


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_lies_within_its_frame_and_its_numbers_apart(name):
    drawing = DRAWINGS[name]
    points = [point for line in (*drawing.lines, *drawing.arrows) for point in line]
    points += [(x + dx, y + dy) for x, y, r in drawing.rounds for dx in (-r, r) for dy in (-r, r)]
    points += [(x + d, y + d) for x, y in drawing.marks for d in (-MARK, MARK)]
    assert all(0 <= x <= WIDE and 0 <= y <= HIGH for x, y in points)
    assert all(dist(a, b) > 2 * MARK for a, b in combinations(drawing.marks, 2))


@pytest.mark.parametrize("fault", [*GUIDES, "id_reader no_device", "camera time_out"])
def test_each_step_that_is_done_at_the_device_has_its_number(fault):
    *device, detail = fault.split(" ")
    name = drawing_of(device[0] if device else "printer", detail)
    steps = GUIDES.get(fault)
    told = len(steps) if steps else len(USUAL) - 1  # to report it is done elsewhere
    assert len(DRAWINGS[name].marks) == told
    assert set(SHOWN.values()) == set(DRAWINGS)


def test_what_has_no_drawing_shows_none():
    assert drawing_of("sound", "time_out") == ""


def test_a_number_is_painted_where_it_belongs_and_gone_with_the_drawing(stage):
    shown = stage.put(RepairDrawing(drawing="paper", size_hint=(None, None), size=(420, 300)))
    stage.frames(2)
    x, y = DRAWINGS["paper"].marks[0]
    at = (shown.x + 5 * (x - MARK + 0.8), shown.y + 5 * y)
    primary = tuple(round(255 * part) for part in theme.primary)
    assert stage.pixels()(*at) == primary
    shown.drawing = ""
    stage.frames(2)
    assert stage.pixels()(*at) != primary


@pytest.mark.parametrize("large", [False, True])
def test_there_is_room_for_it_below_the_longest_steps(stage, large):
    theme.apply(Theme(scale=WIDTH / CANVAS_WIDTH, large=large))
    longest = "Pull the empty core out of the printer, and do not pull at the paper"
    blank = View("repair", "repair", "", "", "", "How to mend it", drawing="jam")
    rows = tuple(Row(f"{n}", longest) for n in (1, 2, 3))
    page = stage.put(KioskPage(RepairBody()))
    page.fill(replace(blank, rows=rows, large=large))
    stage.frames(12)
    body = page.body
    theme.apply(Theme(scale=WIDTH / CANVAS_WIDTH))
    assert body.ids.drawing.height >= 200 * theme.u
    assert body.ids.table.y >= body.ids.drawing.top
