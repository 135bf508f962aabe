"""F09: the paper that was shown is not of the person who stands there (规程 1.1.1, 5.1)."""

from dataclasses import replace

import pytest

from central.centre import Settings
from tests.faults.at_slot import OLD, AtSlot
from tests.faults.clerk import CLERK
from tests.faults.test_f07_agent_is_minor import to_agent

WAYS = ("way_swap", "way_window")


@pytest.fixture
def central():
    return Settings(hsm="demo")


@pytest.fixture
def settings(settings, bench):
    port = bench.addresses(0)["social_card"]
    return replace(settings, social_card_driver="crt591", social_card_port=port)


@pytest.fixture
def at_slot(citizen):
    person = AtSlot(citizen)
    yield person
    person.reader.mechanism.tear()


def swaps(citizen):
    """It is not theirs, and they have their own: until they are asked to take it back."""
    citizen.press("not_me")
    citizen.sees("F09", *WAYS, step="person_check")
    citizen.press("way_swap")
    citizen.until(lambda: citizen.view.title.startswith("请取回这张"))
    assert citizen.view.step == "swap_paper"


def whose(row):
    """The last digits of the applicant's and the agent's numbers, as the centre has them."""
    return [row[who] and row[who]["number"][-4:] for who in ("applicant", "agent")]


def test_another_s_paper_is_taken_back_and_ones_own_is_read(citizen, applications):
    citizen.begin("another_adult", to="person_check")
    swaps(citizen)
    assert citizen.view.lying == "paper"
    assert citizen.kiosk.house.desk.visit.facts.get("applicant")
    citizen.take()
    citizen.wait("applicant")
    assert "applicant" not in citizen.kiosk.house.desk.visit.facts
    citizen.place("zhang_san")
    citizen.to("done")
    citizen.voucher()
    (row,) = applications()
    assert whose(row) == ["002X", None]


def test_who_has_no_own_goes_to_the_window(citizen, applications):
    citizen.begin("another_adult", to="person_check")
    citizen.press("not_me")
    citizen.sees("F09", *WAYS)
    citizen.press("way_window")
    citizen.refused("F09")
    assert applications() == []
    citizen.served()


def test_an_agents_own_alone_is_asked_anew_1_1_1_2(citizen, applications):
    to_agent(citizen, "agent_adult", "another_adult", "has_card")
    citizen.wait("person_check")
    swaps(citizen)
    citizen.take()
    citizen.wait("agent")
    citizen.place("agent")
    citizen.to("done")
    (row,) = applications()
    assert whose(row) == ["0050", "019X"]


def test_what_a_paper_first_has_shown_is_forgotten_with_it(citizen):
    citizen.tap("has_card", "replace_individual")
    citizen.press("damaged", "primary")
    swaps(citizen)
    citizen.take()
    citizen.wait("applicant")
    facts = citizen.kiosk.house.desk.visit.facts
    assert not {"tapped", "overview", "pin_blocked"} & facts.keys()
    citizen.press("back", "back", "back")
    citizen.wait("why")


def test_a_paper_without_a_chip_lies_nowhere(citizen):
    citizen.press("new_individual", "self", "primary", "other_paper", "passport", "take_picture")
    citizen.wait("page_keep")
    citizen.press("primary")
    citizen.type("L898902C3")
    citizen.type("ERIKSSON ANNA MARIA")
    citizen.type("20300501")
    citizen.wait("person_check")
    citizen.press("not_me", "way_swap")
    citizen.wait("applicant")


def test_a_card_in_the_slot_5_1(at_slot, citizen):
    at_slot.begins("pin_change")
    citizen.wait("card")
    at_slot.puts_in("has_card")
    citizen.wait("person_check")
    swaps(citizen)
    assert citizen.view.lying == "card"
    at_slot.takes()
    citizen.wait("card")
    at_slot.puts_in("holder")
    citizen.wait("person_check")
    citizen.press("primary")
    citizen.wait("old_pin")
    at_slot.types(OLD)
    citizen.wait("new_pin")


def test_the_clerk_of_a_unit_1_2_1(clerk):
    citizen = clerk.citizen
    citizen.press("new_batch", "primary")
    citizen.wait("applicant")
    citizen.place("has_card")
    citizen.wait("person_check")
    swaps(citizen)
    citizen.take()
    citizen.wait("applicant")
    citizen.place(CLERK)
    citizen.wait("person_check")
    citizen.press("primary")
    citizen.wait("list_source")


def test_who_leaves_meanwhile_takes_it_along(citizen):
    citizen.begin("another_adult", to="person_check")
    swaps(citizen)
    citizen.press("home")
    citizen.until(lambda: citizen.view.step == "take_paper" and citizen.view.lying)
    citizen.take()
    citizen.wait("home")
    citizen.served()
