"""page_camera: the document camera cannot take the page of a paper."""

import pytest


@pytest.fixture
def pace(time):
    return time.pace(picture_s=1.0)


def test_mended_it_takes_the_page(citizen):
    citizen.press("new_individual", "self", "primary", "other_paper", "passport")
    citizen.fault("document_camera", "unplug")
    citizen.press("take_picture")
    citizen.sees("page_camera", "way_again", "way_window", step="page")
    citizen.fault("document_camera")
    citizen.until(citizen.kiosk.house.cameras["document_camera"].latest)
    citizen.press("way_again")
    citizen.wait("page_keep")


def test_the_window_may_take_it_instead(citizen):
    citizen.press("new_individual", "self", "primary", "other_paper", "passport")
    citizen.fault("document_camera", "unplug")
    citizen.press("take_picture")
    citizen.sees("page_camera", "way_again", "way_window")
    citizen.press("way_window")
    citizen.refused("page_camera")
    citizen.served("next")
