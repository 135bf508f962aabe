"""The audit's pages, on both stores."""

import csv
import io

import pytest
from sqlalchemy import update

from central.audit.chain import append
from central.audit.records import SYSTEM, Actor, AuditEntry, Kind
from central.hsm.records import Function, key_use

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def filled(centre):
    with centre.database.write() as session:
        for n in range(120):
            actor = Actor(Kind.USER, "wang.wei") if n % 40 == 0 else SYSTEM
            append(session, centre.clock(), actor, "case.viewed", f"target-{n:03}", n=n)


@pytest.fixture
def auditor(sign_in):
    return sign_in("auditor")


def test_rows_come_page_by_page(auditor, filled):
    page = auditor.get("/console/audit").text
    assert "target-119" in page
    assert "target-069" not in page
    following = page.partition('href="/console/audit?before=')[2].partition('"')[0]
    page = auditor.get(f"/console/audit?before={following}").text
    assert "target-069" in page
    assert "target-119" not in page


def test_rows_are_filtered(auditor, filled):
    page = auditor.get("/console/audit?actor=wang.wei&action=&since=&until=").text
    assert page.count("case.viewed") == 3
    assert "target-080" in page
    assert "没有符合条件" in auditor.get("/console/audit?target=nothing").text
    assert "没有符合条件" in auditor.get("/console/audit?until=2026-11-22").text
    assert "target-119" in auditor.get("/console/audit?since=2026-11-23&until=2026-11-23").text
    assert auditor.get("/console/audit?since=yesterday").status_code == 422


def test_the_chain_is_checked(auditor, filled, centre):
    assert (
        "审计记录完整：120 条" in auditor.post("/console/audit/check", back="/console/audit").text
    )
    with centre.database.write() as session:
        session.execute(update(AuditEntry).where(AuditEntry.seq == 50).values(target="altered"))
    page = auditor.post("/console/audit/check", back="/console/audit").text
    assert "从第 50 条起不完整" in page


def test_the_export_has_every_row_with_its_hash(auditor, filled, centre):
    with centre.database.write() as session:
        append(session, centre.clock(), SYSTEM, "=cmd()", "x")
    answer = auditor.get("/console/audit/export?action=")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [int(row["seq"]) for row in rows] == list(range(1, 123))
    assert {len(row["hash"]) for row in rows} == {64}
    assert rows[-2]["action"] == "'=cmd()"
    assert rows[-1]["action"] == "audit.exported"


def test_the_uses_of_keys_are_listed(auditor, centre):
    with centre.database.write() as session:
        session.add_all(
            key_use(centre.clock(), "0017", bytes(16), Function.INTERNAL) for _ in range(51)
        )
    page = auditor.get("/console/audit/keys").text
    assert page.count('<td class="number">') == 50
    assert auditor.get("/console/audit/keys?before=2").text.count('<td class="number">') == 1


def test_nobody_but_an_auditor_reads_it(sign_in):
    browser = sign_in("clerk", "supervisor", "operator")
    for path in ("", "/export", "/keys"):
        assert browser.get(f"/console/audit{path}").status_code == 403
    assert "您的岗位不能办理" in browser.post("/console/audit/check", back="/console").text
