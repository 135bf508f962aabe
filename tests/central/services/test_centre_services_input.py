"""Names, numbers and texts that break programs are judged, never a crash, on both stores."""

import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from central.applications.records import Application, find
from central.people.records import Person

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

NAMES = {
    "25 characters, 50 bytes of GB 18030": "阿" * 25,
    "4-byte characters": "𠀀𬀩𰻝",
    "a private-use glyph of an ID chip": "王\ue863",
    "an apostrophe that would end a statement": "O'Brien'); DROP TABLE person; --",
    "a statement": "x' OR '1'='1",
    "wildcards": "%_王",
    "combining marks": "Zoe\u0308",
    "a name like a cell of a sheet": "=1+1",
}


@pytest.fixture
def named(town, centre):
    """Somebody of the centre with such a name."""

    def named(name):
        someone = town.person()
        with centre.database.write() as session:
            rows = update(Person).where(Person.id_number == someone.number)
            session.execute(rows.values(name=name))
        return type(someone)(someone.number, name)

    return named


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_rare_name_is_a_name(named, cell, body, take, centre, name):
    row = cell("new_individual", "self", "kiosk")
    answer = take(body(row, named(name).shows("resident_id")))
    assert answer.status_code == 201, answer.text
    with centre.database.read() as session:
        assert find(session, answer.json()["voucher_no"]).applicant["name"] == name
        assert session.scalar(select(func.count()).select_from(Person)) > 1


SPOILT = ["王\x00", "\x07", "王\n李", "\ud800", "王" * 201, "", "   "]


@pytest.mark.parametrize("text", SPOILT, ids=range(len(SPOILT)))
@pytest.mark.parametrize("where", ["name", "number", "address", "bank", "phone", "mail", "marks"])
def test_a_text_no_store_can_keep_is_refused(town, cell, body, client, problem, where, text):
    order = body(cell("new_individual", "self", "online"), town.person().shows("resident_id"))
    match where:
        case "name" | "number":
            order["applicant"][where] = text
        case "mail":
            order["delivery"] = {"kind": "mail", "address": text}
        case "marks":
            order["marks"] = [text] if text.strip() else [""]
        case _:
            order[where] = text
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    answer = client.post("/v1/applications", content=json.dumps(order), headers=headers)
    assert (answer.status_code, problem(answer)) == (422, "invalid")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_a_field_holds_is_answered(town, cell, body, client, centre, data):
    """One field of an order or of its parts is anything JSON may hold."""
    order = body(cell("new_individual", "self", "online"), town.person().shows("resident_id"))
    place = data.draw(st.sampled_from([order, order["applicant"], order["images"][0]]))
    key = data.draw(st.sampled_from(sorted(place)))
    text = st.text(st.characters(codec=None), max_size=60)
    place[key] = data.draw(st.none() | st.booleans() | st.integers() | text | st.lists(text))
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    answer = client.post("/v1/applications", content=json.dumps(order), headers=headers)
    assert answer.status_code in {201, 403, 409, 422}, answer.text
    with centre.database.read() as session:
        known = session.scalar(select(func.count()).select_from(Application))
    assert (known > 0) or answer.status_code != 201
