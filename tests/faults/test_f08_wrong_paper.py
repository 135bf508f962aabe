"""F08: a paper that the rule does not take here (规程 1.1.1, reading A18)."""

import pytest

from hardware.id_reader.simulator import IdCard

FOREIGNER = IdCard(
    "AAA110090010112",
    "",
    mark="I",
    latin_name="ERIKSSON ANNA MARIA",
    country="UTO",
    birth="19900101",
    sex="2",
    issuer="1500",
    valid_to="20300101",
)


@pytest.fixture(params=["residence_permit", "foreigner"])
def lay(request, citizen):
    """Lay the paper on the reader."""
    if request.param == "foreigner":
        return lambda: citizen.bench.device("id_reader").place(FOREIGNER)
    return lambda: citizen.place("hmt_residence")


def test_at_home_it_is_said_what_to_do(citizen, lay):
    lay()
    citizen.until(lambda: "这种证件不能放在这里读" in citizen.view.notice)
    citizen.take()
    citizen.served()


def test_it_is_not_taken_and_the_next_is(citizen, lay):
    citizen.press("new_individual", "self", "primary")
    citizen.wait("applicant")
    lay()
    citizen.sees("F08", "way_again", "way_slip")
    citizen.place("zhang_san")
    citizen.press("way_again")
    citizen.to("person_check")
    citizen.go_home()


def test_a_slip_says_which_papers_serve(citizen):
    citizen.press("new_individual", "self", "primary")
    citizen.wait("applicant")
    citizen.place("hmt_residence")
    citizen.sees("F08", "way_again", "way_slip")
    citizen.press("way_slip")
    citizen.refused("F08")
    citizen.served()


def test_an_adults_household_book_is_none(citizen):
    """规程 1.1.1(2): the household book serves minors."""
    citizen.press("new_individual", "agent_minor", "primary", "other_paper")
    citizen.press("household_register", "take_picture")
    citizen.wait("page_keep")
    citizen.press("primary")
    citizen.type("50010319850612019X")
    citizen.refused("F08")
