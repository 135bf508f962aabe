"""F35: the centre cannot be asked whether this person may apply."""

import pytest

from tests.faults.proxy import Wire


@pytest.fixture
def timeout_s():
    return 1.5


BROKEN = [Wire.REFUSED, Wire.HANG, Wire.ERROR_500, Wire.GARBAGE, Wire.NOT_JSON, Wire.NO_REPLY]


@pytest.mark.parametrize("how", BROKEN)
def test_it_may_be_asked_again(citizen, wire, how, applications):
    citizen.begin("zhang_san", to="person_check")
    wire.set(how)
    citizen.press("primary")
    citizen.sees("F35", "way_again", "way_window", step="eligibility")
    wire.set(Wire.GOOD)
    citizen.press("way_again")
    citizen.to("done")
    number = citizen.voucher()
    assert [row["voucher_no"] for row in applications()] == [number]


def test_the_window_may_do_it_instead(citizen, wire, applications):
    citizen.begin("zhang_san", to="person_check")
    wire.set(Wire.REFUSED)
    citizen.press("primary")
    citizen.sees("F35", "way_again", "way_window")
    citizen.press("way_window")
    citizen.refused("F35")
    assert applications() == []
    wire.set(Wire.GOOD)
    citizen.served()
