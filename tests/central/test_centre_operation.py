"""Operation: readiness, metrics, the log, due work, limits. On both stores where they differ."""

import json
import logging
import threading
import urllib.request
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from central.centre import Settings
from central.operation import health, metrics
from central.operation.due import ROWS, Due, Lead, Runner
from central.operation.logs import FIELDS, JsonLines, TextLines
from central.problems import Kind, ProblemError
from central.trust.limits import Allowance, Limits, Rate, address
from central.trust.settings import Trust

BOTH = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@BOTH
def test_ready_is_each_part_by_name(client, store):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    parts = dict.fromkeys(("store", "form", "hsm", "disk"), "ok")
    assert answer.json() == {"ready": True, "checks": parts}
    assert client.get("/healthz").json() == {"status": "alive"}


def not_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert client.get("/healthz").status_code == 200
    return {name: state for name, state in answer.json()["checks"].items() if state != "ok"}


def test_not_ready_with_a_store_of_another_form(client, centre):
    with centre.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'another'"))
    assert not_ready(client) == {"form": "form another: run `python -m central migrate`"}


def test_not_ready_with_a_full_disk(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 2**62)
    assert not_ready(client).keys() == {"disk"}


def test_not_ready_without_the_store(client, centre):
    (centre.folder / "centre.sqlite3").unlink()
    with centre.database.write() as session:
        session.execute(text("PRAGMA user_version"))
    centre.database.close()
    assert "form" in not_ready(client)


class Silent:
    """An HSM that does not answer."""

    def pin_key(self):
        raise ProblemError(Kind.BUSY)

    def close(self):
        """Nothing is open."""


def test_not_ready_with_a_silent_hsm(served, centre):
    app, client = served
    app.state.centre = replace(centre, hsm=Silent())
    assert not_ready(client) == {"hsm": "busy"}
    app.state.centre = None


@BOTH
def test_metrics_count_answers_by_template_and_cases_by_state(client, centre, submit, store):
    voucher_no = submit(phone="13800138000").json()["voucher_no"]
    client.get(f"/v1/vouchers/{voucher_no}")
    client.request("BREW", "/v1/health")
    times = {"now": "2026-11-23", "soon": "2026-11-28", "silent": "2026-11-23"}
    gauges = metrics.StoreGauges(centre.database, lambda: times)
    server = metrics.serve(0, gauges)
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/metrics") as answer:
            told = answer.read().decode()
    finally:
        metrics.close(server, gauges)
    assert (
        'centre_requests_total{method="GET",route="/v1/vouchers/{voucher_no}",status="200"}' in told
    )
    assert 'centre_cases{state="SUBMITTED"} 1.0' in told.replace("submitted", "SUBMITTED")
    assert 'method="BREW"' not in told
    for personal in ("13800138000", "11010519491231002X", voucher_no, "张三"):
        assert personal not in told


def test_metrics_without_a_store_are_fewer(centre):
    gauges = metrics.StoreGauges(
        centre.database, dict, [metrics.Query("x", "x", "", "SELECT '', n FROM nothing")]
    )
    assert list(gauges.collect()) == []


def record(logger, message, *arguments, fields=None, error=None):
    made = logging.LogRecord(logger, logging.INFO, "f", 1, message, arguments, error)
    if fields:
        setattr(made, FIELDS, fields)
    return made


def test_a_line_is_json_and_holds_nothing_that_was_put_into_a_librarys_message():
    line = json.loads(JsonLines().format(record("central", "%d done", 3, fields={"ms": 1.5})))
    assert (line["message"], line["ms"], line["level"]) == ("3 done", 1.5, "info")
    foreign = record("sqlalchemy.pool", "lost %s", "张三")
    assert "张三" not in JsonLines().format(foreign) + TextLines().format(foreign)
    with pytest.raises(ValueError) as raised:
        int("张三\n11010519491231002X")
    told = record("central", "x", error=(ValueError, raised.value, raised.tb))
    for style in (JsonLines(), TextLines()):
        written = style.format(told)
        assert "ValueError at " in written
        assert "张三" not in written
        assert "\n" not in written


