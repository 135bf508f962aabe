"""F10: the camera cannot take the portrait; a photo on paper may be scanned instead."""

import pytest


@pytest.fixture
def pace(time):
    return time.pace(picture_s=3.0)


@pytest.mark.parametrize("kind", ["unplug", "silence", "drop_last 3"])
def test_a_photo_on_paper_is_scanned(citizen, applications, kind):
    citizen.begin("zhang_san", to="portrait_ready")
    citizen.fault("camera", kind)
    citizen.press("take_picture")
    citizen.sees("F10", "way_scan", "way_window", step="portrait")
    citizen.press("way_scan")
    assert citizen.view.step == "portrait_scan"
    citizen.bench.do("document_camera", "scene", scene="portrait")
    citizen.press("take_picture")
    citizen.wait("portrait_keep")
    citizen.to("done")
    citizen.voucher()
    (row,) = applications()
    assert sorted(row["marks"]) == ["portrait_scanned", "scene_photo_missing"]
    citizen.go_home()
    citizen.fault("camera")
    citizen.served("next")


def test_the_window_may_take_it_instead(citizen):
    citizen.begin("zhang_san", to="portrait_ready")
    citizen.fault("camera", "unplug")
    citizen.press("take_picture")
    citizen.sees("F10", "way_scan", "way_window")
    citizen.press("way_window")
    citizen.refused("F10")
