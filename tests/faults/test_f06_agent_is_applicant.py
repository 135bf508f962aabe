"""F06: the agent shows the applicant's own paper (规程 1.1.1(2))."""

from tests.faults.test_f07_agent_is_minor import to_agent


def test_the_same_card_twice_is_not_an_agent(citizen):
    to_agent(citizen, "agent_adult", "another_adult", "another_adult")
    citizen.sees("F06", "way_again", "way_self")
    citizen.press("way_again")
    citizen.until(lambda: citizen.view.title == "请先取回刚才的身份证")
    citizen.take()
    citizen.until(lambda: citizen.view.title == "请放代办人的身份证")
    citizen.place("agent")
    citizen.to("done")
    citizen.voucher()
    citizen.go_home()
    citizen.served()


def test_it_may_become_a_visit_for_oneself(citizen, applications):
    to_agent(citizen, "agent_adult", "another_adult", "another_adult")
    citizen.sees("F06", "way_again", "way_self")
    citizen.press("way_self")
    citizen.to("done")
    citizen.voucher()
    (row,) = applications()
    assert (row["applicant_kind"], row["agent"]) == ("self", None)
