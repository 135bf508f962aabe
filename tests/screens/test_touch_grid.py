"""The touch test on the glass: a finger colours its zone, and every button still leads out."""

import pytest

from kiosk.services.touch_test import COLUMNS, ROWS, Missed
from kiosk.visit import Leave, Said
from screens.layouts.page import KioskPage
from screens.layouts.touch import TouchBody
from screens.view import Button, View, Zones
from tests.screens.conftest import HEIGHT, WIDTH

VIEW = View(
    *("touch", "touch_grid", "", "", "", "每一格按一下"),
    primary=Button("primary", "完成", Said(Missed(()))),
    foot=(Button("home", "首页", Leave()),),
    zones=Zones(COLUMNS, ROWS, lambda missed: Said(Missed(missed))),
)
ALL = tuple(range(COLUMNS * ROWS))


@pytest.fixture
def page(stage):
    made = stage.put(KioskPage(TouchBody()))
    made.fill(VIEW)
    stage.frames(6)
    yield made
    made.forget()


def middle(zone):
    across, down = zone % COLUMNS, zone // COLUMNS
    return (across + 0.5) * WIDTH / COLUMNS, HEIGHT - (down + 0.5) * HEIGHT / ROWS


def touch(stage, *zones):
    for zone in zones:
        x, y = middle(zone)
        stage.down(x, y).release(x, y)


def button(page, name):
    return next(w for w in page.walk() if getattr(w, "name", "") == name)


def press(stage, widget):
    """Twice: the first touch is the zone's."""
    stage.tap(widget)
    stage.tap(widget)


def test_every_zone_is_touched_in_any_order_and_none_is_missed(stage, page, heard):
    said = heard(page, "on_said")
    touch(stage, *reversed(ALL))
    assert said == []
    stage.tap(page.ids.primary)
    assert said == [Said(Missed(()))]


def test_what_was_not_touched_is_missed(stage, page, heard):
    said = heard(page, "on_said")
    touch(stage, *(zone for zone in ALL if zone not in (0, 7, 12)))
    stage.tap(page.ids.primary)
    assert said == [Said(Missed((0, 7, 12)))]


def test_a_touched_zone_is_coloured_and_its_neighbour_is_not(stage, page):
    before = stage.pixels()
    was = [before(*middle(zone)) for zone in (11, 12)]
    touch(stage, 11)
    stage.frames(2)
    after = stage.pixels()
    now = [after(*middle(zone)) for zone in (11, 12)]
    assert now[0] != was[0]
    assert now[1] == was[1]


def test_a_new_view_of_the_page_keeps_what_was_touched_and_another_visit_begins_anew(
    stage, page, heard
):
    said = heard(page, "on_said")
    touch(stage, *ALL)
    page.fill(VIEW)
    stage.tap(page.ids.primary)
    page.forget()
    page.fill(VIEW)
    press(stage, page.ids.primary)
    assert [len(each.answer.zones) for each in said] == [0, len(ALL) - 1]


def test_the_way_home_is_open_from_the_beginning(stage, page, heard):
    said = heard(page, "on_said")
    press(stage, button(page, "home"))
    assert said == [Leave()]
