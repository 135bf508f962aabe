"""F15: not insured, or not known to the centre."""

import pytest


@pytest.mark.parametrize("person", ["not_insured", "unknown_to_centre"])
def test_a_slip_sends_to_the_window(citizen, applications, person):
    citizen.begin(person, to="refusal")
    citizen.refused("F15")
    assert applications() == []
    citizen.served()
