"""F03: the paper has expired (规程 1.1.1: the original, and a paper past its last day is none)."""


def test_an_expired_id_card_gets_a_slip(citizen, applications):
    citizen.begin("expired_id", to="refusal")
    citizen.refused("F03", "2026-09-09")
    assert applications() == []
    citizen.served()


def test_put_down_at_home_it_is_said_before_anything_is_chosen(citizen, applications):
    citizen.tap("expired_id")
    assert citizen.view.title == "现在没有您能在这里办的业务"
    assert citizen.view.notice.startswith("证件已于 2026-09-09 到期")
    citizen.press("others", "new_individual")
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
