"""F34: the centre refuses the application, for its own reason."""

import re
from dataclasses import replace

from regulation.rules import load_rules


def test_the_centres_reason_is_told(citizen, served, centre, rules_text, applications):
    """The centre takes a rule that the kiosk has not: minors are under 10 (规程 1.1.1(2))."""
    citizen.press("new_individual", "agent_minor", "primary")
    citizen.wait("applicant")
    citizen.place("child_with_id")
    citizen.wait("agent")
    citizen.place("agent")
    citizen.to("portrait_choice")
    citizen.press("none")
    citizen.to("signature")
    app, _port = served
    text = re.sub(r"(?m)^minor_age( *)= 18", r"minor_age\1= 10", rules_text)
    app.state.centre = replace(centre, rules=load_rules(text))
    citizen.sign()
    citizen.refused("F34", "：申办人已成年，请选择代成年人办理")
    assert applications() == []
    citizen.served()
