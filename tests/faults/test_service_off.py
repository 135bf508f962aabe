"""A service that is off at this kiosk: its tile says so, and every way in ends at the window."""

import pytest

from kiosk.services.catalogue import HERE
from regulation.rules import Applicant, Channel, Service


@pytest.fixture
def citizen(fleet):
    return fleet.start()


def tile(citizen, name):
    return next(each for each in citizen.view.choices if each.name == name)


def test_off_and_on_again_from_afar(fleet, citizen):
    fleet.commits(13, settings={"service.off": ["new_individual", "pin_reset"]})
    assert tile(citizen, "new_individual").subtitle == "暂停，请到窗口"
    assert tile(citizen, "loss_report").subtitle == "立即停用"
    citizen.press("new_individual")
    assert "服务窗口" in citizen.refused("F49").rows[0].value
    citizen.wait("home")
    citizen.tap("zhang_san")
    offered = {choice.name for choice in citizen.wait("menu").choices}
    assert "new_individual" not in offered
    citizen.go_home()
    fleet.commits(14)
    assert tile(citizen, "new_individual").subtitle == "首次申领，免费"
    citizen.served("next")


def test_every_service_may_be_off_and_no_other_channel_changes(fleet, citizen):
    before = {cell for cell in citizen.kiosk.rules.cells() if cell.channel is not Channel.KIOSK}
    fleet.commits(13, settings={"service.off": list(HERE)})
    rules = citizen.kiosk.rules
    assert before == {cell for cell in rules.cells() if cell.channel is not Channel.KIOSK}
    for service in Service:
        for who in Applicant:
            assert not rules.cell(service, who, Channel.KIOSK).allowed
    for name in HERE:
        assert tile(citizen, name).subtitle == "暂停，请到窗口"
        citizen.press(name)
        citizen.wait("refusal")
        citizen.press("home")
        citizen.wait("home")
