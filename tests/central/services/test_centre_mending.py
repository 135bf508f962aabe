"""A case the window sent back is mended by its holder's paper: what was asked for, nothing else."""

import hashlib
import json
import uuid

import pytest
from sqlalchemy import select

from central.applications.records import find
from central.audit.records import SYSTEM, AuditEntry
from central.cards.ledger import Act
from central.cards.states import CardState
from central.centre import Settings
from central.fees import ledger as fees
from central.fees.records import How, fee_of
from central.fees.states import FeeState
from deploy.pictures import jpeg

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def settings():
    return Settings(agent_daily_limit=2, outlets={"0017": "W301"})


@pytest.fixture
def fresh(client):
    """A new picture, sent; gives its hash."""

    def fresh(text):
        data = jpeg(text.encode())
        name = hashlib.sha256(data).hexdigest()
        client.put(f"/v1/images/{name}", content=data, headers={"Content-Type": "image/jpeg"})
        return name

    return fresh


@pytest.fixture
def back(sign_in):
    """A clerk sends a case back for some parts."""

    def back(voucher_no, *parts, version=1):
        clerk, case = sign_in("clerk"), f"/console/cases/{voucher_no}"
        clerk.post(f"{case}/take-up", {"version": version}, back=case)
        told = {"version": version + 1, "reason": "portrait", "parts": parts}
        page = clerk.post(f"{case}/send-back", told, back=case)
        assert "已退回，请把原因告诉群众" in page.text

    return back


@pytest.fixture
def someone(town):
    return town.person()


@pytest.fixture
def case(someone, take, body, cell):
    """A case of theirs for a first card, taken by a kiosk; its voucher's number."""
    row = cell("new_individual", channel="kiosk")
    marks = ["portrait_review", "sign_at_window"]
    taken = take(body(row, someone.shows("resident_id"), marks=marks, phone="13900139000"))
    assert taken.status_code == 201, taken.text
    return taken.json()["voucher_no"]


@pytest.fixture
def mend(client, someone):
    """Sends what came again, by the holder's ID card unless told otherwise."""

    def mend(voucher_no, key=None, paper=None, **parts):
        told = {
            "kiosk_id": "0017",
            "taken_at": "2026-11-23T09:59:00+08:00",
            "applicant": paper or someone.shows("resident_id"),
            **parts,
        }
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return client.post(f"/v1/applications/{voucher_no}/mend", json=told, headers=headers)

    return mend


@pytest.fixture
def overview(client, someone):
    def overview():
        told = {"applicant": someone.shows("resident_id")}
        return client.post("/v1/eligibility/overview", json=told).json()

    return overview


def picture(sha256, kind="portrait"):
    return {"kind": kind, "sha256": sha256}


def test_the_overview_tells_what_was_sent_back_and_why(case, back, overview):
    assert overview()["mendable"] is None
    back(case, "portrait", "phone")
    told = overview()
    assert told["mendable"] == {
        "voucher_no": case,
        "service": "new_individual",
        "parts": ["portrait", "phone"],
        "reason_zh": "照片不符合制卡要求，请重新拍照后再申请",
        "here": True,
    }
    assert told["cases"] == []


def test_a_mended_case_is_in_the_queue_again_under_its_number(
    case, back, mend, overview, fresh, centre, sign_in, client
):
    back(case, "portrait", "address", "phone")
    new = fresh("another portrait")
    told = {"images": [picture(new)], "marks": ["portrait_scanned"]}
    told |= {"address": "重庆市渝北区示例路2号", "phone": "137 0013 7000"}
    answer = mend(case, **told)
    assert answer.status_code == 200, answer.text
    taken = answer.json()
    assert (taken["voucher_no"], taken["state"], taken["term"]) == (case, "SUBMITTED", "24_hours")
    assert client.post("/v1/vouchers/resolve", json={"qr": taken["qr"]}).json()["version"] == 4
    with centre.database.read() as session:
        row = find(session, case)
        shown = {image.kind: image.sha256 for image in row.images}
        assert shown["portrait"] == new
        assert len(row.images) == len(shown) == 2
        assert (row.phone, row.address) == ("13700137000", "重庆市渝北区示例路2号")
        assert row.marks == ["sign_at_window", "portrait_scanned"]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "case.mend")).one()
    assert (entry.target, entry.actor) == (case, "kiosk:0017")
    assert json.loads(entry.details) == {"parts": "portrait,address,phone"}
    told = overview()
    assert told["mendable"] is None
    assert [each["voucher_no"] for each in told["cases"]] == [case]
    clerk, page = sign_in("clerk", login="wang.wei"), f"/console/cases/{case}"
    assert case in clerk.get("/console/cases").text
    assert "补正" in clerk.get(page).text
    assert "已接手" in clerk.post(f"{page}/take-up", {"version": 4}, back=page).text


