"""F49: a service that this kiosk does not do, and not_this_way: one that is for other people."""

import pytest

from kiosk.services.menu import ELSEWHERE
from regulation.rules import Applicant, Channel, Service

OTHERS = ("others",)
"""How the services of other places are reached from home."""


@pytest.mark.parametrize("service", ELSEWHERE)
def test_a_slip_says_where_and_what_to_bring(citizen, service):
    citizen.press(*OTHERS, service, "unit_clerk" if service == Service.REPLACE_BATCH else "self")
    view = citizen.refused("F49")
    assert "服务窗口" in view.rows[0].value
    assert view.rows[-3].label == "请带"


@pytest.mark.parametrize(("service", "clause"), [("unlock", "7.2"), ("activate", "2.2")])
def test_the_clause_is_that_which_names_the_ways_there_are(citizen, service, clause):
    citizen.press(*OTHERS, service, "self")
    assert citizen.refused("F49").rows[-2].value == f"办理规程 {clause}"


def test_an_agent_is_told_at_once_what_only_the_holder_does_5_1(citizen):
    citizen.press(*OTHERS, "info_change", "agent_adult")
    view = citizen.refused("not_this_way", "self")
    assert view.title == "这项业务只能由本人办理"
    assert view.rows[0].value == "到服务窗口，由本人办理"


def test_a_unit_is_sent_on_to_its_own_service(citizen):
    citizen.press("new_individual", "unit_clerk")
    view = citizen.wait("refusal")
    assert view.title == "这项业务只能由本人或代办人办理"
    assert view.rows[0].value == "就在本机，由本人办理"


def test_who_stands_there_is_not_asked_again_after_a_paper_was_laid_down(citizen):
    citizen.tap("has_card", "others", "elsewhere", "unlock")
    citizen.refused("F49")


def test_what_most_people_call_unlocking_is_a_pin_reset(citizen):
    """Reading A15; whoever stands there has said so already."""
    citizen.press(*OTHERS, "unlock", "self", "onward")
    visit = citizen.kiosk.house.desk.visit
    assert visit.service.name == "pin_reset"
    assert visit.facts["who"] is Applicant.SELF


def test_the_next_is_served(citizen):
    citizen.press(*OTHERS, "cancel", "self", "home")
    citizen.wait("home")
    citizen.served()


def test_everything_of_the_table_is_on_a_page_there(citizen):
    """No service of the regulation is out of reach: a tile at home, or one behind 其他业务."""
    at_home = {choice.name for choice in citizen.view.choices}
    citizen.press(*OTHERS)
    elsewhere = {choice.name for choice in citizen.view.choices}
    assert (at_home | elsewhere) - {"others"} == set(Service)
    rules = citizen.kiosk.rules
    here = {
        name
        for name in Service
        for who in Applicant
        if rules.cell(name, who, Channel.KIOSK).allowed
    }
    assert at_home - {"others"} == here
