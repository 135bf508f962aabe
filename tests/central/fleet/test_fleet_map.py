"""The map of sites: where each is, how its worst kiosk is, and the same in a table."""

import re
from datetime import timedelta

import pytest

from central.console.atlas import EDGE, HEIGHT, WIDTH, atlas
from central.fleet.sites import Seen

PATH = "/console/fleet"
PLACES = {
    "渝中区服务大厅": (106.5689, 29.5528),
    "万州区服务大厅": (108.4087, 30.8079),
    "黔江区服务大厅": (108.7707, 29.5332),
}


def sites(places):
    return [Seen(name, 1, 0, 0, place) for name, place in places.items()]


def test_east_is_right_north_is_up_and_all_are_inside():
    drawn = atlas([*sites(PLACES), Seen("", 3, 0, 0, None)])
    west, north, east = drawn.dots
    assert west.x < north.x < east.x
    assert north.y < west.y < east.y + 10
    for dot in drawn.dots:
        assert EDGE <= dot.x <= WIDTH - EDGE
        assert EDGE <= dot.y <= HEIGHT - EDGE
    assert "107°" in [line.text for line in drawn.meridians]
    assert len(drawn.meridians) <= 9


@pytest.mark.parametrize(
    "places", [{"a": (106.5, 29.5)}, {"a": (0.0, 0.0), "b": (0.0, 0.0)}, {"a": (-180.0, -85.0)}]
)
def test_one_site_and_sites_in_one_place_are_drawn(places):
    for dot in atlas(sites(places)).dots:
        assert (dot.x, dot.y) == (WIDTH / 2, HEIGHT / 2)


def test_the_world_is_drawn_too_and_nothing_is_not():
    assert atlas(sites({"a": (-180.0, 85.0), "b": (180.0, -85.0)})).meridians
    assert atlas([Seen("a", 1, 0, 0, None)]) is None


def test_a_site_is_placed_and_shows_its_worst_kiosk(sign_in, signed, report, clock):
    one = sign_in("operator", login="op.one")
    for number, site in (("0001", "渝中区服务大厅"), ("0002", "渝中区服务大厅"), ("0003", "万州")):
        one.post(f"{PATH}/place", {"kiosk": number, "site": site}, back=PATH)
    assert "还没有网点的位置" in one.get(f"{PATH}/map").text
    told = {"site": "渝中区服务大厅", "longitude": "106.5689", "latitude": "29.5528"}
    assert "已保存网点" in one.post(f"{PATH}/map", told, back=f"{PATH}/map").text
    report("0001")
    report("0002", devices={"printer": "no_paper"})
    page = one.get(f"{PATH}/map").text
    dot = re.search(r"<a href=[^>]+transform=.*?</a>", page, re.DOTALL)[0]
    assert 'aria-label="渝中区服务大厅: 有故障"' in dot
    assert 'class="faulty"' in dot
    assert "106.5689, 29.5528" in page
    assert page.count("<title>") == 2  # the page's own, and the dot's
    clock.now += timedelta(minutes=10)
    assert 'aria-label="渝中区服务大厅: 失联"' in one.get(f"{PATH}/map").text
    assert "style=" not in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize("wrong", [{"longitude": "181"}, {"latitude": "nan"}, {"site": " "}])
def test_no_place_on_earth_is_refused(sign_in, signed, wrong):
    one = sign_in("operator", login="op.one")
    told = {"site": "渝中", "longitude": "106.5", "latitude": "29.5"} | wrong
    one.post(f"{PATH}/map", told, back=f"{PATH}/map")
    assert "还没有网点的位置" in one.get(f"{PATH}/map").text


def test_a_supervisor_looks_and_places_nothing(sign_in, signed):
    chief = sign_in("supervisor", login="chief")
    chief.post(f"{PATH}/map", {"site": "渝中", "longitude": "106.5", "latitude": "29.5"})
    page = chief.get(f"{PATH}/map").text
    assert "还没有网点的位置" in page
    assert "<form class=" not in page
