"""Something does not work: the home page says so, offers what can be finished, and takes it back."""

import pytest

from kiosk.services.needs import Need
from kiosk.working import LOOK_S
from tests.faults.proxy import Wire

TITLE, CHOOSE = "请把身份证放在亮灯处", "请选择要办的业务"


def tile(citizen, name):
    return next(each for each in citizen.view.choices if each.name == name)


def looks(citizen, truth):
    """Time passes at home until it has been looked, and what was found is on the page."""

    def there():
        citizen.silence(LOOK_S + 1)
        return truth()

    citizen.until(there)


def test_a_reader_that_is_unplugged_and_comes_back(citizen):
    citizen.fault("id_reader", "unplug")
    looks(citizen, lambda: citizen.view.title == CHOOSE)
    assert "阅读器" in citizen.view.notice
    citizen.press("loss_report")  # no slot at this kiosk: nothing reads a card for a loss
    citizen.refused("F49")
    citizen.fault("id_reader")
    looks(citizen, lambda: citizen.view.title == TITLE)
    assert Need.ID_READER not in citizen.kiosk.house.working.lost
    citizen.served()


def test_a_paper_that_is_photographed_serves_without_the_reader(citizen):
    citizen.fault("id_reader", "unplug")
    looks(citizen, lambda: citizen.view.title == CHOOSE)
    citizen.press("new_individual")
    citizen.press("self")
    citizen.press("primary")
    papers = {choice.name for choice in citizen.wait("other_paper").choices}
    assert "passport" in papers
    citizen.fault("id_reader")


@pytest.mark.parametrize("how", [Wire.REFUSED, Wire.ERROR_500])
def test_nothing_is_begun_while_the_centre_is_away(citizen, wire, how):
    wire.set(how)
    looks(citizen, lambda: tile(citizen, "new_individual").subtitle == "网络不通，请到窗口")
    assert "网络不通" in citizen.view.notice
    citizen.press("new_individual")
    citizen.refused("F49")
    wire.set(Wire.GOOD)
    looks(citizen, lambda: tile(citizen, "new_individual").subtitle == "首次申领，免费")
    citizen.served()


def test_whoever_is_being_served_is_served_as_they_began(citizen):
    citizen.begin("zhang_san", to="phone")
    citizen.fault("id_reader", "unplug")
    citizen.silence(LOOK_S + 1)
    citizen.to("done")
    citizen.fault("id_reader")


def test_a_slot_that_is_not_there_takes_its_services_along(citizen):
    looks(citizen, lambda: tile(citizen, "pin_change").subtitle == "暂停，请到窗口")
    citizen.press("pin_change")
    citizen.refused("F49")
