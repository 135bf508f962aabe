"""code_wrong: an agent's PIN reset with a code from the holder's phone (A10, otp)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from central.centre import Settings
from central.notices.records import Notice
from screens.failure_words import FAILURES
from tests.faults.at_slot import NEW, AtSlot
from tests.faults.conftest import RULES
from tests.kiosk.cards.pins import has

SWITCH = "pin_reset_by_agent_at_kiosk   = "


@pytest.fixture
def central():
    return Settings(hsm="demo")


@pytest.fixture
def policy():
    return "otp"


@pytest.fixture
def rules_text(policy):
    assert f'{SWITCH}"allow"' in RULES
    return RULES.replace(f'{SWITCH}"allow"', f'{SWITCH}"{policy}"')


@pytest.fixture
def settings(settings, bench):
    port = bench.addresses(0)["social_card"]
    return replace(settings, social_card_driver="crt591", social_card_port=port)


@pytest.fixture
def at_slot(citizen):
    person = AtSlot(citizen)
    person.reader._cards.clear()
    yield person
    person.reader.mechanism.tear()


@pytest.fixture
def at_code(at_slot, citizen):
    """An agent who is asked for the code."""
    at_slot.begins("pin_reset", who="agent_adult")
    citizen.wait("card")
    at_slot.puts_in("holder")
    citizen.wait("agent")
    citizen.place("zhang_san")
    citizen.wait("person_check")
    citizen.press("primary")
    citizen.wait("code")
    return at_slot


@pytest.fixture
def code(centre):
    """The code on the holder's phone."""

    def code():
        with centre.database.read() as session:
            rows = session.scalars(select(Notice).order_by(Notice.next_at))
            return [row.parameters["code"] for row in rows if row.kind == "ONE_TIME_CODE"][-1]

    return code


def signs(citizen):
    citizen.wait("signature")
    citizen.sign()


def test_the_code_on_the_holders_phone_lets_the_agent_reset_a10(at_code, citizen, code):
    assert "138****8000" in citizen.view.lead
    citizen.type(code())
    signs(citizen)
    at_code.types(NEW)
    at_code.types(NEW)
    citizen.wait("give_card")
    at_code.takes()
    citizen.wait("result")
    assert has(at_code.card("holder"), NEW)


def test_a_wrong_code_is_typed_again_before_any_pin_is(at_code, citizen, code):
    right = code()
    citizen.type(f"{(int(right) + 1) % 10**6:06}")
    signs(citizen)
    citizen.sees("code_wrong", "way_retype_code", "way_window")
    citizen.press("way_retype_code")
    citizen.wait("code")
    citizen.type(right)
    citizen.wait("new_pin")


def test_another_code_may_be_sent(at_code, citizen):
    citizen.press("send_again")
    citizen.wait("code")


@pytest.mark.parametrize("policy", ["window"])
def test_by_policy_an_agent_is_sent_to_the_window_at_once_a10(policy, at_slot, citizen):
    at_slot.begins("pin_reset", who="agent_adult")
    assert citizen.wait("refusal").title == FAILURES["F49"].text
