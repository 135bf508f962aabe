"""F01: nothing was put on the reader."""

import pytest


@pytest.fixture
def pace(time):
    return time.pace(paper_s=0.2)


def test_who_has_no_paper_there_is_asked_and_may_show_another(citizen):
    citizen.press("new_individual", "self", "primary")
    citizen.sees("F01", "way_other_paper", "way_again", step="applicant")
    citizen.press("way_other_paper")
    citizen.wait("other_paper")


def test_who_puts_it_down_then_goes_on(citizen):
    citizen.press("new_individual", "self", "primary")
    citizen.sees("F01", "way_other_paper", "way_again")
    citizen.place("zhang_san")
    citizen.press("way_again")
    citizen.to("done")
    citizen.voucher()
    citizen.go_home()
    citizen.served()


def test_the_agent_has_no_other_paper(citizen):
    """规程 1.1.1(2): the agent shows an ID card, and the button that leads nowhere is not there."""
    citizen.press("new_individual", "agent_adult", "primary")
    citizen.sees("F01", "way_other_paper", "way_again", step="applicant")
    citizen.place("another_adult")
    citizen.press("way_again")
    citizen.wait("agent")
    citizen.take()
    citizen.sees("F01", "way_again", step="agent")
