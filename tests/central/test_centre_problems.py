"""Every error has one form, and nothing inside shows through."""

import json
import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from central.app import build_app, openapi
from central.problems import page


def test_what_is_not_there_and_what_is_not_taken(client, problem):
    assert problem(client.get("/v1/nothing")) == "not-found"
    answer = client.delete("/v1/health")
    assert (problem(answer), answer.headers["allow"]) == ("method-not-allowed", "GET")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json(client, problem, body):
    answer = client.post(
        "/v1/eligibility", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert problem(answer) in {"bad-request", "invalid"}


@pytest.mark.parametrize("piece", [r'"\ud800"', r'{"\ud800": 1}', "1e999", "NaN", '"\\u0000"'])
def test_json_that_cannot_be_text(client, problem, piece):
    body = f'{{"service": "new_individual", "applicant_kind": {piece}, "applicant": {piece}}}'
    answer = client.post(
        "/v1/eligibility", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, problem(answer)) == (422, "invalid")


def test_an_unknown_key_that_is_no_text_is_named_harmlessly(client, who, problem):
    body = {"service": "new_individual", "applicant_kind": "self", "applicant": who(), "\ud800": 1}
    answer = client.post(
        "/v1/eligibility",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    assert problem(answer) == "invalid"


def test_a_broken_store_is_a_problem_that_may_pass_without_a_trace(client, centre, problem, caplog):
    with centre.database.write() as session:
        session.execute(text("DROP TABLE batch_member"))
    body = {
        "service": "new_individual",
        "applicant_kind": "self",
        "applicant": {"paper": "resident_id", "number": "11010519491231002X", "name": "张三"},
    }
    with caplog.at_level(logging.INFO):
        answer = client.post("/v1/eligibility", json=body)
    assert (answer.status_code, problem(answer)) == (503, "busy")
    assert answer.json()["retryable"] is True
    assert "OperationalError" in caplog.text
    for personal in ("11010519491231002X", "张三", "SELECT"):
        assert personal not in caplog.text + answer.text


def test_the_log_has_the_route_and_nothing_of_the_person(submit, client, caplog):
    with caplog.at_level(logging.INFO):
        voucher_no = submit().json()["voucher_no"]
        client.get(f"/v1/vouchers/{voucher_no}")
    assert "POST /v1/applications 201" in caplog.text
    assert "GET /v1/vouchers/{voucher_no} 200" in caplog.text
    ours = "".join(record.getMessage() for record in caplog.records if record.name == "central")
    for personal in (voucher_no, "11010519491231002X", "张三", "127.0.0.1"):
        assert personal not in ours


def test_health_tells_the_rules_and_the_time(client, centre):
    body = client.get("/v1/health").json()
    assert body == {
        "status": "ok",
        "time": "2026-11-23T10:00:00+08:00",
        "rules_version": centre.rules.version,
    }


def test_the_contract_committed_is_the_contract_served(client):
    committed = json.loads(Path("central/openapi.json").read_text(encoding="utf-8"))
    assert committed == openapi(build_app(None)), "run: python -m central openapi"
    assert committed == client.get("/v1/openapi.json").json()


def test_every_reference_in_the_contract_leads_somewhere():
    document = openapi(build_app(None))
    text = json.dumps(document)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]


def test_every_problem_is_documented():
    assert Path("docs/problems.md").read_text(encoding="utf-8") == page()


def test_a_wrong_method_is_told_the_right_ones(client):
    answer = client.options("/v1/vouchers/resolve")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    answer = client.options("/v1/applications")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