def test_every_answer_has_a_number_and_the_log_has_it(client, caplog):
    with caplog.at_level(logging.INFO, "central"):
        number = client.get("/v1/vouchers/CQ-0017-20261123-0001-0").headers["X-Request-Id"]
        while not (told := [it for it in caplog.records if hasattr(it, FIELDS)]):
            threading.Event().wait(0.01)  # the line comes after the answer
    fields = getattr(told[0], FIELDS)
    assert fields["request_id"] == number
    assert (fields["route"], fields["status"]) == ("/v1/vouchers/{voucher_no}", 404)


def test_the_rows_of_due_work_have_functions():
    for row in ROWS:
        assert callable(row.load()), row


def test_due_work_runs_in_its_time_and_a_failure_stops_no_other(centre, caplog, monkeypatch):
    calls = []

    def ill(_centre):
        raise RuntimeError("张三")

    rows = {"ill": ill, "well": lambda _centre: calls.append("well")}
    monkeypatch.setattr(Due, "load", lambda self: rows[self.name])
    now = [0.0]
    runner = Runner(centre, (Due("ill", 1, ""), Due("well", 10, "")), clock=lambda: now[0])
    for second in (0, 1, 9.9, 10, 11):
        now[0] = second
        runner.turn()
    assert calls == ["well", "well"]
    assert "RuntimeError at " in caplog.text
    assert "张三" not in caplog.text


@BOTH
def test_one_process_leads(centre, store):
    first, second = (Lead(centre.database, centre.folder) for _ in range(2))
    assert first.held()
    assert first.held()
    assert not second.held()
    first.close()
    assert second.held()
    second.close()


def test_the_thread_does_due_work(centre, monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(Due, "load", lambda _self: lambda _centre: done.set())
    with Runner(centre, (Due("x", 1, ""),), tick_s=0.01):
        assert done.wait(20)


def test_a_bucket_fills_again():
    now = [0.0]
    limits = Limits(lambda: now[0])
    allowed = Rate.ENROLMENT.value
    for _ in range(allowed.burst):
        limits.take(Rate.ENROLMENT, "192.0.2.1")
    limits.take(Rate.ENROLMENT, "192.0.2.2")
    with pytest.raises(ProblemError) as refused:
        limits.take(Rate.ENROLMENT, "192.0.2.1")
    assert refused.value.headers == {
        "Retry-After": "6",
        "RateLimit-Policy": '"enrolment";q=10;w=60',
        "RateLimit": '"enrolment";r=0;t=6',
    }
    now[0] += 6
    limits.take(Rate.ENROLMENT, "192.0.2.1")


def test_the_callers_kept_are_bounded(monkeypatch):
    monkeypatch.setattr("central.trust.limits.MOST_CALLERS", 3)
    limits = Limits(lambda: 0.0)
    for caller in "abcdefg":
        limits.take(Rate.ANONYMOUS, caller)
    assert len(limits._buckets) == 3


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:0db8:0001:0002"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix", "-"),
    ],
)
def test_addresses_are_counted_whole_or_by_their_network(host, counted):
    assert address(host) == counted


def test_no_rate_keeps_a_busy_kiosk_waiting():
    """An application is about ten requests; a kiosk takes none in less than a minute."""
    assert Rate.DEVICE.value == Allowance(20, 200)


@pytest.mark.parametrize("settings", [Settings(trust=Trust(limits=True))])
def test_too_many_enrolments_wait(client, settings, problem):
    body = {"code": "7K4Q-92MX-TB3W", "csr": "x"}
    answers = [client.post("/v1/enrolments", json=body) for _ in range(30)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late
    assert problem(late[0]) == "too-often"
    assert int(late[0].headers["Retry-After"]) >= 1
    assert late[0].headers["RateLimit-Policy"] == '"enrolment";q=10;w=60'
    assert client.get("/v1/health").status_code == 200


def test_the_clock_of_due_work_is_the_centres(centre, clock):
    """The audit is signed by the centre's clock, so a test may move it."""
    clock.now += timedelta(minutes=6)
    ROWS[0].load()(centre)


def test_the_thread_outlives_a_lock_that_cannot_be_had(centre, monkeypatch, caplog):
    done, held, fails = threading.Event(), Lead.held, [OSError("no more open files")]

    def ill(lead):
        if fails:
            raise fails.pop()
        return held(lead)

    monkeypatch.setattr(Lead, "held", ill)
    monkeypatch.setattr(Due, "load", lambda _self: lambda _centre: done.set())
    with Runner(centre, (Due("x", 1, ""),), tick_s=0.01):
        assert done.wait(20)
    assert "who leads cannot be told: OSError at " in caplog.text
