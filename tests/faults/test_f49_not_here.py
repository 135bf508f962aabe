"""F49: a service that this kiosk does not do."""

import pytest

ELSEWHERE = {
    "replace_individual": "办理规程 3.1",
    "pin_reset": "办理规程",
    "new_batch": "办理规程 1.2",
}


@pytest.mark.parametrize("service", ELSEWHERE)
def test_a_slip_says_where_and_what_to_bring(citizen, service):
    citizen.press(service)
    view = citizen.wait("refusal")
    assert view.rows[-2].value.startswith(ELSEWHERE[service])
    citizen.refused("F49")


def test_the_next_is_served(citizen):
    citizen.press("pin_reset", "home")
    citizen.wait("home")
    citizen.served()
