"""Whoever walks away from a failing step is gone: silence goes home although work keeps failing."""

import pytest

from tests.faults.proxy import Wire


@pytest.fixture
def pace(time):
    return time.pace(centre_s=0.0)


def goes_home(citizen):
    for _ in range(12):
        citizen.silence(61)
        if citizen.kiosk.house.desk.visit is None:
            break
        citizen.take()
    citizen.wait("home")


def test_the_centre_stays_busy(citizen, wire):
    wire.set(Wire.REFUSED)
    citizen.begin("zhang_san", to="person_check")
    citizen.press("primary")
    citizen.sees("F35", "way_again", "way_window", step="eligibility")
    goes_home(citizen)


def test_the_centre_stays_away_at_submit(citizen, wire):
    citizen.begin("zhang_san", to="signature")
    wire.set(Wire.REFUSED)
    citizen.sign()
    citizen.sees("F32", "way_wait", "way_held", step="submit")
    goes_home(citizen)


def test_the_reader_stays_unplugged(citizen):
    citizen.wait("home")
    for name in ("new_individual", "self", "primary"):
        citizen.press(name)
    citizen.wait("applicant")
    citizen.fault("id_reader", "unplug")
    citizen.sees("F02", "way_again", "way_window", step="applicant")
    goes_home(citizen)
