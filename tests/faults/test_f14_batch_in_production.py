"""F14: the card is being made in the unit's batch (规程 1.2.3: ten working days)."""


def test_the_day_it_will_be_ready_is_told(citizen, applications):
    citizen.begin("batch_in_production", to="refusal")
    view = citizen.refused("F14", "2026-12-07")
    assert view.rows[-2].value == "办理规程 1.2.3"
    assert applications() == []
    citizen.served()
