"""F07: the agent is under 18 (规程 1.1.1(2))."""


def to_agent(citizen, who, applicant, agent):
    """Put the applicant's card down, take it back, put the agent's down."""
    citizen.press("new_individual", who, "primary")
    citizen.wait("applicant")
    citizen.place(applicant)
    citizen.until(lambda: citizen.view.title == "请先取回刚才的身份证")
    citizen.take()
    citizen.until(lambda: citizen.view.title == "请放代办人的身份证")
    citizen.place(agent)


def test_a_day_before_the_18th_birthday_is_too_young(citizen):
    to_agent(citizen, "agent_minor", "child_with_id", "nearly_adult")
    citizen.sees("F07", "way_again", "way_home")
    citizen.press("way_again")
    citizen.until(lambda: citizen.view.title == "请先取回刚才的身份证")
    citizen.take()
    citizen.until(lambda: citizen.view.title == "请放代办人的身份证")
    citizen.place("agent")
    citizen.to("portrait_choice")


def test_who_goes_home_leaves_nothing_behind(citizen, applications):
    to_agent(citizen, "agent_minor", "child_with_id", "nearly_adult")
    citizen.sees("F07", "way_again", "way_home")
    citizen.press("way_home")
    citizen.take()
    citizen.wait("home")
    assert applications() == []
    citizen.served()