def test_it_may_be_sent_back_and_mended_again(case, back, mend, fresh):
    back(case, "portrait")
    assert mend(case, images=[picture(fresh("two"))]).status_code == 200
    back(case, "signature", version=4)
    signed = [picture(fresh("name"), "signature")]
    assert mend(case, images=signed).json()["state"] == "SUBMITTED"


def test_the_same_key_gets_the_same_answer(case, back, mend, fresh, problem):
    back(case, "portrait")
    key, images = str(uuid.uuid4()), [picture(fresh("two"))]
    first, again = (mend(case, key, images=images) for _ in range(2))
    assert (first.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")
    assert problem(mend(case, key, phone="13900139001")) == "key-reused"


def test_another_person_mends_nothing(case, back, mend, fresh, town, problem):
    back(case, "portrait")
    images, stranger = [picture(fresh("two"))], town.person(card=CardState.ACTIVE)
    for paper in (stranger.shows("resident_id"), stranger.shows("ss_card")):
        answer = mend(case, paper=paper, images=images)
        assert (answer.status_code, problem(answer)) in {
            (403, "mend-not-theirs"),
            (422, "paper-not-accepted"),
        }
    answer = mend(case, paper=stranger.shows("resident_id"), images=images)
    assert answer.json()["citizen_message_key"] == "not_holder"


def test_the_number_under_another_name_mends_nothing(case, back, mend, fresh, someone, problem):
    back(case, "portrait")
    paper = someone.shows("resident_id") | {"name": "王五"}
    answer = mend(case, paper=paper, images=[picture(fresh("two"))])
    assert problem(answer) == "mend-not-theirs"


def test_a_paper_past_its_day_mends_nothing_1_1_1(case, back, mend, fresh, someone, problem):
    back(case, "portrait")
    paper = someone.shows("resident_id") | {"valid_to": "20261122"}
    assert problem(mend(case, paper=paper, images=[picture(fresh("two"))])) == "paper-expired"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"phone": "13900139001"},
        {"images": ["signature"]},
        {"images": ["portrait", "signature"]},
        {"images": ["portrait"], "address": "重庆市"},
        {"images": ["portrait", "portrait"]},
        {"images": ["portrait", "scene"]},
        {"images": ["portrait"], "marks": ["sign_at_window"]},
    ],
    ids=str,
)
def test_what_was_not_asked_for_is_not_taken(case, back, mend, fresh, problem, told):
    back(case, "portrait")
    images = [picture(fresh(f"{at}"), kind) for at, kind in enumerate(told.get("images", ()))]
    answer = mend(case, **told | {"images": images})
    assert (answer.status_code, problem(answer)) == (422, "mend-parts")
    assert answer.json()["parts"] == ["portrait"]


def test_a_page_is_the_holders_or_the_agents(case, back, mend, fresh):
    back(case, "page")
    images = [picture(fresh("page"), "applicant_page")]
    assert mend(case, images=images).status_code == 200


def test_an_impossible_phone_and_a_picture_never_sent(case, back, mend, problem):
    back(case, "phone")
    assert problem(mend(case, phone="123")) == "phone-impossible"


def test_a_picture_that_never_came(case, back, mend, problem):
    back(case, "portrait")
    assert problem(mend(case, images=[picture("0" * 64)])) == "image-unknown"


def test_what_is_not_sent_back_is_not_mended(case, back, mend, fresh, sign_in, problem, client):
    images = [picture(fresh("two"))]

    def refused():
        answer = mend(case, images=images)
        assert (answer.status_code, problem(answer)) == (409, "case-state-forbids")
        return answer.json()["reason_zh"]

    assert "待窗口受理" in refused()
    back(case, "portrait")
    assert mend(case, images=images).status_code == 200
    assert "待窗口受理" in refused()
    page = f"/console/cases/{case}"
    sign_in("clerk").post(f"{page}/withdraw", {"version": 4}, back=page)
    assert "已撤销" in refused()
    unknown = case[:-1] + ("0" if case[-1] != "0" else "1")
    assert problem(mend(unknown, images=images)) == "voucher-unknown"


