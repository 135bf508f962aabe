"""Taking applications: what is answered, what is refused, what is shown."""

import hashlib
import re

import pytest

from central.applications import records
from central.applications.export import export
from deploy.pictures import jpeg
from regulation.vouchers import is_voucher_number

CHILD = ("500103201011230033", "李小明")
AGENT = ("50010319850612019X", "刘强")


def test_an_application_gets_a_voucher_and_a_term_1_1_3(submit):
    answer = submit()
    assert answer.status_code == 201
    body = answer.json()
    assert is_voucher_number(body["voucher_no"])
    assert body["voucher_no"].startswith("CQ-0017-20261123-0001-")
    assert (body["state"], body["window"]) == ("SUBMITTED", "3")
    assert body["submitted_at"] == "2026-11-23T10:00:00+08:00"
    assert body["due_at"] == "2026-11-24T10:00:00+08:00"
    assert re.fullmatch(rf"v2\|{body['voucher_no']}\|[\w-]{{86}}", body["qr"])


def test_numbers_count_by_kiosk_and_day(submit, who, clock):
    first = submit()
    second = submit(applicant=who(*CHILD))
    other = submit(kiosk_id="0018", applicant=who("50010319490315001X", "阿依古丽·买买提"))
    clock.now = clock.now.replace(day=24)
    next_day = submit(applicant=who("L898902C3", "ERIKSSON ANNA MARIA", "passport"))
    heads = [answer.json()["voucher_no"][:-2] for answer in (first, second, other, next_day)]
    assert heads == [
        "CQ-0017-20261123-0001",
        "CQ-0017-20261123-0002",
        "CQ-0018-20261123-0001",
        "CQ-0017-20261124-0001",
    ]


def test_what_was_sent_is_what_is_held(submit, centre, order):
    key = "01890a5d-ac96-774b-bcce-b302099a8057"
    voucher_no = submit(key, phone="138 0013 8000", marks=["officer_card_review"]).json()[
        "voucher_no"
    ]
    with centre.database.read() as session:
        held = export(records.find(session, voucher_no))
    sent = order(marks=["officer_card_review"])
    unsaid = {"ethnicity": None, "address": None, "issuer": None}
    assert held["applicant"] == sent["applicant"] | unsaid
    same = (
        "service applicant_kind agent phone address bank signature marks images taken_at kiosk_id"
    )
    for name in same.split():
        assert held[name] == sent[name]
    assert held["key"] == key


def test_one_person_has_one_open_application(submit, problem):
    first = submit().json()
    answer = submit(kiosk_id="0018")
    assert (answer.status_code, problem(answer)) == (409, "application-open")
    assert answer.json()["voucher_no"] == first["voucher_no"]
    assert answer.json()["citizen_message_key"] == "application_open"
    assert answer.json()["reason_zh"]


@pytest.mark.parametrize(
    ("number", "name", "kind", "code"),
    [
        ("50010319850612019X", "刘强", "has-card", "F12"),
        ("810000199001010019", "周立", "in-batch-data-generated", "F13"),
        ("820000199001010010", "吴霞", "in-batch-in-production", "F14"),
        ("830000199001010012", "不在", "unknown-person", "F15"),
        ("500103200002290021", "赵敏", "not-insured", "F15"),
    ],
)
def test_eligibility_is_asked_again_a25(submit, who, problem, number, name, kind, code):
    answer = submit(applicant=who(number, name))
    assert (answer.status_code, problem(answer)) == (409, kind)
    assert answer.json()["citizen_message_key"] == code
    assert answer.json()["clause"]


@pytest.mark.parametrize("last_day", ["20261122", "2026-11-22"])
def test_a_paper_past_its_last_day_is_refused_a26(submit, who, problem, last_day):
    answer = submit(applicant=who(valid_to=last_day))
    assert (answer.status_code, problem(answer)) == (422, "paper-expired")
    assert answer.json()["citizen_message_key"] == "F03"
    assert submit(applicant=who(valid_to="20261123")).status_code == 201


def test_an_agents_paper_expires_too_a26(submit, who, problem):
    agent = who(*AGENT, valid_to="20200101")
    assert problem(submit(applicant_kind="agent_adult", agent=agent)) == "paper-expired"


def test_a_portrait_is_required_of_adults_1_1_1_1(submit, problem, order):
    images = order()["images"][1:]
    answer = submit(images=images)
    assert (answer.status_code, problem(answer)) == (422, "portrait-missing")
    assert answer.json()["clause"]


def test_a_minor_may_go_without_a_portrait_1_1_1_2(submit, who, order):
    answer = submit(
        applicant_kind="agent_minor",
        applicant=who(*CHILD, paper="household_register"),
        agent=who(*AGENT),
        images=order()["images"][1:],
    )
    assert answer.status_code == 201


