"""A store of every earlier form becomes one of this program's, and keeps what it held."""

import json
import os
import runpy
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from central import forms, tables
from central.__main__ import main
from central.batches.records import live_membership
from central.database import FILE, Base, Database, StoreError

ADDED = (("card", "came_by"), ("case_review", "parts"), ("pin_reset", "voucher_no"))
FLEET_TABLES = ("kiosk", "content", "document", "report", "repository", "rollout")
FLEET = tuple(
    f"fleet_{name}"
    for name in (*FLEET_TABLES, "site", "ask", "answer", "log_checkpoint", "certificate")
)
VERSIONS = Path("central/migrations/versions")
VOUCHER = "CQ-0017-20261122-0001-5"
PERSON, UNIT = "11010519491231002X", "91990001MA0000001R"
ROWS = {
    "person": {"id_number": PERSON, "name": "张三", "insured": True},
    "unit": {"code": UNIT, "name": "示例科技有限公司"},
    "clerk": {"unit": UNIT, "id_number": "50010319850612019X"},
    "card": {
        "number": "A00000001",
        "identifier": "00" * 16,
        "id_number": PERSON,
        "state": "CANCELLED",
        "bank": "重庆银行",
    },
    "batch_member": {
        "id_number": PERSON,
        "unit": UNIT,
        "state": "IN_PRODUCTION",
        "since": "2026-11-20",
    },
    "application": {
        "voucher_no": VOUCHER,
        "key": "01890a5d-ac96-774b-bcce-b302099a8057",
        "service": "new_individual",
        "applicant_kind": "self",
        "state": "SUBMITTED",
        "kiosk_id": "0017",
        "day": "2026-11-22",
        "seq": 1,
        "number": PERSON,
        "applicant": json.dumps({"paper": "resident_id", "number": PERSON, "name": "张三"}),
        "bank": "重庆银行",
        "signature": "window",
        "marks": "[]",
        "taken_at": "2026-11-22T09:59:00+08:00",
        "submitted_at": "2026-11-22T10:00:00+08:00",
        "due_at": "2026-11-23T10:00:00+08:00",
        "window": "3",
    },
    "kept_answer": {
        "key": "01890a5d-ac96-774b-bcce-b302099a8057",
        "fingerprint": "00" * 32,
        "status": 201,
        "body": "{}",
        "answered_at": "2026-11-22T10:00:00+08:00",
    },
}


@pytest.fixture(params=[1, 2])
def old(request, tmp_path):
    """A store of an early form with a row in each table, as it was left."""
    made = ["0000_applications.py", "0001_key_use.py"][: request.param]
    connection = sqlite3.connect(tmp_path / FILE)
    for name in made:
        for statement in runpy.run_path(str(VERSIONS / name))["_TABLES"]:
            connection.execute(statement)
    for table, row in ROWS.items():
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))
    if request.param == 2:
        use = (1, "2026-11-22T10:00:00+08:00", "0017", "internal", "done", "00")
        connection.execute("INSERT INTO key_use VALUES (?, ?, ?, ?, ?, ?)", use)
    connection.execute(f"PRAGMA user_version={request.param}")
    connection.commit()
    connection.close()
    return tmp_path


@pytest.fixture
def run(capsys):
    """Runs a command of the centre in this process: exit code and what it printed."""

    def run(*arguments):
        umask = os.umask(0o077)
        try:
            code = main([*arguments])
        finally:
            os.umask(umask)
        return code, capsys.readouterr().out

    return run


def difference(database):
    """What the tables of a store have or lack against those of the program."""
    tables.load()
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


def test_an_old_store_is_refused_with_the_cure_and_brought_up_to_date(old, run):
    with pytest.raises(StoreError, match="python -m central migrate"):
        Database(old, url="")
    code, said = run("migrate", "--data", str(old))
    assert (code, json.loads(said)["after"]) == (0, forms.head())
    with Database(old, url="") as database:
        assert difference(database) == []


def test_it_keeps_what_it_held(old, run):
    run("migrate", "--data", str(old))
    code, said = run("show", VOUCHER, "--data", str(old))
    shown = json.loads(said)
    assert code == 0
    assert (shown["applicant"]["name"], shown["state"]) == ("张三", "SUBMITTED")
    with Database(old, url="") as database, database.read() as session:
        batch, member = live_membership(session, PERSON)
    assert (batch.unit, batch.state.name, member.name) == (UNIT, "IN_PRODUCTION", "张三")


def test_twice_is_the_same_as_once(old, run):
    assert run("migrate", "--data", str(old))[0] == run("migrate", "--data", str(old))[0] == 0
    assert run("show", VOUCHER, "--data", str(old))[0] == 0


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_a_store_of_the_form_before_is_brought_up_to_date_with_what_it_holds(centre):
    """What 0003 to 0007 add is taken away from a store that has people, as it stood before."""
    database = centre.database
    with database.writer.begin() as connection:
        for table in ("phone_file", "phone_upload", *FLEET):
            connection.execute(text(f"DROP TABLE {table}"))
        for table, column in ADDED:
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        forms.stamp(connection, "0002")
    assert forms.migrate(database.writer) == ("0002", forms.head())
    assert difference(database) == []
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM card WHERE came_by IS NULL")) > 0


@pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)
def test_a_new_store_has_the_tables_of_the_program(centre):
    assert difference(centre.database) == []