def test_another_application_meanwhile_takes_its_place(
    case, back, mend, fresh, take, body, cell, someone, problem, overview
):
    back(case, "portrait")
    row = cell("new_individual", channel="kiosk")
    assert take(body(row, someone.shows("resident_id"))).status_code == 201
    assert overview()["mendable"] is None
    answer = mend(case, images=[picture(fresh("two"))])
    assert problem(answer) == "application-open"


def test_other_things_are_for_a_window(case, back, mend, overview, problem, fresh):
    back(case, "portrait", "other")
    assert overview()["mendable"]["here"] is False
    answer = mend(case, images=[picture(fresh("two"))])
    assert (answer.status_code, problem(answer)) == (409, "mend-at-window")
    assert answer.json()["citizen_message_key"] == "mend_window"


def test_a_clerk_says_what_has_to_come_again(case, sign_in, overview):
    clerk, page = sign_in("clerk"), f"/console/cases/{case}"
    clerk.post(f"{page}/take-up", {"version": 1}, back=page)
    told = {"version": 2, "reason": "portrait"}
    answer = clerk.post(f"{page}/send-back", told, back=page)
    assert "请勾选要补正的内容" in answer.text
    told |= {"parts": ["portrait", "page"]}
    assert "登记照、证件影像" in clerk.post(f"{page}/send-back", told, back=page).text
    told = clerk.get(page).text
    assert "照片不符合制卡要求" in told


@pytest.mark.parametrize(
    ("how", "state"),
    [(None, "DUE"), (How.CASH, "SETTLED"), (How.ACCOUNT, "DEDUCTED"), ("refunded", None)],
)
def test_the_fee_of_a_replacement_goes_on_with_its_case_3_1_2(
    town, take, body, cell, back, mend, fresh, centre, problem, how, state
):
    holder = town.person(card=CardState.ACTIVE)
    paper = holder.shows("resident_id")
    row = cell("replace_individual", channel="kiosk")
    voucher = take(body(row, paper, reason="damaged")).json()["voucher_no"]
    act = Act(SYSTEM, centre.clock())
    if how is not None:
        with centre.database.write() as session:
            paid = How.CASH if how == "refunded" else how
            fees.settle(session, voucher, paid, "R1", act)
    back(voucher, "portrait")
    if how == "refunded":
        with centre.database.write() as session:
            fees.refund(session, voucher, "R2", act)
    answer = mend(voucher, paper=paper, images=[picture(fresh("two"))])
    if state is None:
        assert problem(answer) == "mend-at-window"
        return
    assert (answer.status_code, answer.json()["fee_fen"]) == (200, 2500)
    with centre.database.read() as session:
        assert fee_of(session, voucher).state is FeeState[state]


def test_a_child_is_mended_by_the_childs_paper_1_1_1(town, take, body, cell, back, mend, fresh):
    child, agent = town.person(birth=town.CHILD), town.person()
    row = cell("new_individual", "agent_minor", "kiosk")
    paper = child.shows("household_register")
    taken = take(body(row, paper, agent.shows("resident_id"))).json()
    back(taken["voucher_no"], "portrait")
    images = [picture(fresh("two"))]
    assert (
        mend(taken["voucher_no"], paper=agent.shows("resident_id"), images=images).status_code
        == 403
    )
    assert mend(taken["voucher_no"], paper=paper, images=images).status_code == 200


def test_a_lost_card_that_was_found_is_no_paper_for_it_3_1_1(
    town, take, body, cell, back, mend, fresh, problem
):
    holder = town.person(card=CardState.LOSS)
    row = cell("replace_individual", channel="kiosk")
    taken = take(body(row, holder.shows("resident_id"), reason="lost")).json()
    back(taken["voucher_no"], "portrait")
    answer = mend(
        taken["voucher_no"], paper=holder.shows("ss_card"), images=[picture(fresh("two"))]
    )
    assert (problem(answer), answer.json()["citizen_message_key"]) == (
        "holder-card-unusable",
        "F16",
    )


def test_it_is_for_kiosks_as_themselves_alone(case, client, someone, problem):
    told = {
        "kiosk_id": "0017",
        "taken_at": "2026-11-23T09:59:00+08:00",
        "applicant": someone.shows("resident_id"),
    }
    for device, expected in (("app:x", "device-forbidden"), ("kiosk:0018", "kiosk-is-another")):
        headers = {"Idempotency-Key": str(uuid.uuid4()), "X-Device": device}
        answer = client.post(f"/v1/applications/{case}/mend", json=told, headers=headers)
        assert problem(answer) == expected