def test_a_minor_alone_needs_a_portrait_1_1_1_1(submit, who, order, problem):
    answer = submit(applicant=who(*CHILD), images=order()["images"][1:])
    assert problem(answer) == "portrait-missing"


def test_signed_on_the_screen_means_a_signature_is_there_a7(submit, order, problem):
    images = order()["images"][:1]
    assert problem(submit(images=images)) == "signature-missing"
    assert submit(images=images, signature="window").status_code == 201


def test_an_image_that_never_came_can_be_sent_and_the_rest_again(submit, order, problem, client):
    key = "01890a5d-ac96-774b-bcce-b302099a8058"
    late = jpeg(b"late")
    name = hashlib.sha256(late).hexdigest()
    images = [*order()["images"], {"kind": "scene", "sha256": name}]
    answer = submit(key, images=images)
    assert (problem(answer), answer.json()["retryable"]) == ("image-unknown", True)
    client.put(f"/v1/images/{name}", content=late, headers={"Content-Type": "image/jpeg"})
    assert submit(key, images=images).status_code == 201


@pytest.mark.parametrize("phone", ["12345", "23800138000", "1380013800a"])
def test_an_impossible_phone_number(submit, problem, phone):
    assert problem(submit(phone=phone)) == "phone-impossible"


def test_no_phone_is_no_hindrance(submit):
    assert submit(phone=None, address=None).status_code == 201


@pytest.mark.parametrize("birth", ["19491230", "20991231", "1949123x"])
def test_a_birth_date_agrees_with_the_number_gb_11643(submit, who, problem, birth):
    assert problem(submit(applicant=who(birth=birth))) == "birth-contradicts"


def test_a_passport_holders_birth_decides_the_age_1_1_1_2(submit, who, problem):
    holder = who("L898902C3", "ERIKSSON ANNA MARIA", "passport", birth="20100812")
    answer = submit(applicant_kind="agent_adult", applicant=holder, agent=who(*AGENT))
    assert problem(answer) == "applicant-not-adult"


OUT_OF_CONTRACT = [
    {"kiosk_id": "17"},
    {"kiosk_id": 17},
    {"taken_at": "2026-11-23T09:59:00"},
    {"taken_at": 1795399140},
    {"signature": "no"},
    {"marks": [False]},
    {"bank": ""},
    {"images": [{"kind": "selfie", "sha256": "0" * 64}]},
    {"images": [{"kind": "portrait", "sha256": "0" * 63}]},
    {"applicant": None},
    {"applicant": {"paper": "library_card", "number": "1", "name": "张三"}},
    {"service": "tea"},
    {"colour": "red"},
    {"channel": "shop"},
    {"delivery": {"kind": "pigeon"}},
    {"card": "A00000001"},
    {"members": "all"},
]


def test_the_contract_is_strict(submit, problem):
    for change in OUT_OF_CONTRACT:
        answer = submit(**change)
        assert (answer.status_code, problem(answer)) == (422, "invalid"), change


def test_what_a_service_needs_is_named_when_it_is_missing(submit, problem):
    answer = submit(bank=None)
    assert (answer.status_code, problem(answer)) == (422, "order-incomplete")
    assert (answer.json()["missing"], answer.json()["reason_zh"]) == ("bank", "请选择制卡银行")


def test_a_refusal_never_repeats_what_was_sent(submit, who):
    answer = submit(applicant=who("11010519491231002", "张三丰"), colour="red")
    assert "张三丰" not in answer.text
    assert "11010519491231002" not in answer.text


def test_a_voucher_shows_masked_data_alone(submit, client, who):
    taken = submit(applicant_kind="agent_adult", agent=who(*AGENT)).json()
    by_number = client.get(f"/v1/vouchers/{taken['voucher_no']}")
    by_code = client.post("/v1/vouchers/resolve", json={"qr": taken["qr"]})
    assert by_number.json() == by_code.json()
    body = by_number.json()
    assert body["applicant"]["number"] == "110***********002X"
    assert body["agent"]["number"] == "500***********019X"
    assert body["phone"] == "138****8000"
    for secret in ("张三", "刘强", "11010519491231002X", "13800138000", "示例路"):
        assert secret not in by_number.text


@pytest.mark.parametrize("where", [-1, 3, 20])
def test_a_forged_code_is_unknown(submit, client, problem, where):
    qr = submit().json()["qr"]
    at = where % len(qr)
    forged = qr[:at] + ("1" if qr[at] != "1" else "2") + qr[at + 1 :]
    answer = client.post("/v1/vouchers/resolve", json={"qr": forged})
    assert (answer.status_code, problem(answer)) == (404, "voucher-unknown")


def test_an_unknown_voucher(client, problem):
    assert problem(client.get("/v1/vouchers/CQ-0017-20261123-0001-0")) == "voucher-unknown"
