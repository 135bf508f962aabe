"""A unit's list at a kiosk: checked, taken once, refused row by row (规程 1.2.1, 1.2.2, 3.2.1)."""

import time
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from central.batches.records import Batch, BatchMember, live_membership
from central.batches.states import BatchState, MemberState
from central.centre import Settings
from central.idempotency import KeptAnswer

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


def rows_kept(centre):
    with centre.database.read() as session:
        return session.query(Batch).count(), session.query(BatchMember).count()


def faults(answer):
    return {(each["row"], each["field"], each["code"]) for each in answer.json()["faults"]}


def test_a_list_is_taken_once_with_its_date_and_pick_up(a_list, people, send, centre):
    key = str(uuid.uuid4())
    first = send(a_list(people(3)), key)
    assert first.status_code == 201, first.text
    body = first.json()
    assert (body["rows"], body["taken"], body["left_out"]) == (3, 3, 0)
    assert body["due_on"] == "2026-12-07"  # ten working days after Monday 2026-11-23
    assert body["due_sure"] is True
    assert body["state"] == "SUBMITTED"
    assert body["outlet"] == "0017"
    assert any("96" in words for words in body["pick_up"])
    before = rows_kept(centre)
    again = send(a_list(people(3)), key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (body, "true")
    assert rows_kept(centre) == before


def test_its_number_and_an_applications_are_of_one_series(a_list, people, send, submit):
    numbers = [
        submit().json()["voucher_no"],
        send(a_list(people(1))).json()["batch_no"],
    ]
    assert [number[17:21] for number in numbers] == ["0001", "0002"]


def test_the_kiosk_asks_by_number_and_sees_no_data(a_list, people, send, client, centre):
    batch_no = send(a_list(people(2))).json()["batch_no"]
    answer = client.get(f"/v1/batches/{batch_no}")
    assert answer.json()["members"] == {"LISTED": 2}
    assert answer.json()["unit"] == "示" + "*" * 6 + "司"
    for person in people(2):
        assert person["number"] not in answer.text
    tag = answer.headers["ETag"]
    same = client.get(f"/v1/batches/{batch_no}", headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("number", ["CQ-0017-20261123-0009-X", "%00"])
def test_a_batch_nobody_took_is_unknown(client, problem, number):
    assert problem(client.get(f"/v1/batches/{number}")) == "batch-unknown"


def test_a_kiosk_turns_the_pages_of_its_own(a_list, people, send, client, clock, problem):
    everybody, sent = people(5), []
    for person in everybody:
        clock.now += timedelta(minutes=1)
        sent.insert(0, send(a_list([person])).json()["batch_no"])
    seen, cursor = [], None
    while cursor or not seen:
        more = {"cursor": cursor} if cursor else {}
        page = client.get("/v1/batches", params={"kiosk_id": "0017", "limit": 2, **more}).json()
        seen += [each["batch_no"] for each in page["batches"]]
        cursor = page["next"]
    assert seen == sent
    other = {"params": {"kiosk_id": "0017"}, "headers": {"X-Device": "kiosk:0018"}}
    assert client.get("/v1/batches", **other).status_code == 403
    strange = client.get("/v1/batches", params={"kiosk_id": "0017", "cursor": "!"})
    assert problem(strange) == "invalid"


WRONG = {
    "no name": ({"name": ""}, "name", "missing"),
    "digits in a name": ({"name": "张3"}, "name", "characters"),
    "a name no card holds": ({"name": "张" * 26}, "name", "too-long"),
    "a passport": ({"paper": "passport"}, "paper", "paper-not-taken"),
    "an adult's household book": ({"paper": "household_register"}, "paper", "adult-paper"),
    "a short number": ({"number": "123"}, "number", "length"),
    "an old number": ({"number": "110105491231002"}, "number", "fifteen-digits"),
    "a wrong check": ({"number": "110105194912310021"}, "number", "check-character"),
    "an impossible birth": ({"number": "11010519491331002X"}, "number", "birth"),
    "another birth": ({"birth": "19800101"}, "birth", "differs"),
    "no day": ({"birth": "1980"}, "birth", "date"),
    "another sex": ({"sex": "2"}, "sex", "differs"),
    "no sex": ({"sex": "x"}, "sex", "not-a-choice"),
    "said to be a minor": ({"minor": True}, "minor", "differs"),
    "no group": ({"ethnicity": ""}, "ethnicity", "missing"),
    "an unknown group": ({"ethnicity": "火星"}, "ethnicity", "not-a-choice"),
    "no last day": ({"valid_to": ""}, "valid_to", "missing"),
    "yesterday": ({"valid_to": "20261122"}, "valid_to", "expired"),
    "a strange day": ({"valid_to": "永远"}, "valid_to", "date"),
    "no phone": ({"phone": ""}, "phone", "missing"),
    "a short phone": ({"phone": "1380013"}, "phone", "phone"),
    "no address": ({"address": " "}, "address", "missing"),
    "a NUL": ({"address": "路\0"}, "address", "characters"),
    "no bank": ({"bank": ""}, "bank", "missing"),
    "nobody of that name": ({"name": "李四"}, "number", "person-unknown"),
    "a picture never sent": ({"portrait": "0" * 64}, "portrait", "picture-not-arrived"),
    "no portrait": ({"portrait": None}, "portrait", "picture-missing"),
    "no back": ({"id_back": None}, "id_back", "picture-missing"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_row_is_named_and_nothing_is_kept(what, a_list, people, send, centre, problem):
    changes, field, code = WRONG[what]
    good, bad = people(2)
    changes = dict(changes)
    pictures = {**bad["pictures"]}
    for kind in ("portrait", "id_back"):
        if kind in changes:
            pictures[kind] = changes.pop(kind)
    before = rows_kept(centre)
    answer = send(a_list([good, {**bad, **changes, "pictures": pictures}]))
    assert problem(answer) == "batch-rows-wrong"
    assert answer.json()["citizen_message_key"] == "F42"
    assert faults(answer) == {(2, field, code)}
    assert bad["number"] not in answer.text
    assert rows_kept(centre) == before


def test_the_check_says_the_same_and_keeps_nothing(a_list, people, send, check, centre):
    rows = people(3)
    rows[1] = {**rows[1], "phone": "1", "bank": ""}
    rows[2] = {**rows[0]}
    before = rows_kept(centre)
    checked = check(a_list(rows))
    assert checked.status_code == 200
    assert (checked.json()["good"], checked.json()["wrong"]) == (1, 2)
    refused = send(a_list(rows))
    assert checked.json()["faults"] == refused.json()["faults"]
    assert faults(checked) == {
        (2, "phone", "phone"),
        (2, "bank", "missing"),
        (3, "number", "twice"),
    }
    assert rows_kept(centre) == before


STANDING = {
    "刘强": ("50010319850612019X", "has-card"),
    "赵敏": ("500103200002290021", "not-insured"),
    "周立": ("810000199001010019", "in-batch"),
}


@pytest.mark.parametrize("name", STANDING)
def test_who_cannot_have_a_new_card_is_named(name, a_list, people, check):
    number, code = STANDING[name]
    row = {**people(1)[0], "name": name, "number": number, "sex": ""}
    assert faults(check(a_list([row]))) == {(1, "number", code)}


def test_who_applies_alone_is_named(a_list, people, check, submit, pictures):
    assert submit().status_code == 201
    row = {**people(1)[0], "name": "张三", "number": "11010519491231002X", "sex": ""}
    assert faults(check(a_list([row]))) == {(1, "number", "application-open")}


def test_a_minor_comes_with_the_household_book_and_a_guardian(a_list, people, send, check, pages):
    child = {
        **people(1)[0],
        "name": "李小明",
        "number": "500103201011230033",
        "paper": "household_register",
        "valid_to": "",
        "pictures": {},
    }
    assert faults(check(a_list([child]))) == {
        (1, "guardian_name", "missing"),
        (1, "guardian_number", "missing"),
        (1, "household_page", "picture-missing"),
        (1, "household_changes", "picture-missing"),
    }
    child |= {"guardian_name": "李父", "guardian_number": child["number"], "pictures": pages}
    assert faults(check(a_list([child]))) == {(1, "guardian_number", "guardian")}
    child["guardian_number"] = "50010319850612019X"
    assert send(a_list([child])).status_code == 201  # no portrait: 1.2.1(1)


def test_five_hundred_rows_are_judged_in_two_seconds(a_list, people, check):
    rows = [{**row, "phone": "1"} for row in people(500)]
    start = time.monotonic()
    assert check(a_list(rows)).json()["wrong"] == 500
    assert time.monotonic() - start < 2


def test_who_is_no_clerk_of_the_unit_learns_nothing(a_list, people, check, send, problem, who):
    stranger = who("11010519491231002X", "张三")
    told = a_list(people(1), clerk=stranger)
    for answer in (check(told), send(told)):
        assert problem(answer) == "clerk-not-of-unit"
        assert answer.json()["citizen_message_key"] == "F43"
        assert "faults" not in answer.json()
    assert problem(send(a_list(people(1), unit="91990001MA00000012"))) == "unit-unknown"
    assert problem(send(a_list(people(1), clerk=who(name="刘强", paper="passport")))) == (
        "paper-not-accepted"
    )
    assert (
        problem(send(a_list(people(1), clerk=who("50010319850612019X", "刘")))) == "clerk-unknown"
    )


def test_the_clerk_may_show_the_social_card(a_list, people, send, who):
    card = who("A00000001", "刘强", "ss_card")
    assert send(a_list(people(1), clerk=card)).status_code == 201


def test_a_replacement_is_looked_at_by_a_kiosk_but_goes_to_a_window(
    a_list, people, check, send, problem, centre
):
    row = {**people(1)[0], "name": "刘强", "number": "50010319850612019X", "reason": "damaged"}
    told = a_list([row], service="replace_batch")
    assert check(told).json()["faults"] == []
    before = rows_kept(centre)
    refused = send(told)
    assert (problem(refused), refused.status_code) == ("not-allowed", 403)
    assert refused.json()["clause"].startswith("3.2.1")
    assert rows_kept(centre) == before


def test_the_app_submits_no_batch(a_list, people, send, problem):
    assert send(a_list(people(1)), headers={"X-Device": "app:1"}).status_code == 403


def test_the_same_people_again_are_told_their_number(a_list, people, send, problem):
    batch_no = send(a_list(people(2))).json()["batch_no"]
    again = send(a_list(people(2)))
    assert problem(again) == "batch-submitted-before"
    assert again.json()["voucher_no"] == batch_no
    assert problem(send(a_list(people(3)))) == "batch-rows-wrong"


def test_wrong_rows_are_not_left_out_unless_the_centre_lets_it(a_list, people, send, problem):
    rows = people(2)
    rows[0] = {**rows[0], "phone": "1"}
    assert problem(send(a_list(rows, partial=True))) == "batch-rows-wrong"


class TestPartial:
    """Where the centre lets a unit submit the good rows alone."""

    @pytest.fixture
    def settings(self):
        return Settings(batch_partial=True, outlets={"0017": "W301"})

    def test_the_good_rows_are_taken(self, a_list, people, send, centre):
        rows = people(3)
        rows[1] = {**rows[1], "phone": "1"}
        body = send(a_list(rows, partial=True)).json()
        assert (body["taken"], body["left_out"], body["outlet"]) == (2, 1, "W301")
        assert {(each["row"], each["code"]) for each in body["faults"]} == {(2, "phone")}
        with centre.database.read() as session:
            assert live_membership(session, rows[1]["number"]) is None
            batch, member = live_membership(session, rows[2]["number"])
            assert (member.line, member.state) == (3, MemberState.LISTED)
            assert batch.state is BatchState.SUBMITTED

    def test_none_good_is_none_taken(self, a_list, people, send, problem):
        rows = [{**people(1)[0], "phone": "1"}]
        assert problem(send(a_list(rows, partial=True))) == "batch-rows-wrong"


def test_the_contract_is_strict(a_list, people, send, problem):
    told = a_list(people(1))
    for broken in (
        {**told, "extra": 1},
        {**told, "partial": "yes"},
        {**told, "rows": []},
        {**told, "service": "new_individual"},
        {**told, "rows": [{**told["rows"][0], "number": 1}]},
        {**told, "rows": told["rows"] * 2001},
    ):
        assert problem(send(broken)) == "invalid"
    assert problem(send(told, key="")) == "key-missing"
    assert problem(send({**told, "signature": "screen", "pictures": {}})) == "signature-missing"


def test_a_date_behind_the_calendar_is_marked(a_list, people, send, clock):
    clock.now = clock.now.replace(month=12, day=24)
    body = send(a_list(people(1))).json()
    assert body["due_sure"] is False
    assert date.fromisoformat(body["due_on"]) > date(2027, 1, 1)


def test_a_key_that_comes_after_its_answer_was_removed_is_refused_for_good(
    send, a_list, people, centre, problem
):
    key = str(uuid.uuid4())
    first = send(a_list(people(2)), key).json()
    with centre.database.write() as session:
        session.execute(delete(KeptAnswer).where(KeptAnswer.key == key))
    for told in (a_list(people(2)), a_list(people(3)[2:])):
        answer = send(told, key)
        assert (answer.status_code, problem(answer)) == (422, "key-reused")
        assert answer.json()["voucher_no"] == first["batch_no"]
