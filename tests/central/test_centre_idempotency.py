"""One key, one answer: repeated, at the same time, with another body, and asked for."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.applications import records
from central.applications.states import CaseEvent, move
from central.audit.records import SYSTEM
from central.idempotency import fingerprint, parse_key
from central.problems import ProblemError
from central.retention.shredder import run_due

KEY = "01890a5d-ac96-774b-bcce-b302099a8057"


def held(centre):
    with centre.database.read() as session:
        return records.every(session)


def test_the_same_key_and_body_get_the_same_answer(submit, centre, clock):
    first = submit(KEY)
    clock.now = clock.now.replace(day=25)
    again = submit(KEY.upper())
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert len(held(centre)) == 1


def test_a_key_that_comes_after_its_answer_was_removed_is_refused_for_good(
    submit, centre, clock, problem
):
    voucher_no = submit(KEY).json()["voucher_no"]
    with centre.database.write() as session:
        case = records.find(session, voucher_no)
        move(session, case, CaseEvent.WITHDRAW, SYSTEM, clock())
    clock.now += timedelta(days=31)
    run_due(centre)
    late = submit(KEY)
    assert (late.status_code, problem(late)) == (422, "key-reused")
    assert (late.json()["retryable"], late.json()["voucher_no"]) == (False, voucher_no)
    assert len(held(centre)) == 1


def test_the_order_of_keys_and_omitted_nulls_are_the_same_body(client, submit, order):
    first = submit(KEY)
    body = dict(reversed(order().items()))
    del body["agent"]
    again = client.post("/v1/applications", json=body, headers={"Idempotency-Key": KEY})
    assert (again.status_code, again.json()) == (201, first.json())


def test_the_same_key_with_another_body_is_refused(submit, problem, centre):
    submit(KEY)
    answer = submit(KEY, bank="招商银行")
    assert (answer.status_code, problem(answer)) == (422, "key-reused")
    assert len(held(centre)) == 1


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "key-missing"),
        ({"Idempotency-Key": ""}, "key-missing"),
        ({"Idempotency-Key": "17"}, "key-malformed"),
        ({"Idempotency-Key": "{" + KEY + "}"}, "key-malformed"),
    ],
)
def test_a_key_is_a_uuid(client, order, problem, headers, expected):
    answer = client.post("/v1/applications", json=order(), headers=headers)
    assert (answer.status_code, problem(answer)) == (400, expected)


def test_a_refusal_leaves_nothing_and_the_key_free(submit, who, problem, centre, client):
    assert problem(submit(KEY, applicant=who("830000199001010012", "不在"))) == "unknown-person"
    assert problem(client.get(f"/v1/requests/{KEY}")) == "request-unknown"
    assert held(centre) == []
    assert submit(KEY).status_code == 201


def test_the_answer_can_be_asked_for(submit, client, problem):
    assert problem(client.get(f"/v1/requests/{KEY}")) == "request-unknown"
    taken = submit(KEY).json()
    answer = client.get(f"/v1/requests/{KEY}")
    assert answer.json() == {"status": "done", "response_status": 201, "body": taken}


def test_a_request_to_ask_for_is_named_by_a_uuid(client, problem):
    assert problem(client.get("/v1/requests/17")) == "key-malformed"


def test_while_it_runs_the_same_key_is_told_so(centre, submit, client, problem):
    with centre.running.alone(KEY):
        for answer in (submit(KEY), client.get(f"/v1/requests/{KEY}")):
            assert (answer.status_code, problem(answer)) == (409, "request-running")
            assert answer.json()["retryable"] is True
        assert submit(KEY).headers["Retry-After"] == "1"
    assert submit(KEY).status_code == 201


def test_the_same_key_at_the_same_time_is_taken_once(submit, centre):
    together = threading.Barrier(8)

    def send(_):
        together.wait()
        return submit(KEY)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    taken = [answer.json() for answer in answers if answer.status_code == 201]
    assert taken
    assert all(body == taken[0] for body in taken)
    assert len(held(centre)) == 1


def test_different_keys_at_the_same_time_have_one_winner_and_no_gap(submit, centre):
    together = threading.Barrier(6)

    def send(_):
        together.wait()
        return submit(str(uuid.uuid4()))

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert [row.seq for row in held(centre)] == [1]


@given(body=st.dictionaries(st.text(st.characters(codec="utf-8")), st.text()))
def test_a_fingerprint_does_not_know_the_order_of_keys(body):
    assert fingerprint("POST /x", body) == fingerprint("POST /x", dict(reversed(body.items())))
    assert fingerprint("POST /x", body) != fingerprint("POST /y", body)
    assert fingerprint("POST /x", body) != fingerprint("POST /x", {"one more": str(body)})


@given(st.uuids())
def test_every_uuid_is_a_key(key):
    assert parse_key(str(key)) == parse_key(str(key).upper()) == str(key)


@given(st.text(max_size=40))
def test_no_other_text_is_a_key(text):
    try:
        uuid.UUID(text)
    except ValueError:
        with pytest.raises(ProblemError):
            parse_key(text)


def test_an_answer_is_told_to_its_own_device_alone(client, submit):
    assert submit(KEY).status_code == 201
    told = {
        device: client.get(f"/v1/requests/{KEY}", headers={"X-Device": device}).status_code
        for device in ("kiosk:0017", "kiosk:0099", "app:cqrs")
    }
    assert told == {"kiosk:0017": 200, "kiosk:0099": 404, "app:cqrs": 404}
