"""A code to the holder's phone before an agent resets the PIN: the switch `otp` of reading A10."""

import pytest
from sqlalchemy import select, update

from central.applications.one_time import MOST_A_DAY, OneTimeCode
from central.cards.states import CardState
from central.notices.records import Notice
from central.people.records import Person

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

KEY = "01890a5d-ac96-774b-bcce-b30200000000"


@pytest.fixture
def rules_text(rules_text):
    name = "pin_reset_by_agent_at_kiosk   = "
    assert f'{name}"allow"' in rules_text
    return rules_text.replace(f'{name}"allow"', f'{name}"otp"')


@pytest.fixture
def visit(town, cell, body):
    """An agent at a kiosk with the holder's card."""
    someone, agent = town.person(card=CardState.ACTIVE), town.person().shows("resident_id")
    return body(cell("pin_reset", "agent_adult", "kiosk"), someone.shows("ss_card"), agent)


@pytest.fixture
def send(client, visit):
    def send():
        names = ("service", "applicant_kind", "channel", "applicant", "agent")
        return client.post("/v1/one-time-codes", json={name: visit[name] for name in names})

    return send


@pytest.fixture
def codes(centre):
    """The codes in the outbox, the latest last."""

    def codes():
        with centre.database.read() as session:
            rows = session.scalars(select(Notice).order_by(Notice.next_at))
            return [row.parameters["code"] for row in rows if row.kind == "ONE_TIME_CODE"]

    return codes


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_on_the_holders_phone_lets_the_agent_reset_a10(send, codes, take, visit):
    told = send()
    assert (told.status_code, told.json()["phone_masked"]) == (202, "138****8000")
    (code,) = codes()
    first = take(visit | {"code": code}, KEY)
    assert first.status_code == 201
    again = take(visit | {"code": code}, KEY)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert take(visit | {"code": code}).status_code == 422


@pytest.mark.parametrize("told", [None, "wrong"])
def test_without_the_code_nothing_is_reset_and_three_tries_end_it_a10(
    send, codes, take, visit, problem, told
):
    send()
    (code,) = codes()
    for _ in range(3):
        answer = take(visit | {"code": told and wrong(code)}, KEY)
        assert (answer.status_code, problem(answer)) == (422, "code-wrong")
    assert problem(take(visit | {"code": code}, KEY)) == "code-wrong"


def test_a_code_is_one_agents_and_ten_minutes_old_at_most_a10(
    send, codes, take, visit, problem, town, clock
):
    send()
    (code,) = codes()
    other = visit | {"agent": town.person().shows("resident_id"), "code": code}
    assert problem(take(other)) == "code-wrong"
    clock.now = clock.now.replace(minute=10)
    assert problem(take(visit | {"code": code})) == "code-wrong"


def test_a_code_is_sent_once_a_minute_and_five_times_a_day(send, codes, clock, problem):
    assert send().json() == send().json()
    assert len(codes()) == 1
    for minute in range(1, MOST_A_DAY):
        clock.now = clock.now.replace(minute=minute)
        assert send().status_code == 202
    clock.now = clock.now.replace(minute=30)
    assert problem(send()) == "code-not-sent"
    clock.now = clock.now.replace(day=24)
    assert send().status_code == 202
    assert len(codes()) == MOST_A_DAY + 1


def test_who_left_no_phone_goes_to_the_window(send, centre, problem):
    with centre.database.write() as session:
        session.execute(update(Person).values(phone=None))
    answer = send()
    assert (answer.status_code, problem(answer)) == (409, "code-not-sent")
    assert "服务窗口" in answer.json()["reason_zh"]


def test_the_store_holds_no_code(send, codes, centre):
    send()
    (code,) = codes()
    with centre.database.read() as session:
        held = session.scalars(select(OneTimeCode)).one()
        assert code not in (held.mac, held.card)


def test_the_holder_needs_none_and_neither_does_the_window(town, cell, body, take, client, problem):
    someone = town.person(card=CardState.ACTIVE)
    for row, agent in (
        (cell("pin_reset", "self", "kiosk"), None),
        (cell("pin_reset", "agent_adult"), town.person().shows("resident_id")),
    ):
        told = body(row, someone.shows("ss_card"), agent)
        assert take(told).status_code == 201
        names = ("service", "applicant_kind", "channel", "applicant", "agent")
        answer = client.post("/v1/one-time-codes", json={name: told[name] for name in names})
        assert problem(answer) == "code-not-sent"
