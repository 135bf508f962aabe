"""F03: the paper has expired (规程 1.1.1: the original, and a paper past its last day is none)."""


def test_an_expired_id_card_gets_a_slip(citizen, applications):
    citizen.wait("home")
    citizen.place("expired_id")
    citizen.wait("who")
    citizen.press("self", "primary")
    citizen.refused("F03", "2026-09-09")
    assert applications() == []
    citizen.served()


def test_a_passport_that_ended_yesterday_gets_a_slip(citizen):
    citizen.press("new_individual", "self", "primary", "other_paper", "passport", "take_picture")
    citizen.wait("page_keep")
    citizen.press("primary")
    citizen.type("L898902C3")
    citizen.type("ERIKSSON ANNA MARIA")
    citizen.type("20261122")
    citizen.refused("F03", "2026-11-22")
    citizen.served()
