"""Which units a clerk may act for, before a list is asked for (F43)."""

import pytest

from central.batches.records import Clerk, Unit

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

CLERK = {"paper": "resident_id", "number": "50010319850612019X", "name": "刘强"}
CARD = {"paper": "ss_card", "number": "A00000001", "name": "刘强"}


@pytest.fixture
def units(client):
    def units(clerk, device="kiosk:0017", kiosk="0017"):
        body = {"kiosk_id": kiosk, "clerk": clerk}
        return client.post("/v1/batches/units", json=body, headers={"X-Device": device})

    return units


@pytest.fixture(autouse=True)
def bound(centre):
    with centre.database.write() as session:
        for code, name in (("UNITB", "重庆示例学校"), ("UNITA", "示例科技有限公司")):
            session.add(Unit(code=code, name=name))
            session.flush()
            session.add(Clerk(unit=code, id_number=CLERK["number"]))


@pytest.mark.parametrize("paper", [CLERK, CARD], ids=["id", "card"])
def test_a_clerk_chooses_among_the_units_1_2_1(units, paper):
    told = units(paper).json()
    ours = [each for each in told["units"] if each["unit"].startswith("UNIT")]
    assert ours == [
        {"unit": "UNITA", "name": "示******司"},
        {"unit": "UNITB", "name": "重****校"},
    ]


def test_who_is_no_clerk_is_told_so_f43(units, problem):
    answer = units({"paper": "resident_id", "number": "11010519491231002X", "name": "张三"})
    assert (answer.status_code, problem(answer)) == (403, "clerk-not-of-unit")
    assert answer.json()["citizen_message_key"] == "F43"
    assert answer.json()["clause"]


def test_a_paper_that_proves_nothing_1_2_1(units, problem):
    assert problem(units(CLERK | {"name": "王五"})) == "clerk-unknown"
    passport = {"paper": "passport", "number": "E12345678", "name": "刘强"}
    assert problem(units(passport)) == "paper-not-accepted"


def test_it_is_for_kiosks_as_themselves(units, problem):
    assert problem(units(CLERK, "kiosk:0018")) == "kiosk-is-another"
    assert problem(units(CLERK, "app:x")) in {"device-forbidden", "kiosk-is-another"}
