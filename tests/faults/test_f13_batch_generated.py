"""F13: the unit has applied for this person; not yet in production (规程 1.3)."""


def test_the_slip_says_how_it_is_made_a_single_one(citizen, applications):
    citizen.begin("batch_data_generated", to="refusal")
    view = citizen.refused("F13")
    assert "批量转零星" in view.rows[0].value
    assert view.rows[-2].value == "办理规程 1.3"
    assert applications() == []
    citizen.served()
