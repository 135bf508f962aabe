"""F40: an agent has brought as many applications as the centre takes in a day."""

import pytest

from central.centre import Settings


@pytest.fixture
def central():
    return Settings(agent_daily_limit=1)


def bring(citizen, applicant):
    citizen.press("new_individual", "agent_adult", "primary")
    citizen.wait("applicant")
    citizen.place(applicant)
    citizen.wait("agent")
    citizen.place("agent")


def test_the_second_of_a_day_goes_to_the_window(citizen, applications):
    bring(citizen, "another_adult")
    citizen.to("done")
    citizen.voucher()
    citizen.go_home()
    bring(citizen, "zhang_san")
    citizen.to("refusal")
    citizen.refused("F40")
    assert len(applications()) == 1
    citizen.served()
